// Plugins that have the same id, or a tool of the same name: who has it, and what the other one is told.

#include <fstream>

#include "hot_test.h"

namespace assistd::tools {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path versions = test::build_folder() / "test-plugins/versions";
const std::string plugin = "org.assistd.test.versions";
const std::string thief = "org.assistd.test.aathiefs";
const std::string other = "org.assistd.test.another1";

class Precedence : public Hot {
  protected:
    // The first version of the plugin under another id and with another tool, each as long as it was.
    fs::path built_as(const std::string& id, const std::string& tool = "which_version") {
        std::ifstream library(versions / "version_1.so", std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(library), {}};
        for (const auto& [before, now] : {std::pair(plugin, id), {std::string("which_version"), tool}})
            for (auto at = bytes.find(before); at != std::string::npos; at = bytes.find(before, at + 1))
                bytes.replace(at, before.size(), now);
        const fs::path path = folder_of_plugins_ / "built";
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    core::PluginStatus status_of(const std::string& file) const {
        for (const core::PluginStatus& status : source_->plugins())
            if (fs::path(status.file).filename() == file) return status;
        return {};
    }
    std::string whose(const std::string& tool) const {
        for (const auto& spec : source_->tools())
            if (spec->name == tool) return spec->plugin;
        return {};
    }
};

TEST_F(Precedence, WhatIsDroppedInTakesNoToolFromOneThatRuns) {
    install(versions / "version_1.so", "versions.so");
    start_watching();
    install(built_as(thief), "aaa.so");
    ASSERT_TRUE(eventually([&] { return source_->plugins().size() == 2; }));
    EXPECT_EQ(status_of("aaa.so").state, "refused");
    EXPECT_EQ(status_of("aaa.so").reason,
              "aaa.so offers the tool which_version, which the plugin " + plugin +
                  " (versions.so) offers already: give the tool another name, or take one of the two away.");
    EXPECT_EQ(status_of("versions.so").state, "ready");
    EXPECT_EQ(whose("which_version"), plugin);
    EXPECT_FALSE(pins_.contains(thief));
    // Nor at the next start, since it was never known.
    source_.reset();
    start_watching();
    EXPECT_EQ(whose("which_version"), plugin);
    fs::remove(folder_of_plugins_ / "versions.so");
    EXPECT_TRUE(eventually([&] { return whose("which_version") == thief; }));
}

TEST_F(Precedence, WhatIsDroppedInTakesNoIdFromOneThatRuns) {
    install(versions / "version_1.so", "versions.so");
    start_watching();
    install(versions / "version_3.so", "aaa.so");
    ASSERT_TRUE(eventually([&] { return source_->plugins().size() == 2; }));
    EXPECT_THAT(status_of("aaa.so").reason, HasSubstr("which versions.so has already"));
    EXPECT_EQ(status_of("versions.so").version, "1.0.0");
    EXPECT_TRUE(status_of("versions.so").changes.empty());
    EXPECT_EQ(run("which_version").data, "1");
    // What was agreed to is what stays at the next start.
    source_.reset();
    start_watching();
    EXPECT_EQ(status_of("aaa.so").state, "refused");
    EXPECT_EQ(run("which_version").data, "1");
}

TEST_F(Precedence, ANewVersionThatWouldTakeAToolIsRefusedAndTheOldOneGoesOn) {
    install(built_as(other, "other_version"), "aaa.so");
    install(versions / "version_1.so", "versions.so");
    start_watching();
    install(built_as(other), "aaa.so");
    ASSERT_TRUE(eventually([&] { return !status_of("aaa.so").reason.empty(); }));
    EXPECT_EQ(status_of("aaa.so").state, "ready");
    EXPECT_THAT(status_of("aaa.so").reason,
                testing::StartsWith("The version that runs goes on: aaa.so offers the tool which_version"));
    EXPECT_EQ(whose("other_version"), other);
    EXPECT_EQ(whose("which_version"), plugin);
    // A new version of the one that has the tool comes as ever.
    install(versions / "version_2.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return status_of("versions.so").version == "2.0.0"; }));
    EXPECT_EQ(run("which_version").data, "2");
    // One that was changed while nobody looked does not come before one that is as it was agreed to.
    source_.reset();
    start_watching();
    EXPECT_EQ(whose("which_version"), plugin);
    EXPECT_EQ(status_of("aaa.so").state, "refused");
}

TEST_F(Precedence, TwoThatWantANameOfEachOthersGoOnAsTheyAre) {
    install(built_as(other, "other_version"), "aaa.so");
    install(versions / "version_1.so", "versions.so");
    start_watching();
    const auto swap = [&] {
        install(built_as(other), "aaa.so");
        install(built_as(plugin, "other_version"), "versions.so");
        return eventually(
            [&] { return !status_of("aaa.so").reason.empty() && !status_of("versions.so").reason.empty(); });
    };
    ASSERT_TRUE(swap());
    EXPECT_THAT(status_of("aaa.so").reason,
                testing::StartsWith("The version that runs goes on: aaa.so offers the tool which_version"));
    EXPECT_THAT(status_of("versions.so").reason, HasSubstr("offers the tool other_version"));
    EXPECT_EQ(whose("which_version"), plugin);
    EXPECT_EQ(whose("other_version"), other);
    EXPECT_EQ(run("which_version").data, "1");
    // One of the two has to go first.
    fs::remove(folder_of_plugins_ / "versions.so");
    ASSERT_TRUE(eventually([&] { return whose("which_version") == other; }));
    install(built_as(plugin, "other_version"), "versions.so");
    ASSERT_TRUE(eventually([&] { return whose("other_version") == plugin; }));
}

TEST_F(Precedence, TwoThatWaitAndAreAgreedToGetNoNameOfEachOthersEither) {
    install(built_as(other, "other_version"), "aaa.so");
    install(versions / "version_1.so", "versions.so");
    start_watching({}, true);
    install(built_as(other), "aaa.so");
    install(built_as(plugin, "other_version"), "versions.so");
    ASSERT_TRUE(eventually(
        [&] { return !status_of("aaa.so").changes.empty() && !status_of("versions.so").changes.empty(); }));
    EXPECT_THAT(status_of("versions.so").reason, HasSubstr("waits: assistctl plugins approve " + plugin));
    for (const std::string& id : {other, plugin}) {
        EXPECT_TRUE(source_->approve_plugin(id));
        EXPECT_EQ(whose("which_version"), plugin);
        EXPECT_EQ(whose("other_version"), other);
    }
    EXPECT_THAT(status_of("versions.so").reason, HasSubstr("offers the tool other_version"));
}

TEST_F(Precedence, ANameThatOneGivesUpGoesToAnotherThatAsksForIt) {
    install(versions / "version_1.so", "aaa.so");
    install(built_as(other, "other_version"), "bbb.so");
    start_watching();
    // Looked at before the other one, which has the name until it is looked at.
    install(built_as(plugin, "other_version"), "aaa.so");
    ASSERT_TRUE(eventually([&] { return !status_of("aaa.so").reason.empty(); }));
    install(built_as(other, "third_version"), "bbb.so");
    ASSERT_TRUE(eventually([&] { return whose("third_version") == other; }));
    EXPECT_EQ(whose("other_version"), plugin);
    EXPECT_EQ(status_of("aaa.so").reason, "");
}

TEST_F(Precedence, WhatWaitsTakesNothing) {
    install(built_as(other, "other_version"), "aaa.so");
    install(versions / "version_1.so", "versions.so");
    start_watching({}, true);
    install(built_as(other), "aaa.so");
    ASSERT_TRUE(eventually([&] { return !status_of("aaa.so").changes.empty(); }));
    EXPECT_EQ(whose("other_version"), other);
    EXPECT_EQ(whose("which_version"), plugin);
    EXPECT_EQ(status_of("aaa.so").reason,
              "The version that runs goes on: The new file of version 1.0.0 tells other things of its tools "
              "than before and waits: assistctl plugins approve " +
                  other + ".");
    source_.reset();
    start_watching({}, true);
    EXPECT_EQ(status_of("aaa.so").state, "waiting");
    EXPECT_EQ(whose("which_version"), plugin);
    EXPECT_TRUE(source_->approve_plugin(other));
    EXPECT_EQ(status_of("aaa.so").state, "refused");
    EXPECT_EQ(whose("which_version"), plugin);
}

TEST_F(Precedence, AtTheStartAssistdsOwnComeFirst) {
    own_folder_ = folder_of_plugins_ / "own";
    fs::create_directories(*own_folder_);
    fs::copy_file(versions / "version_1.so", *own_folder_ / "versions.so");
    install(built_as(thief), "aaa.so");
    start_watching({folder_of_plugins_, *own_folder_});
    EXPECT_EQ(whose("which_version"), plugin);
    EXPECT_EQ(status_of("aaa.so").state, "refused");
}

TEST_F(Precedence, WhoeverRunsComesBeforeTheLongestKnownAndAtTheStartAfterIt) {
    install(versions / "version_1.so", "versions.so");
    start_watching();
    source_.reset();
    install(built_as(thief), "aaa.so");
    fs::rename(folder_of_plugins_ / "versions.so", folder_of_plugins_ / "aside");
    start_watching();
    ASSERT_EQ(whose("which_version"), thief);  // both are known now
    fs::rename(folder_of_plugins_ / "aside", folder_of_plugins_ / "versions.so");
    ASSERT_TRUE(eventually([&] { return source_->plugins().size() == 2; }));
    EXPECT_EQ(whose("which_version"), thief);
    source_.reset();
    start_watching();
    EXPECT_EQ(whose("which_version"), plugin);
}

}  // namespace
}  // namespace assistd::tools
