// What is different where a plugin runs in the daemon itself: who may, what it is told apart by, what cannot
// be ended, and how that is shown.

#include <fcntl.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "plugin_test.h"

namespace assistd::tools {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using core::ToolErrorType;
using nlohmann::json;
using testing::HasSubstr;

const fs::path built = test::build_folder() / "test-plugins";
const std::string trusted = "org.assistd.test.trusted";

class InProcess : public PluginTest {
  protected:
    InProcess() : file_(fs::temp_directory_path() / ("assistd-in-process-" + std::to_string(::getpid()))) {
        std::ofstream(file_) << "x";
    }
    ~InProcess() override { fs::remove(file_); }

    void start_trusted(PluginSourceOptions options = {}) {
        options.in_process.insert(trusted);
        options.cancel_grace = 50ms;
        start("trusted", std::move(options));
    }
    json where(const core::Owner& owner = {}, bool background = false) {
        const SourceResult result = run("where", "{}", {.owner = owner, .background = background});
        EXPECT_TRUE(result.success) << result.message;
        return json::parse(result.data);
    }
    // A call that is deaf to everything until its file is gone.
    std::future<SourceResult> begin_staying(CallOptions options = {}) {
        std::promise<void> running;
        options.progress = [&running, first = true](const core::ToolProgress&) mutable {
            if (std::exchange(first, false)) running.set_value();
        };
        auto result = begin("stay", json{{"file", file_.string()}}.dump(), options);
        running.get_future().wait();
        return result;
    }
    void let_go() { fs::remove(file_); }
    core::PluginStatus status() const { return source_->plugins().at(0); }

    const fs::path file_;
};

TEST_F(InProcess, IsOffUnlessThePluginIsNamed) {
    PluginSourceOptions others;
    others.in_process = {"org.assistd.test.echo"};
    start("trusted", others);
    EXPECT_NE(where()["pid"], ::getpid());
    EXPECT_EQ(source_->hosts(), 1u);
    EXPECT_EQ(status().reason, "");
}

TEST_F(InProcess, RunsOnAThreadOfTheDaemonAndSaysSo) {
    start_trusted();
    const json first = where();
    EXPECT_EQ(first["pid"], ::getpid());
    EXPECT_NE(first["thread"], ::gettid());
    EXPECT_EQ(where()["thread"], first["thread"]);
    EXPECT_EQ(source_->hosts(), 0u);
    EXPECT_EQ(status().state, "ready");
    EXPECT_EQ(
        status().reason,
        "It runs in the daemon itself (plugins.in_process): a crash of it ends the daemon, and no limit of "
        "time, memory, files or network holds it.");
}

TEST_F(InProcess, EachOwnerHasAnInstanceOfHisOwn) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    start_trusted(options);
    EXPECT_EQ(where("ann")["call"], 1);
    EXPECT_EQ(where("ann")["call"], 2);
    EXPECT_EQ(where("bob")["call"], 1);
    EXPECT_EQ(where("ann")["call"], 1);
}

TEST_F(InProcess, EachThreadHasACopyOfTheLibrary) {
    PluginSourceOptions options;
    options.max_hosts = 3;
    start_trusted(options);
    auto one = begin_staying({.owner = "ann"});
    auto two = begin_staying({.owner = "ann"});
    EXPECT_EQ(where("ann")["instance"], 1);  // the variable counts this copy's alone
    let_go();
    EXPECT_TRUE(one.get().success);
    EXPECT_TRUE(two.get().success);
}

TEST_F(InProcess, StudiesHaveThreadsOfTheirOwnThatGiveWay) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    start_trusted(options);
    const json live = where(), background = where({}, true);
    EXPECT_NE(live["thread"], background["thread"]);
    EXPECT_EQ(live["niceness"], 0);
    EXPECT_EQ(background["niceness"], 19);
}

TEST_F(InProcess, TheScratchFolderIsEmptyBetweenCalls) {
    start_trusted();
    EXPECT_EQ(run("leave_file").data, "false");
    EXPECT_EQ(run("leave_file").data, "false");
}

TEST_F(InProcess, WhatACallWroteIsCountedAtItsEnd) {
    PluginSourceOptions options;
    options.quotas = {16u << 20, 16u << 20};
    start_trusted(options);
    const SourceResult result = run("fill_scratch");
    EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
    EXPECT_THAT(result.message, HasSubstr("may have 16 MiB there (plugins.max_scratch_mib)."));
    EXPECT_EQ(run("leave_file").data, "false");
}

TEST_F(InProcess, AnExceptionEndsTheCallAndTheInstanceAlone) {
    start_trusted();
    EXPECT_EQ(where()["instance"], 1);
    const SourceResult result = run("throw_error");
    EXPECT_EQ(result.error, ToolErrorType::PluginCrashedError);
    EXPECT_EQ(
        result.message,
        "The plugin org.assistd.test.trusted crashed in throw_error: it threw an exception: thrown across "
        "the border.");
    EXPECT_EQ(run("throw_anything").message,
              "The plugin org.assistd.test.trusted crashed in throw_anything: it threw something that is no "
              "std::exception.");
    EXPECT_GT(where()["instance"], 1);
    EXPECT_EQ(where()["call"], 2);
}

TEST_F(InProcess, OneThatKeepsThrowingIsLeftAloneAndReleased) {
    start_trusted();
    for (int i = 0; i < 4; ++i) run("throw_error");
    EXPECT_EQ(status().state, "quarantined");
    EXPECT_THAT(run("where").message, HasSubstr("crashed 4 times in a row and is left alone for"));
    EXPECT_TRUE(source_->release_plugin(trusted));
    EXPECT_TRUE(run("where").success);
}

TEST_F(InProcess, OneThatCannotBeLoadedIsRefusedWithTheReason) {
    PluginSourceOptions options;
    for (const std::string name :
         {"create_returns_null", "create_throws", "undefined_symbol", "code_has_another_major"})
        options.in_process.insert("org.assistd.test." + name);
    start("refused", options);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(
            run("tool_create_returns_null").message,
            "The plugin org.assistd.test.create_returns_null cannot be used: its create function returned "
            "nothing.");
        EXPECT_THAT(run("tool_create_throws").message, HasSubstr("create_throws cannot be used: it "));
        EXPECT_THAT(run("tool_undefined_symbol").message, HasSubstr("cannot be used: it cannot be loaded ("));
        EXPECT_THAT(run("tool_code_has_another_major").message, HasSubstr("built for plugin ABI 7.0"));
    }
    for (const core::PluginStatus& one : source_->plugins()) {
        if (options.in_process.contains(one.id)) {
            EXPECT_EQ(one.state, "refused") << one.id;
        }
    }
}

TEST_F(InProcess, ACallBeyondItsLimitIsAnsweredAndKeepsItsThread) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    start_trusted(options);
    auto staying = begin_staying({.time_limit = 100ms});
    const SourceResult late = staying.get();
    EXPECT_EQ(late.error, ToolErrorType::TimeoutError);
    EXPECT_EQ(late.message, "The tool stay was given up after 0.1 s, its time limit.");
    EXPECT_EQ(source_->runaway_calls(), 1u);
    EXPECT_THAT(status().reason, HasSubstr("1 of its 1 threads run on with calls that were given up"));
    const SourceResult next = run("where", "{}", {.time_limit = 50ms});
    EXPECT_EQ(next.error, ToolErrorType::TimeoutError);
    EXPECT_EQ(next.message,
              "The tool where did not get to run within 0.05 s, its time limit: its plugin is busy.");
    let_go();
    EXPECT_TRUE(eventually([&] { return source_->runaway_calls() == 0; }));
    EXPECT_EQ(status().reason.find("given up"), std::string::npos);
    EXPECT_TRUE(run("where").success);
}

TEST_F(InProcess, ACancelThatIsNotHonouredIsAnsweredAfterTheGrace) {
    PluginSourceOptions options;
    options.max_hosts = 2;
    start_trusted(options);
    std::stop_source stop;
    auto staying = begin_staying({.stop = stop.get_token()});
    stop.request_stop();
    EXPECT_EQ(staying.get().error, ToolErrorType::CancelledError);
    EXPECT_EQ(source_->runaway_calls(), 1u);
    EXPECT_TRUE(run("where").success);  // on the other thread
    let_go();
    EXPECT_TRUE(eventually([&] { return source_->runaway_calls() == 0; }));
}

TEST_F(InProcess, StoppingDoesNotWaitForACallThatDoesNotEnd) {
    start_trusted();
    auto staying = begin_staying();
    source_->stop();
    EXPECT_EQ(staying.get().message, "The call was stopped because the daemon is shutting down.");
    EXPECT_EQ(source_->runaway_calls(), 1u);
    let_go();
    EXPECT_TRUE(eventually([&] { return source_->runaway_calls() == 0; }));
    EXPECT_THROW(run("where"), Error);
}

TEST_F(InProcess, AFileThatIsReplacedServesNewCallsWithItsNewVersion) {
    const fs::path folder = fs::temp_directory_path() / ("assistd-replaced-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    const auto install = [&](int version) {
        fs::copy_file(built / ("versions/version_" + std::to_string(version) + ".so"), folder / "part",
                      fs::copy_options::overwrite_existing);
        fs::rename(folder / "part", folder / "versions.so");
    };
    install(1);
    PluginSourceOptions options;
    options.folders = {folder};
    options.in_process = {"org.assistd.test.versions"};
    start("", options);
    source_->watch([] {});
    auto running = begin("which_version", R"({"seconds": 0.5})");
    ASSERT_TRUE(eventually([&] { return !fs::is_empty(folder_ / "scratch"); }));  // its thread has it
    for (int i = 2; i <= 7; ++i) {
        const int version = 1 + (i + 1) % 2;
        install(version);
        ASSERT_TRUE(eventually([&] { return status().version == std::to_string(version) + ".0.0"; }));
        EXPECT_EQ(run("which_version").data, std::to_string(version));
    }
    const SourceResult old = running.get();
    ASSERT_TRUE(old.success) << old.message;
    EXPECT_EQ(old.data, "1");
    fs::remove(folder / "versions.so");
    EXPECT_TRUE(eventually([&] { return source_->tools().empty(); }));
    fs::remove_all(folder);
}

TEST_F(InProcess, AChangeThatWaitsHoldsForItToo) {
    const fs::path folder = fs::temp_directory_path() / ("assistd-pinned-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    fs::copy_file(built / "versions/version_1.so", folder / "versions.so",
                  fs::copy_options::overwrite_existing);
    PluginSourceOptions options;
    options.folders = {folder};
    options.in_process = {"org.assistd.test.versions"};
    options.changes_wait = true;
    start("", options);
    source_->watch([] {});
    EXPECT_EQ(run("which_version").data, "1");
    fs::copy_file(built / "versions/version_3.so", folder / "part");
    fs::rename(folder / "part", folder / "versions.so");
    ASSERT_TRUE(eventually([&] { return !status().changes.empty(); }));
    EXPECT_EQ(run("which_version").data, "1");
    EXPECT_THAT(status().reason, HasSubstr("It runs in the daemon itself"));
    EXPECT_TRUE(source_->approve_plugin("org.assistd.test.versions"));
    EXPECT_EQ(run("which_version").data, "3");
    fs::remove_all(folder);
}

TEST_F(InProcess, LeavesNoDescriptorsFilesOrThreadsBehind) {
    const std::size_t before = open_descriptors();
    start_trusted();
    for (int i = 0; i < 50; ++i) where(std::to_string(i % 3));
    const int last = where()["thread"];
    const std::size_t meanwhile = open_descriptors();
    for (int i = 0; i < 50; ++i) where(std::to_string(i % 3));
    EXPECT_EQ(open_descriptors(), meanwhile);
    source_.reset();
    EXPECT_LE(open_descriptors(), before + 4);  // the io_context's own
    EXPECT_TRUE(eventually([&] { return !fs::exists("/proc/self/task/" + std::to_string(last)); }));
    EXPECT_TRUE(eventually([&] { return fs::is_empty(folder_ / "scratch"); }));
}

}  // namespace
}  // namespace assistd::tools
