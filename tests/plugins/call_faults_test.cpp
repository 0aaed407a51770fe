// Each way in which a plugin's call can go wrong: the caller gets the right failure, the daemon is unharmed,
// and the next call is answered.

#include <sys/wait.h>

#include <csignal>

#include "plugin_test.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using testing::HasSubstr;

class CallFaults : public PluginTest {
  protected:
    CallFaults() { start("faults"); }
    ~CallFaults() override {
        // Whatever happened, the next call is answered.
        EXPECT_TRUE(run("fault_environment").success);
    }

    void expect_crash(const std::string& tool, const std::string& sentence) {
        const SourceResult result = run(tool);
        EXPECT_FALSE(result.success);
        EXPECT_EQ(result.error, ToolErrorType::PluginCrashedError);
        EXPECT_THAT(result.message, HasSubstr("The plugin org.assistd.test.faults crashed in " + tool));
        EXPECT_THAT(result.message, HasSubstr(sentence));
        EXPECT_EQ(result.message.back(), '.');
    }
};

TEST_F(CallFaults, SegmentationFaultRaised) {
    expect_crash("fault_segv", "was ended by SIGSEGV");
}
TEST_F(CallFaults, NullPointer) {
    expect_crash("fault_null", "was ended by SIGSEGV");
}
TEST_F(CallFaults, Abort) {
    expect_crash("fault_abort", "was ended by SIGABRT");
}
TEST_F(CallFaults, Exit) {
    expect_crash("fault_exit", "ended itself with exit code 3");
}
TEST_F(CallFaults, ExitThatLooksGood) {
    expect_crash("fault_exit_zero", "ended itself with exit code 0");
}
TEST_F(CallFaults, StackOverflow) {
    expect_crash("fault_stack", "was ended by SIGSEGV");
}
TEST_F(CallFaults, ExceptionAcrossTheBorder) {
    expect_crash("fault_throw", "was ended by SIGABRT");
}
TEST_F(CallFaults, ForeignExceptionAcrossTheBorder) {
    expect_crash("fault_throw_foreign", "was ended by SIGABRT");
}
TEST_F(CallFaults, ClosesTheSocket) {
    // It is killed, or ends by itself because it cannot answer, whichever comes first.
    expect_crash("fault_closes_socket", ": it ");
}

TEST_F(CallFaults, DeathInTheMiddleOfAFrame) {
    expect_crash("fault_half_frame", "ended itself with exit code 5");
    expect_crash("fault_half_frame_then_silence", ": it ");
}

TEST_F(CallFaults, ForeignExceptionInAHandlerIsAFailureOfThatCall) {
    const SourceResult result = run("fault_throw_in_handler");
    EXPECT_EQ(result.error, ToolErrorType::InternalError);
    EXPECT_EQ(result.message, "The plugin threw something that is no exception.");
}

TEST_F(CallFaults, EndlessLoopEndsAtTheTimeLimit) {
    run("fault_environment");  // the host is warm
    const auto begin = std::chrono::steady_clock::now();
    const SourceResult result = run("fault_loop");
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(result.error, ToolErrorType::TimeoutError);
    EXPECT_EQ(result.message, "The tool fault_loop was stopped after 0.2 s, its time limit.");
    EXPECT_GE(took, std::chrono::milliseconds(200));
}

TEST_F(CallFaults, AChildThatLeftTheProcessGroupDoesNotKeepTheCall) {
    const SourceResult result = run("fault_fork");
    EXPECT_EQ(result.error, ToolErrorType::TimeoutError);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// A sanitizer's shadow memory and a limit on the address space exclude each other.
TEST_F(CallFaults, MemoryIsLimited) {
    const SourceResult result = run("fault_memory");
    ASSERT_TRUE(result.success) << result.message;
    EXPECT_THAT(result.data, testing::AnyOf(R"({"blocks": 6})", R"({"blocks": 7})"));  // of 16 MiB in 128
    const SourceResult thrown = run("fault_bad_alloc");
    EXPECT_EQ(thrown.error, ToolErrorType::QuotaExceededError);
    EXPECT_EQ(thrown.message, "The call needs more memory than it may use.");
}

TEST_F(CallFaults, MemoryThatACallLeavesBehindDoesNotReachTheNext) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(run("fault_memory_kept").success);
    const SourceResult result = run("fault_memory");
    EXPECT_THAT(result.data, testing::AnyOf(R"({"blocks": 6})", R"({"blocks": 7})"));
}
#endif

TEST_F(CallFaults, AFloodOfOutputIsContained) {
    const SourceResult result = run("fault_output");
    EXPECT_TRUE(result.success) << result.message;
}

// A stream that had to drop a write is broken for the rest of its life.
TEST_F(CallFaults, NoWriteOfOutputFails) {
    EXPECT_EQ(run("fault_print").data, R"({"failed": 0})");
}

TEST_F(CallFaults, AHugeResultIsRefused) {
    const SourceResult result = run("fault_huge_result");
    EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
    EXPECT_THAT(result.message, HasSubstr("at most 8388608 may be returned"));
}

TEST_F(CallFaults, AResultThatIsNoJsonIsRefused) {
    for (const char* tool : {"fault_garbage", "fault_deep"}) {
        const SourceResult result = run(tool);
        EXPECT_FALSE(result.success);
        EXPECT_EQ(result.error, ToolErrorType::InternalError);
        EXPECT_THAT(result.message,
                    HasSubstr("returned something that is no JSON, or is nested more than 64 levels deep."));
    }
}

TEST_F(CallFaults, NoResultNoReasonAndUnknownTool) {
    EXPECT_EQ(run("fault_no_result").message, "The tool fault_no_result ended without a result.");
    EXPECT_EQ(run("fault_no_reason").message, "The tool fault_no_reason failed and gave no reason.");
    EXPECT_THAT(run("fault_unknown").message, HasSubstr("but its code does not have it."));
}

TEST_F(CallFaults, WhoSaysWithoutReasonThatHeWasCancelledFails) {
    const SourceResult result = run("fault_cancelled");
    EXPECT_EQ(result.error, ToolErrorType::InternalError);
    EXPECT_EQ(result.message,
              "The tool fault_cancelled says that it was cancelled, but nobody cancelled it.");
}

TEST_F(CallFaults, AnArtifactThatThePluginClosedIsThere) {
    const SourceResult result = run("fault_closed_artifact");
    ASSERT_TRUE(result.success) << result.message;
    ASSERT_EQ(result.artifacts.size(), 1u);
    EXPECT_EQ(::lseek(result.artifacts[0].file.get(), 0, SEEK_END), 7);
    EXPECT_EQ(result.left_behind, "");
}

TEST_F(CallFaults, FilesWithoutAFolderAreMadeInTheScratchFolder) {
    const SourceResult result = run("fault_where");
    ASSERT_TRUE(result.success) << result.message;
    EXPECT_THAT(result.data, HasSubstr("/scratch"));
    EXPECT_THAT(result.data, HasSubstr("\"written\": true"));
}

TEST_F(CallFaults, WhatAnErrorSaysIsMadePrintable) {
    const SourceResult result = run("fault_bad_error");
    EXPECT_EQ(result.error, ToolErrorType::InternalError);
    EXPECT_EQ(result.message, "bad bytes ?(");
    EXPECT_EQ(result.unknown_error, "NoSuchType");
    EXPECT_EQ(result.details, "");
}

TEST_F(CallFaults, ArtifactsWithBadNamesAndTooManyOfThem) {
    EXPECT_THAT(run("fault_bad_kind").message, HasSubstr("named the kind of an artifact"));
    const SourceResult many = run("fault_many_artifacts");
    ASSERT_TRUE(many.success) << many.message;
    EXPECT_EQ(many.data, std::to_string(max_output_artifacts));
    ASSERT_EQ(many.artifacts.size(), max_output_artifacts);
    EXPECT_EQ(many.artifacts[0].about.name, ".._x_y");
}

TEST_F(CallFaults, AFloodOfProgressIsThinned) {
    std::atomic<int> reports{0};
    CallOptions options;
    options.progress = [&](const core::ToolProgress&) { ++reports; };
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(run("fault_progress", "{}", options).success);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(reports, 1);
    EXPECT_LE(reports, 2 + 20 * took.count());
}

TEST_F(CallFaults, ACallThatIgnoresCancelIsKilledAfterTheGrace) {
    std::stop_source stop;
    std::promise<void> running;
    CallOptions options;
    options.stop = stop.get_token();
    options.progress = [&](const core::ToolProgress&) { running.set_value(); };
    auto result = begin("fault_ignores_cancel", "{}", options);
    running.get_future().wait();
    const auto begin = std::chrono::steady_clock::now();
    stop.request_stop();
    EXPECT_EQ(result.get().error, ToolErrorType::CancelledError);
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(took, std::chrono::milliseconds(490));
}

TEST_F(CallFaults, LeakedDescriptorsDoNotReachTheNextCall) {
    for (int i = 0; i < 3; ++i) {
        const SourceResult result = run("fault_descriptors");
        EXPECT_GT(std::stoi(result.data), 200);  // of 256, each time
    }
}

TEST_F(CallFaults, GarbageOnTheSocketEndsTheCall) {
    const SourceResult result = run("fault_writes_socket");
    EXPECT_EQ(result.error, ToolErrorType::PluginCrashedError);
    EXPECT_THAT(result.message, HasSubstr("it disturbed the process that runs it."));
}

TEST_F(CallFaults, TheScratchFolderIsEmptyForEachCall) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(run("fault_scratch").data, "false");
}

TEST_F(CallFaults, NothingOfTheDaemonIsInherited) {
    ::setenv("ASSISTD_TEST_SECRET", "key", 1);
    std::vector<int> open;
    for (int i = 0; i < 20; ++i) open.push_back(::dup(0));  // without close-on-exec
    const SourceResult result = run("fault_environment");
    for (const int fd : open) ::close(fd);
    EXPECT_THAT(result.data, HasSubstr(R"("secret": false)"));
    // Standard input, output and error, the socket, four of its own files in /proc, the scratch folder.
    EXPECT_THAT(result.data, HasSubstr(R"("open": 9,)"));
}

TEST_F(CallFaults, ManyCrashesLeaveNoProcessAndNoDescriptor) {
    run("fault_segv");
    EXPECT_TRUE(eventually([&] { return source_->hosts() == 0; }));
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 50; ++i) {
        run(i % 2 ? "fault_segv" : "fault_exit");
        source_->release_plugin("org.assistd.test.faults");
    }
    EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }))
        << open_descriptors() << " " << before;
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a host was left";
    EXPECT_TRUE(eventually([&] { return std::filesystem::is_empty(folder_ / "scratch"); }));
}

TEST_F(CallFaults, ACrashHarmsNoOtherCall) {
    // After more than three in a row the plugin would be left alone.
    for (int round = 0; round < 8; ++round) {
        std::vector<std::future<SourceResult>> crashes, good;
        for (int i = 0; i < 9; ++i) {
            if (i % 3 == 0) crashes.push_back(begin("fault_segv"));
            good.push_back(begin("fault_environment"));
        }
        for (auto& result : crashes) EXPECT_EQ(result.get().error, ToolErrorType::PluginCrashedError);
        for (auto& result : good) EXPECT_TRUE(result.get().success);
        source_->release_plugin("org.assistd.test.faults");
    }
}

}  // namespace
}  // namespace assistd::tools
