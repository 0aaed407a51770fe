// Files that are no usable plugin: each has its own sentence, and the daemon runs without it.

#include <sys/stat.h>

#include <fstream>

#include "base/error.h"
#include "plugin_test.h"
#include "support/folders.h"
#include "support/temp_folder.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using testing::HasSubstr;

const std::filesystem::path good_plugin = test::build_folder() / "test-plugins/test_echo_plugin.so";

class LoadFaults : public PluginTest {
  protected:
    core::PluginStatus status_of(const std::string& file) {
        for (const core::PluginStatus& status : source_->plugins())
            if (std::filesystem::path(status.file).filename() == file) return status;
        ADD_FAILURE() << file;
        return {};
    }
    void expect_refused(const std::string& file, const std::string& reason) {
        const core::PluginStatus status = status_of(file);
        EXPECT_EQ(status.state, "refused") << file;
        EXPECT_EQ(status.reason, reason);
        EXPECT_TRUE(status.tools.empty() || status.id.size()) << file;
    }
    // A good plugin under another id of the same length, in the folder.
    const std::filesystem::path& with_id(const std::string& id) {
        std::ifstream good(good_plugin, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(good), {}};
        const std::string own_id = "org.assistd.test.echo";
        EXPECT_EQ(id.size(), own_id.size());
        bytes.replace(bytes.find(own_id), own_id.size(), id);
        std::ofstream(plugins_ / "echo.so", std::ios::binary) << bytes;
        return plugins_;
    }

    const test::TempFolder temporary_;
    const std::filesystem::path& plugins_ = temporary_.path();
};

TEST_F(LoadFaults, WhatTheFileShowsIsRefusedAtTheStart) {
    start("refused");
    expect_refused(
        "test_abi_major_2_plugin.so",
        "test_abi_major_2_plugin.so is built for plugin ABI 2.0, and this daemon has 1.0: a newer daemon is "
        "needed.");
    expect_refused(
        "test_abi_minor_9_plugin.so",
        "test_abi_minor_9_plugin.so is built for plugin ABI 1.9, and this daemon has 1.0: a newer daemon is "
        "needed.");
    expect_refused("test_no_entry_plugin.so",
                   "test_no_entry_plugin.so does not export assistd_plugin_entry; a plugin defines it with "
                   "ASSISTD_PLUGIN.");
    expect_refused("test_no_manifest_plugin.so",
                   "test_no_manifest_plugin.so has no manifest (section .assistd.manifest); build it with "
                   "assistd_add_plugin.");
    EXPECT_EQ(status_of("test_abi_major_2_plugin.so").id, "org.assistd.test.abi_major_2");
}

TEST_F(LoadFaults, WhatOnlyLoadingShowsIsAFailedCallAndThenARefusal) {
    start("refused");
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"entry_returns_null", "its assistd_plugin_entry returned nothing."},
        {"create_returns_null", "its create function returned nothing."},
        {"code_has_another_major", "its code was built for plugin ABI 7.0, and this daemon has 1.0."},
        {"no_create", "its descriptor has no create function."},
        {"undefined_symbol", "assistd_test_nobody_defines_this"},
    };
    for (const auto& [fault, reason] : expected) {
        EXPECT_EQ(status_of("test_" + fault + "_plugin.so").state, "ready") << fault;
        for (int i = 0; i < 2; ++i) {
            const SourceResult result = run("tool_" + fault);
            EXPECT_FALSE(result.success);
            EXPECT_EQ(result.error, ToolErrorType::InternalError);
            EXPECT_THAT(result.message, HasSubstr("cannot be used: "));
            EXPECT_THAT(result.message, HasSubstr(reason));
        }
        EXPECT_EQ(status_of("test_" + fault + "_plugin.so").state, "refused") << fault;
        EXPECT_THAT(status_of("test_" + fault + "_plugin.so").reason, HasSubstr(reason));
    }
}

TEST_F(LoadFaults, ACrashWhileLoadingIsACrash) {
    start("refused");
    for (const auto& [tool, signal] :
         {std::pair("tool_create_throws", "SIGABRT"), std::pair("tool_create_crashes", "SIGSEGV")}) {
        const SourceResult result = run(tool);
        EXPECT_EQ(result.error, ToolErrorType::PluginCrashedError);
        EXPECT_THAT(result.message, HasSubstr("crashed while it was loaded"));
        EXPECT_THAT(result.message, HasSubstr(signal));
    }
}

TEST_F(LoadFaults, OwnerRightsAndKindOfFile) {
    std::filesystem::create_directories(plugins_ / "folder.so");
    std::ofstream(plugins_ / "text.so")
        << "This is no library, though it has more than sixty-four bytes of text in it.";
    std::ofstream(plugins_ / "empty.so");
    std::ofstream(plugins_ / "readme.txt") << "not looked at";
    ASSERT_EQ(::mkfifo((plugins_ / "fifo.so").c_str(), 0600), 0);
    std::filesystem::copy_file(good_plugin, plugins_ / "writable.so");
    std::filesystem::permissions(plugins_ / "writable.so", std::filesystem::perms(0666));
    std::filesystem::copy_file(good_plugin, plugins_ / "a.so");
    std::filesystem::copy_file(good_plugin, plugins_ / "b.so");
    std::filesystem::create_symlink("nowhere", plugins_ / "dangling.so");
    PluginSourceOptions options;
    options.folders = {plugins_, plugins_ / "there is none"};
    start("", options);
    EXPECT_EQ(source_->plugins().size(), 9u);
    EXPECT_EQ(status_of("there is none").reason,
              "This plugin folder cannot be read: No such file or directory. Make it, or take it out of "
              "plugins.folders.");
    EXPECT_EQ(status_of("a.so").state, "ready");
    expect_refused("b.so",
                   "b.so has the id org.assistd.test.echo, which a.so has already: give it an id of its own, "
                   "or take one of the two away.");
    expect_refused("writable.so",
                   "writable.so may be written by others than its owner; take that right away (chmod go-w).");
    expect_refused("folder.so", "folder.so is not a regular file.");
    expect_refused("fifo.so", "fifo.so is not a regular file.");
    expect_refused("text.so", "text.so is not a shared library (no ELF file).");
    expect_refused("empty.so", "empty.so is not a shared library: it is too short.");
    expect_refused("dangling.so", "dangling.so cannot be opened: No such file or directory.");
    EXPECT_TRUE(run("echo", R"({"text":"x"})").success);
}

TEST_F(LoadFaults, IdsOfAssistdsOwnAreItsOwn) {
    PluginSourceOptions options;
    options.folders = {with_id("org.assistd.mine.echo")};
    options.own_folder = plugins_ / "assistds-own";
    start("", options);
    expect_refused(
        "echo.so",
        "echo.so has the id org.assistd.mine.echo, and ids that begin with org.assistd. are for the "
        "plugins that come with assistd, which are in " +
            options.own_folder->string() + "; give it an id of a domain of yours.");
    EXPECT_EQ(source_->plugins().front().id, "org.assistd.mine.echo");
}

TEST_F(LoadFaults, InTheirFolderTheyAreTaken) {
    PluginSourceOptions options;
    options.folders = {with_id("org.assistd.mine.echo")};
    options.own_folder = plugins_ / ".";
    options.own_only = true;
    start("", options);
    EXPECT_EQ(status_of("echo.so").state, "ready");
}

TEST_F(LoadFaults, InSafeModeOthersAreLeftOut) {
    PluginSourceOptions options;
    options.folders = {with_id("org.example.mine.echo")};
    options.own_folder = options.folders.front();
    options.own_only = true;
    start("", options);
    EXPECT_EQ(status_of("echo.so").state, "left_out");
    ASSERT_EQ(source_->waiting().size(), 4u);
    EXPECT_EQ(source_->waiting()[0].name, "echo");
    EXPECT_EQ(source_->waiting()[0].reason,
              "echo is not offered: echo.so is left out: in safe mode (--safe-mode) only the plugins that "
              "come with assistd are loaded.");
    EXPECT_EQ(status_of("echo.so").reason,
              "echo.so is left out: in safe mode (--safe-mode) only the plugins that come with assistd are "
              "loaded.");
    EXPECT_TRUE(source_->tools().empty());
}

TEST_F(LoadFaults, AFileThatBelongsToSomebodyElseIsRefused) {
    if (::geteuid() != 0) return;  // only root can make such a file; the sentence is the same code
    std::filesystem::copy_file(good_plugin, plugins_ / "foreign.so");
    ASSERT_EQ(::chown((plugins_ / "foreign.so").c_str(), 12'345, 12'345), 0);
    PluginSourceOptions options;
    options.folders = {plugins_};
    start("", options);
    expect_refused("foreign.so",
                   "foreign.so belongs to user 12345; a plugin must belong to root or to the daemon's user.");
}

TEST_F(LoadFaults, AFileWrittenOverAfterItWasCheckedIsNotLoaded) {
    std::filesystem::copy_file(good_plugin, plugins_ / "echo.so");
    PluginSourceOptions options;
    options.folders = {plugins_};
    start("", options);
    std::ofstream(plugins_ / "echo.so", std::ios::app) << "more";
    EXPECT_THROW(run("echo", R"({"text":"x"})"), Error);
    // Replaced, not written over: what was checked is still there to load.
    std::filesystem::remove(plugins_ / "echo.so");
}

}  // namespace
}  // namespace assistd::tools
