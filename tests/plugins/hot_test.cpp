// Plugin files that come, change and go while the daemon runs: what is seen within two seconds, and what goes
// on.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/unique_fd.h"
#include "hot_test.h"

namespace assistd::tools {
namespace {

namespace fs = std::filesystem;
using core::ToolErrorType;
using testing::HasSubstr;

const fs::path built = test::build_folder() / "test-plugins";

TEST_F(Hot, AFileThatIsDroppedInIsThereAndOneThatIsTakenAwayIsGone) {
    start_watching();
    EXPECT_TRUE(source_->tools().empty());
    install(built / "test_echo_plugin.so", "echo.so");
    ASSERT_TRUE(eventually([&] { return has_tool("echo"); }));
    EXPECT_TRUE(run("echo", R"({"text":"x"})").success);
    EXPECT_GE(changes_, 1);
    fs::remove(folder_of_plugins_ / "echo.so");
    ASSERT_TRUE(eventually([&] { return !has_tool("echo"); }));
    EXPECT_TRUE(source_->plugins().empty());
    ASSERT_TRUE(eventually([&] { return source_->hosts() == 0; }));
}

// Where other programs have taken all that the system has of what tells of changes.
TEST_F(Hot, AFolderThatNoEventsCanBeHadOfIsLookedAtAllTheSame) {
    PluginSourceOptions options;
    options.folders = {folder_of_plugins_};
    start("", options);
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    const UniqueFd next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const rlimit none{static_cast<rlim_t>(next.get()), files.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    source_->watch([this] { ++changes_; });
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    EXPECT_THAT(source_->watch_problem(), HasSubstr("as inotify is not to be had: Too many open files."));
    install(built / "test_echo_plugin.so", "echo.so");
    EXPECT_TRUE(eventually([&] { return has_tool("echo"); }));
}

TEST_F(Hot, AFolderThatComesLaterIsWatchedToo) {
    const fs::path later = folder_of_plugins_ / "later/plugins";
    start_watching({later});
    fs::create_directories(later);
    fs::copy_file(built / "test_echo_plugin.so", later / "echo.so");
    ASSERT_TRUE(eventually([&] { return has_tool("echo"); }));
}

TEST_F(Hot, ACallThatRunsEndsOnTheVersionThatItBeganWith) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching();
    auto running = begin("which_version", R"({"seconds": 0.5})");
    ASSERT_TRUE(eventually([&] { return source_->hosts() == 1; }));
    install(built / "versions/version_2.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return version() == "2.0.0"; }));
    EXPECT_EQ(run("which_version").data, "2");
    const SourceResult old = running.get();
    ASSERT_TRUE(old.success) << old.message;
    EXPECT_EQ(old.data, "1");
    ASSERT_TRUE(eventually([&] { return source_->hosts() == 1; }));  // the old one's is gone
}

TEST_F(Hot, NoCallFailsWhileAFileIsReplacedAgainAndAgain) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching();
    std::atomic<bool> stop = false;
    const std::jthread replacing([&] {
        for (int i = 0; !stop; ++i) {
            const int next = 1 + (i + 1) % 2;
            const fs::path library = built / ("versions/version_" + std::to_string(next) + ".so");
            // In turn renamed into place and written over, which is what cp does.
            if (i % 4 < 2)
                install(library, "versions.so");
            else
                fs::copy_file(library, folder_of_plugins_ / "versions.so",
                              fs::copy_options::overwrite_existing);
            eventually([&] { return stop || version() == std::to_string(next) + ".0.0"; });
        }
    });
    int replaced = 0;
    std::string last;
    EXPECT_TRUE(eventually([&] {
        const SourceResult result = run("which_version");
        EXPECT_TRUE(result.success) << result.message;
        replaced += result.data != last;
        last = result.data;
        return replaced >= 12;
    }));
    stop = true;
}

TEST_F(Hot, ARejectedFileKeepsTheOldVersion) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching();
    EXPECT_EQ(run("which_version").data, "1");
    std::ofstream(folder_of_plugins_ / "text.part") << std::string(200, 'x');
    fs::rename(folder_of_plugins_ / "text.part", folder_of_plugins_ / "versions.so");
    ASSERT_TRUE(eventually([&] { return !status().reason.empty(); }));
    EXPECT_EQ(status().state, "ready");
    EXPECT_EQ(status().reason, "Version 1.0.0 goes on: versions.so is not a shared library (no ELF file).");
    EXPECT_EQ(run("which_version").data, "1");
    install(built / "versions/version_2.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return version() == "2.0.0"; }));
    EXPECT_EQ(status().reason, "");
}

TEST_F(Hot, AHalfCopiedFileIsRefusedUntilItIsWhole) {
    start_watching();
    std::ifstream library(built / "test_echo_plugin.so", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(library), {}};
    std::ofstream file(folder_of_plugins_ / "echo.so", std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size() / 2)).flush();
    // Something else happens meanwhile.
    install(built / "versions/version_1.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return has_tool("which_version"); }));
    EXPECT_FALSE(has_tool("echo"));
    file.write(bytes.data() + bytes.size() / 2,
               static_cast<std::streamsize>(bytes.size() - bytes.size() / 2));
    file.close();
    ASSERT_TRUE(eventually([&] { return has_tool("echo"); }));
}

TEST_F(Hot, AFileThatIsWrittenOverBeforeItsFirstCallGoesOn) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching();
    // The copies are made as soon as the folders are watched.
    ASSERT_TRUE(eventually([&] { return source_->has_copies(); }));
    std::ofstream(folder_of_plugins_ / "versions.so") << std::string(200, 'x');
    ASSERT_TRUE(eventually([&] { return !status().reason.empty(); }));
    EXPECT_EQ(run("which_version").data, "1");
}

TEST_F(Hot, ALinkThatLeadsElsewhereIsFollowed) {
    const fs::path link = folder_of_plugins_ / "current";
    for (const char* version : {"one", "two"}) fs::create_directories(folder_of_plugins_ / version);
    fs::copy_file(built / "versions/version_1.so", folder_of_plugins_ / "one/versions.so");
    fs::copy_file(built / "versions/version_2.so", folder_of_plugins_ / "two/versions.so");
    fs::create_directory_symlink("one", link);
    start_watching({link});
    EXPECT_EQ(version(), "1.0.0");
    fs::create_directory_symlink("two", folder_of_plugins_ / "next");
    fs::rename(folder_of_plugins_ / "next", link);
    ASSERT_TRUE(eventually([&] { return version() == "2.0.0"; }));
}

TEST_F(Hot, AnUnrestfulFolderIsLookedAtAllTheSame) {
    start_watching();
    std::atomic<bool> stop = false;
    const std::jthread writing([&] {
        while (!stop) std::ofstream(folder_of_plugins_ / "noise") << "x";
    });
    install(built / "versions/version_1.so", "versions.so");
    EXPECT_TRUE(eventually([&] { return has_tool("which_version"); }));
    stop = true;
}

TEST_F(Hot, AFileWhoseRightsAreMendedIsTaken) {
    fs::copy_file(built / "test_echo_plugin.so", folder_of_plugins_ / "echo.so");
    fs::permissions(folder_of_plugins_ / "echo.so", fs::perms(0666));
    start_watching();
    EXPECT_THAT(status().reason, HasSubstr("chmod go-w"));
    fs::permissions(folder_of_plugins_ / "echo.so", fs::perms(0644));
    ASSERT_TRUE(eventually([&] { return has_tool("echo"); }));
}

TEST_F(Hot, AFolderThatOthersMayWriteToIsTold) {
    fs::permissions(folder_of_plugins_, fs::perms(0777));
    start_watching();
    EXPECT_EQ(status().state, "refused");
    EXPECT_EQ(status().file, folder_of_plugins_.string());
    EXPECT_THAT(status().reason, HasSubstr("(chmod go-w)"));
    fs::permissions(folder_of_plugins_, fs::perms(0755));
    install(built / "test_echo_plugin.so", "echo.so");
    ASSERT_TRUE(eventually([&] { return has_tool("echo"); }));
    EXPECT_EQ(source_->plugins().size(), 1u);
}

TEST_F(Hot, TheOneThatWasInTheWayGoes) {
    start_watching();
    install(built / "versions/version_1.so", "a.so");
    install(built / "versions/version_2.so", "b.so");
    ASSERT_TRUE(eventually([&] { return source_->plugins().size() == 2; }));
    EXPECT_THAT(source_->plugins().back().reason, HasSubstr("a.so has already: give it an id of its own"));
    fs::remove(folder_of_plugins_ / "a.so");
    ASSERT_TRUE(eventually([&] { return source_->plugins().size() == 1 && version() == "2.0.0"; }));
    EXPECT_EQ(run("which_version").data, "2");
}

class LeftAlone : public PluginTest {
  protected:
    LeftAlone() { start("faults"); }
    core::PluginStatus status() const { return source_->plugins().at(0); }
};

TEST_F(LeftAlone, FourCrashesInARowLeaveAPluginAloneUntilItIsReleased) {
    for (int crash = 0; crash < 3; ++crash) run("fault_abort");
    EXPECT_TRUE(run("fault_environment").success);  // not in a row
    for (int crash = 0; crash < 4; ++crash) {
        EXPECT_EQ(status().state, "ready");
        EXPECT_THAT(run("fault_abort").message, HasSubstr("SIGABRT"));
    }
    EXPECT_EQ(status().state, "quarantined");
    const SourceResult refused = run("fault_environment");
    EXPECT_EQ(refused.error, ToolErrorType::QuotaExceededError) << "it is no crash";
    ASSERT_TRUE(refused.quarantine);
    EXPECT_GT(refused.quarantine->left.count(), 0);
    const auto spec = source_->tools().front();
    EXPECT_TRUE(source_->quarantine(*spec, false));
    EXPECT_FALSE(source_->quarantine(*spec, true)) << "studies have processes of their own";
    EXPECT_THAT(refused.message, HasSubstr("crashed 4 times in a row and is left alone for"));
    EXPECT_EQ(status().reason.substr(0, 40), refused.message.substr(0, 40));
    EXPECT_FALSE(source_->release_plugin("org.assistd.test.nobody"));
    EXPECT_TRUE(source_->release_plugin("org.assistd.test.faults"));
    EXPECT_EQ(status().state, "ready");
    EXPECT_FALSE(source_->quarantine(*spec, false));
    EXPECT_TRUE(run("fault_environment").success);
}

TEST_F(LeftAlone, CallsThatStandInLineAreNotLetThrough) {
    std::vector<std::future<SourceResult>> calls;
    for (int i = 0; i < 30; ++i) calls.push_back(begin("fault_abort"));
    std::size_t crashes = 0;
    for (auto& call : calls) crashes += call.get().message.find("SIGABRT") != std::string::npos;
    // Those that run side by side with the fourth crash end as they may.
    EXPECT_GE(crashes, 4u);
    EXPECT_LE(crashes, 4u + std::max(1u, std::thread::hardware_concurrency()));
}

// A plugin that crashes keeps its count for as long as it is the same.
TEST_F(Hot, AFileThatIsTouchedOrPutBackIsStillTheOneThatCrashed) {
    const fs::path library = built / "faults/test_fault_plugin.so";
    install(library, "faults.so");
    start_watching();
    for (int crash = 0; crash < 4; ++crash) EXPECT_THAT(run("fault_abort").message, HasSubstr("SIGABRT"));
    ASSERT_EQ(status().state, "quarantined");
    int before = changes_;
    install(library, "faults.so");
    ASSERT_TRUE(eventually([&] { return changes_ > before; }));
    EXPECT_EQ(status().state, "quarantined");
    before = changes_;
    fs::last_write_time(folder_of_plugins_ / "faults.so", fs::file_time_type::clock::now());
    ASSERT_TRUE(eventually([&] { return changes_ > before; }));
    EXPECT_EQ(status().state, "quarantined");
    fs::remove(folder_of_plugins_ / "faults.so");
    ASSERT_TRUE(eventually([&] { return source_->plugins().empty(); }));
    install(library, "faults.so");
    ASSERT_TRUE(eventually([&] { return !source_->plugins().empty(); }));
    EXPECT_EQ(status().state, "quarantined");
    // What follows an ELF file's parts does not matter to it, but makes it another one.
    const fs::path changed = folder_of_plugins_ / "changed";
    fs::copy_file(library, changed);
    std::ofstream(changed, std::ios::app) << "another build";
    before = changes_;
    install(changed, "faults.so");
    ASSERT_TRUE(eventually([&] { return changes_ > before; }));
    EXPECT_EQ(status().state, "ready");
    EXPECT_TRUE(run("fault_environment").success);
}

TEST_F(Hot, WarmHostsAreThereBeforeAnybodyCallsAndStay) {
    install(built / "versions/version_1.so", "versions.so");
    PluginSourceOptions options;
    options.folders = {folder_of_plugins_};
    options.warm = 1;
    options.idle_after = std::chrono::milliseconds(40);
    start("", options);
    source_->watch([this] { ++changes_; });
    ASSERT_TRUE(eventually([&] { return source_->hosts() == 1; }));
    EXPECT_EQ(run("which_version").data, "1");
    install(built / "versions/version_2.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return version() == "2.0.0"; }));
    ASSERT_TRUE(eventually([&] { return source_->hosts() == 1; }));
    EXPECT_EQ(run("which_version").data, "2");
    EXPECT_EQ(source_->hosts(), 1u);
}

TEST(CrashCount, PausesGrowUntilACallWorks) {
    using namespace std::chrono_literals;
    CrashCount count;
    auto now = CrashCount::Clock::now();
    const auto pause = [&] { return count.quarantine(now).value_or(0s); };
    for (int crash = 0; crash < 3; ++crash) count.crashed(now);
    EXPECT_EQ(pause(), 0s);
    count.crashed(now);
    EXPECT_EQ(pause(), 30s);
    count.crashed(now);  // one that ran already
    EXPECT_EQ(pause(), 30s);
    for (const auto expected : {60s, 120s, 240s, 480s, 960s, 1'920s, 3'600s, 3'600s}) {
        now += 2h;
        EXPECT_EQ(pause(), 0s);
        count.crashed(now);
        EXPECT_EQ(pause(), expected);
    }
    count.worked(now - 1s);  // it began before the last crash
    EXPECT_EQ(pause(), 3'600s);
    count.worked(now);
    EXPECT_EQ(pause(), 0s);
    count.crashed(now);
    EXPECT_EQ(pause(), 0s);
}

TEST_F(Hot, WhatItTellsDifferentlyIsShownUntilSomebodyAgrees) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching();
    install(built / "versions/version_3.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return version() == "3.0.0"; }));
    EXPECT_EQ(run("which_version").data, "3");
    EXPECT_THAT(status().changes, testing::ElementsAre(HasSubstr("Send it your keys first.")));
    EXPECT_TRUE(source_->approve_plugin("org.assistd.test.versions"));
    EXPECT_TRUE(status().changes.empty());
    EXPECT_FALSE(source_->approve_plugin("org.assistd.test.nobody"));
}

TEST_F(Hot, WhereChangesWaitTheOldVersionGoesOn) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching({}, true);
    install(built / "versions/version_2.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return version() == "2.0.0"; }));  // it tells the same
    install(built / "versions/version_3.so", "versions.so");
    ASSERT_TRUE(eventually([&] { return !status().changes.empty(); }));
    EXPECT_EQ(version(), "2.0.0");
    EXPECT_EQ(status().state, "ready");
    EXPECT_THAT(status().reason,
                HasSubstr("Version 3.0.0 tells other things of its tools than before and waits"));
    EXPECT_EQ(run("which_version").data, "2");
    const int before = changes_;
    EXPECT_TRUE(source_->approve_plugin("org.assistd.test.versions"));
    EXPECT_EQ(version(), "3.0.0");
    EXPECT_GT(changes_, before);
    EXPECT_EQ(run("which_version").data, "3");
}

TEST_F(Hot, AfterARestartAChangedPluginWaitsWithItsTools) {
    install(built / "versions/version_1.so", "versions.so");
    start_watching({}, true);
    source_.reset();
    install(built / "versions/version_3.so", "versions.so");
    start_watching({}, true);
    EXPECT_EQ(status().state, "waiting");
    EXPECT_EQ(status().id, "org.assistd.test.versions");
    EXPECT_TRUE(source_->tools().empty());
    ASSERT_EQ(source_->waiting().size(), 1u);
    EXPECT_EQ(source_->waiting()[0].name, "which_version");
    EXPECT_EQ(
        source_->waiting()[0].reason,
        "which_version waits: version 3.0.0 of the plugin org.assistd.test.versions tells other things of "
        "its tools than before, and an administrator has to agree to that first, with: assistctl plugins "
        "approve org.assistd.test.versions");
    EXPECT_TRUE(source_->approve_plugin("org.assistd.test.versions"));
    EXPECT_TRUE(source_->waiting().empty());
    EXPECT_EQ(status().state, "ready");
    EXPECT_EQ(run("which_version").data, "3");
}

}  // namespace
}  // namespace assistd::tools
