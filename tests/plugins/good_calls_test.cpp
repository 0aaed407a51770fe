// A well-behaved plugin over the real host, and the same in the daemon itself: results, artifacts, progress,
// cancel, the line, shutdown. Then what only hosts do: warmth, idleness, processes.

#include <fcntl.h>
#include <sys/wait.h>

#include <csignal>

#include "base/error.h"
#include "plugin_test.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using testing::HasSubstr;

enum class Where { host, daemon };

[[maybe_unused]] void PrintTo(Where where, std::ostream* out) {
    *out << (where == Where::host ? "in a host" : "in the daemon");
}

class GoodCalls : public PluginTest, public testing::WithParamInterface<Where> {
  protected:
    void start(const std::string& folder, PluginSourceOptions options = {}) {
        if (GetParam() == Where::daemon) options.in_process = {"org.assistd.test.echo"};
        PluginTest::start(folder, std::move(options));
    }
    // Of the plugin, where it has any.
    void expect_hosts(std::size_t least, std::size_t most) const {
        if (GetParam() == Where::daemon) least = most = 0;
        EXPECT_GE(source_->hosts(), least);
        EXPECT_LE(source_->hosts(), most);
    }
};

INSTANTIATE_TEST_SUITE_P(, GoodCalls, testing::Values(Where::host, Where::daemon), [](const auto& about) {
    return about.param == Where::host ? "InAHost" : "InTheDaemon";
});

class GoodHosts : public PluginTest {};

UniqueFd file_with(const std::string& bytes) {
    UniqueFd file(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return file;
}

std::string content(const UniqueFd& file) {
    std::string bytes(1u << 20, '\0');
    bytes.resize(
        static_cast<std::size_t>(std::max<ssize_t>(::pread(file.get(), bytes.data(), bytes.size(), 0), 0)));
    return bytes;
}

TEST_P(GoodCalls, TheManifestIsReadAndNothingIsStartedForIt) {
    start("");
    ASSERT_EQ(source_->tools().size(), 4u);
    const core::ToolSpec& echo = *source_->tools()[0];
    EXPECT_EQ(echo.name, "echo");
    EXPECT_EQ(echo.plugin, "org.assistd.test.echo");
    EXPECT_TRUE(echo.effects.idempotent);
    EXPECT_EQ(echo.phrases, std::vector<std::string>{"echo {text}"});
    ASSERT_EQ(source_->plugins().size(), 1u);
    EXPECT_EQ(source_->plugins()[0].state, "ready");
    EXPECT_EQ(source_->plugins()[0].reason.empty(), GetParam() == Where::host);
    expect_hosts(0, 0);
}

TEST_P(GoodCalls, TextOfEverySizeComesBack) {
    start("");
    for (const std::size_t size : {0u, 1u, 4'096u, 65'536u, 1u << 20, 3u << 20}) {
        const std::string arguments = R"({"text":")" + std::string(size, 'x') + R"("})";
        const SourceResult result = run("echo", arguments);
        ASSERT_TRUE(result.success) << result.message;
        EXPECT_EQ(result.data, arguments);
        EXPECT_EQ(result.summary, "Echoed.");
    }
    expect_hosts(1, 1);
}

TEST_P(GoodCalls, ArgumentsThatFitNoFrameAreRefused) {
    start("");
    const SourceResult result = run("echo", R"({"text":")" + std::string(9u << 20, 'x') + R"("})");
    EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
    EXPECT_TRUE(run("echo", R"({"text":"again"})").success);
}

TEST_P(GoodCalls, ArtifactsPassBothWays) {
    start("");
    OpenArtifact input;
    input.artifact.handle = "simulation-12";
    input.artifact.kind = "simulation";
    input.artifact.name = "dla.npy";
    input.artifact.media_type = "application/octet-stream";
    input.artifact.metadata = R"({"seed":7})";
    input.file = file_with("the bytes");
    input.artifact.size = 9;
    std::vector<OpenArtifact> inputs;
    inputs.push_back(std::move(input));
    const SourceResult result = run("copy_artifact", R"({"source":"simulation-12"})", {}, std::move(inputs));
    ASSERT_TRUE(result.success) << result.message;
    ASSERT_EQ(result.artifacts.size(), 1u);
    const core::ArtifactDraft& copy = result.artifacts[0];
    EXPECT_EQ(copy.about.kind, "copy");
    EXPECT_EQ(copy.about.name, "copy of dla.npy");
    EXPECT_EQ(copy.about.media_type, "application/octet-stream");
    EXPECT_EQ(copy.about.metadata, R"({"bytes":9,"source":{"seed":7}})");
    EXPECT_EQ(content(copy.file), "the bytes");
}

TEST_P(GoodCalls, AnArtifactThatWasNotGivenIsNotThere) {
    start("");
    const SourceResult result = run("copy_artifact", R"({"source":"simulation-13"})");
    EXPECT_EQ(result.error, ToolErrorType::ValidationError);
    EXPECT_EQ(result.message, "There is no artifact named simulation-13.");
    EXPECT_THAT(result.details, HasSubstr("errors"));
}

TEST_P(GoodCalls, ProgressArrivesInOrder) {
    start("");
    std::vector<double> fractions;
    CallOptions options;
    options.progress = [&](const core::ToolProgress& progress) {
        fractions.push_back(progress.fraction);
        EXPECT_EQ(progress.note, "waiting");
    };
    EXPECT_TRUE(run("wait", R"({"seconds":0.3})", options).success);
    EXPECT_GE(fractions.size(), 3u);
    EXPECT_LE(fractions.size(), 9u);
    EXPECT_TRUE(std::ranges::is_sorted(fractions));
}

TEST_P(GoodCalls, ACancelThatIsHonouredKeepsTheHost) {
    start("");
    std::stop_source stop;
    std::promise<void> running;
    CallOptions options;
    options.stop = stop.get_token();
    options.progress = [&, first = true](const core::ToolProgress&) mutable {
        if (std::exchange(first, false)) running.set_value();
    };
    auto result = begin("wait", R"({"seconds":60})", options);
    running.get_future().wait();
    stop.request_stop();
    EXPECT_EQ(result.get().error, ToolErrorType::CancelledError);
    expect_hosts(1, 1);
    EXPECT_TRUE(run("echo", R"({"text":"again"})").success);
    expect_hosts(1, 1);
}

TEST_P(GoodCalls, ACallThatIsCancelledBeforeItBeginsDoesNotRun) {
    start("");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(run("wait", R"({"seconds":60})", {stop.get_token(), {}, {}}).error,
              ToolErrorType::CancelledError);
    expect_hosts(0, 0);
}

TEST_P(GoodCalls, CallsRunSideBySideUpToTheBoundAndThenInLine) {
    PluginSourceOptions options;
    options.max_hosts = 3;
    start("", options);
    std::vector<std::future<SourceResult>> results;
    for (int i = 0; i < 200; ++i)
        results.push_back(begin("echo", R"({"text":")" + std::to_string(i) + R"("})"));
    for (int i = 0; i < 200; ++i)
        EXPECT_EQ(results[static_cast<std::size_t>(i)].get().data,
                  R"({"text":")" + std::to_string(i) + R"("})");
    expect_hosts(1, 3);
}

TEST_P(GoodCalls, AFullLineSaysSo) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    options.max_waiting = 1;
    start("", options);
    std::stop_source stop;
    std::promise<void> running;
    CallOptions first;
    first.stop = stop.get_token();
    first.progress = [&, once = true](const core::ToolProgress&) mutable {
        if (std::exchange(once, false)) running.set_value();
    };
    auto busy = begin("wait", R"({"seconds":60})", first);
    running.get_future().wait();
    auto in_line = begin("wait", R"({"seconds":60})", {stop.get_token(), {}, {}});
    auto too_many = begin("wait", R"({"seconds":60})", {stop.get_token(), {}, {}});
    // One of the two stands in line, the other is refused at once.
    EXPECT_TRUE(eventually([&] {
        return in_line.wait_for(std::chrono::seconds(0)) == std::future_status::ready ||
               too_many.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }));
    stop.request_stop();
    int refused = 0, cancelled = 0;
    for (auto* result : {&busy, &in_line, &too_many}) {
        try {
            cancelled += result->get().error == ToolErrorType::CancelledError;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unavailable);
            EXPECT_EQ(error.retry_after(), std::chrono::seconds(1));
            ++refused;
        }
    }
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(cancelled, 2);
}

TEST_P(GoodCalls, TheTimeInLineCounts) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    start("", options);
    std::stop_source stop;
    std::promise<void> running;
    CallOptions first;
    first.stop = stop.get_token();
    first.progress = [&, once = true](const core::ToolProgress&) mutable {
        if (std::exchange(once, false)) running.set_value();
    };
    auto busy = begin("wait", R"({"seconds":60})", first);
    running.get_future().wait();
    const SourceResult late = run("echo", R"({"text":"x"})", {{}, {}, std::chrono::milliseconds(50)});
    EXPECT_EQ(late.error, ToolErrorType::TimeoutError);
    EXPECT_EQ(late.message,
              "The tool echo did not get to run within 0.05 s, its time limit: its plugin is busy.");
    stop.request_stop();
    busy.get();
}

TEST_F(GoodHosts, AHostThatDiedWhileIdleIsReplacedUnnoticed) {
    start("faults");
    const std::string data = run("fault_environment").data;
    const pid_t host = std::stoi(data.substr(data.find("\"pid\": ") + 7));
    ASSERT_EQ(::kill(host, SIGKILL), 0);
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(host), &info, WEXITED | WNOWAIT), 0);
    EXPECT_TRUE(run("fault_environment").success);
}

TEST_F(GoodHosts, IdleHostsEndAndLeaveNothing) {
    const std::size_t before = open_descriptors();
    PluginSourceOptions options;
    options.idle_after = std::chrono::milliseconds(40);
    start("", options);
    EXPECT_TRUE(run("echo", R"({"text":"x"})").success);
    EXPECT_TRUE(
        eventually([&] { return source_->hosts() == 0 && std::filesystem::is_empty(folder_ / "scratch"); }));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_TRUE(run("echo", R"({"text":"y"})").success);
    source_.reset();
    EXPECT_LE(open_descriptors(), before + 4);  // the io_context's own
}

TEST_P(GoodCalls, StoppingTheSourceEndsRunningCallsAndProcesses) {
    start("");
    std::promise<void> running;
    CallOptions options;
    options.progress = [&, once = true](const core::ToolProgress&) mutable {
        if (std::exchange(once, false)) running.set_value();
    };
    auto result = begin("wait", R"({"seconds":60})", options);
    running.get_future().wait();
    source_->stop();
    const SourceResult stopped = result.get();
    EXPECT_EQ(stopped.error, ToolErrorType::CancelledError);
    EXPECT_EQ(stopped.message, "The call was stopped because the daemon is shutting down.");
    EXPECT_THROW(run("echo", R"({"text":"x"})"), Error);
    source_.reset();
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

}  // namespace
}  // namespace assistd::tools
