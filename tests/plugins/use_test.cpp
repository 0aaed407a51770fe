// What calls use of the machine, and what they leave behind: it is measured and bounded, and reaches no other
// user's call.

#include <sys/resource.h>

#include <map>
#include <nlohmann/json.hpp>

#include "plugin_test.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::int64_t mib = 1 << 20;

class Use : public PluginTest {
  protected:
    void start_with(PluginSourceOptions options = {}) { start("faults", std::move(options)); }
    // The process that served this call.
    int process(const SourceResult& result) {
        EXPECT_TRUE(result.success) << result.message;
        const auto data = nlohmann::json::parse(result.data);
        return data.is_number() ? data.get<int>() : data.at("pid").get<int>();
    }
    int process_of(const core::Owner& owner) {
        return process(run("fault_environment", "{}", {.owner = owner}));
    }
    void expect_beyond(const std::string& tool, const std::string& sentence) {
        const SourceResult result = run(tool);
        EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
        EXPECT_EQ(result.message, sentence);
        EXPECT_TRUE(result.artifacts.empty());
        EXPECT_TRUE(run("fault_environment").success);
    }
};

TEST_F(Use, TheProcessorTimeOfEachCallIsThatOfAllItsThreads) {
    start_with();
    for (int i = 0; i < 2; ++i) {
        const SourceResult burnt = run("fault_burn");
        ASSERT_TRUE(burnt.used.cpu_time);
        EXPECT_GE(*burnt.used.cpu_time, 118ms);
        EXPECT_LT(*burnt.used.cpu_time, 200ms);
        const SourceResult quick = run("fault_environment");
        ASSERT_TRUE(quick.used.cpu_time);
        EXPECT_GT(*quick.used.cpu_time, 0us);
        EXPECT_LT(*quick.used.cpu_time, 20ms);
    }
}

TEST_F(Use, TheTimeOfACallThatWasEndedIsKnown) {
    start_with();
    run("fault_burn");
    const SourceResult looped = run("fault_loop");  // 0.2 s
    EXPECT_EQ(looped.error, ToolErrorType::TimeoutError);
    ASSERT_TRUE(looped.used.cpu_time);
    EXPECT_GE(*looped.used.cpu_time, 30ms);  // other tests share the cores
    EXPECT_LT(*looped.used.cpu_time, 400ms);
    ASSERT_TRUE(looped.used.peak_memory_bytes);
    EXPECT_LT(*looped.used.peak_memory_bytes, 60 * mib);
    run("fault_burn");
    const SourceResult crashed = run("fault_segv");
    ASSERT_TRUE(crashed.used.cpu_time);
    EXPECT_LT(*crashed.used.cpu_time, 60ms);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_F(Use, ThePeakOfMemoryIsThatOfTheCallAlone) {
    start_with();
    const SourceResult small = run("fault_environment");
    const SourceResult large = run("fault_memory");  // 6 or 7 times 16 MiB
    const SourceResult small_again = run("fault_environment");
    ASSERT_TRUE(small.used.peak_memory_bytes && large.used.peak_memory_bytes &&
                small_again.used.peak_memory_bytes);
    EXPECT_EQ(process(small), process(small_again));
    EXPECT_GT(*small.used.peak_memory_bytes, mib);
    EXPECT_GE(*large.used.peak_memory_bytes, 96 * mib);
    EXPECT_LT(*large.used.peak_memory_bytes, 140 * mib);
    EXPECT_LT(*small_again.used.peak_memory_bytes, *small.used.peak_memory_bytes + 8 * mib);
}
#endif

TEST_F(Use, NoHostServesTwoUsers) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    start_with(options);
    const int of_ann = process_of("ann");
    EXPECT_EQ(process_of("ann"), of_ann);
    const int of_bob = process_of("bob");
    EXPECT_NE(of_bob, of_ann);
    EXPECT_NE(process_of("ann"), of_ann);
    EXPECT_EQ(source_->hosts(), 1u);
}

TEST_F(Use, EachUsersHostStaysWarmWhileThereIsRoom) {
    PluginSourceOptions options;
    options.max_hosts = 2;
    start_with(options);
    const int of_ann = process_of("ann"), of_bob = process_of("bob");
    EXPECT_EQ(process_of("ann"), of_ann);
    EXPECT_EQ(process_of("bob"), of_bob);
    EXPECT_NE(process_of("eve"), of_ann);  // hers was not used for longest, and gives way
    EXPECT_EQ(process_of("bob"), of_bob);
    EXPECT_NE(process_of("ann"), of_ann);
    EXPECT_EQ(source_->hosts(), 2u);
}

TEST_F(Use, AlsoCallsInLineGetTheirUsersHosts) {
    PluginSourceOptions options;
    options.max_hosts = 2;
    start_with(options);
    const std::vector<core::Owner> owners = {"ann", "bob", "eve"};
    std::vector<std::future<SourceResult>> calls;
    for (std::size_t i = 0; i < 90; ++i)
        calls.push_back(begin("fault_environment", "{}", {.owner = owners[i * i % 7 % 3]}));
    std::map<int, core::Owner> served;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const core::Owner& owner = owners[i * i % 7 % 3];
        EXPECT_EQ(served.emplace(process(calls[i].get()), owner).first->second, owner);
    }
    EXPECT_LE(source_->hosts(), 2u);
}

TEST_F(Use, AHostWithAThreadThatWasLeftIsNotUsedAgain) {
    start_with();
    const int first = process(run("fault_threads_joined"));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(process(run("fault_threads_joined")), first);
    const SourceResult left = run("fault_thread_left");
    EXPECT_EQ(process(left), first);
    EXPECT_EQ(left.left_behind, "a thread that goes on");
    EXPECT_NE(process(run("fault_environment")), first);
}

TEST_F(Use, ThreadsAreCountedForEachHost) {
    start_with();
    const auto begun = std::chrono::steady_clock::now();
    const SourceResult result = run("fault_thread_bomb");
    EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
    EXPECT_THAT(result.message, HasSubstr("fault_thread_bomb was stopped: it had "));
    EXPECT_THAT(result.message, HasSubstr("and a call may have 512."));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);  // not by the time limit
    EXPECT_TRUE(run("fault_environment").success);
}

class Quotas : public Use {
  protected:
    Quotas() {
        PluginSourceOptions options;
        options.quotas = {16 * mib, 16 * mib};
        start_with(options);
    }
};

TEST_F(Quotas, ArtifactsOfACallAreCountedTogether) {
    expect_beyond("fault_artifact_bytes",
                  "The artifacts of fault_artifact_bytes have 20.0 MiB together, and a call may make 16 MiB "
                  "(plugins.max_artifact_mib).");
}

TEST_F(Quotas, AnArtifactThatGrowsAndGrowsIsStopped) {
    expect_beyond("fault_artifact_grows",
                  "The artifacts of fault_artifact_grows have 17.0 MiB together, and a call may make 16 MiB "
                  "(plugins.max_artifact_mib).");
}

TEST_F(Quotas, ArtifactsAreWatchedWhileTheCallRuns) {
    const auto begun = std::chrono::steady_clock::now();
    const std::size_t open_before = open_descriptors();
    expect_beyond(
        "fault_artifact_and_stay",
        "The artifacts of fault_artifact_and_stay have 20.0 MiB together, and a call may make 16 MiB "
        "(plugins.max_artifact_mib).");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);  // not by the time limit
    // The daemon's own copies of the files are closed with the call. A host has a few descriptors itself.
    EXPECT_TRUE(eventually([&] { return open_descriptors() <= open_before + 8; }));
}

TEST_F(Quotas, TheScratchFolderIsCountedAtTheEnd) {
    const SourceResult result = run("fault_scratch_bytes");
    EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
    EXPECT_THAT(result.message,
                testing::MatchesRegex(
                    "The tool fault_scratch_bytes had 20\\..* MiB in its scratch folder, and a call "
                    "may have 16 MiB there \\(plugins.max_scratch_mib\\)\\."));
    // However small they are. The watch may come before the end.
    const SourceResult many = run("fault_scratch_many");
    EXPECT_EQ(many.error, ToolErrorType::QuotaExceededError);
    EXPECT_THAT(many.message, testing::MatchesRegex("The tool fault_scratch_many had 1[679]\\.. MiB in .*"));
}

TEST_F(Quotas, TheScratchFolderIsWatchedWhileTheCallRuns) {
    const auto begun = std::chrono::steady_clock::now();
    const SourceResult result = run("fault_scratch_and_stay");
    EXPECT_EQ(result.error, ToolErrorType::QuotaExceededError);
    EXPECT_THAT(result.message, HasSubstr("may have 16 MiB there (plugins.max_scratch_mib)."));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(Use, QuotasThatAreNotReachedDoNotMatter) {
    PluginSourceOptions options;
    options.quotas = {32 * mib, 32 * mib};
    start_with(options);
    const SourceResult result = run("fault_artifact_bytes");
    ASSERT_TRUE(result.success) << result.message;
    EXPECT_EQ(result.artifacts.size(), 2u);
    EXPECT_TRUE(run("fault_scratch_bytes").success);
}

// Studies neither stand in line before somebody's call nor take its time.
TEST_F(Use, CallsInTheBackgroundHaveProcessesOfTheirOwnThatGiveWay) {
    PluginSourceOptions options;
    options.max_hosts = 1;
    start_with(options);
    const int live = process(run("fault_environment"));
    const int background = process(run("fault_environment", "{}", {.background = true}));
    EXPECT_NE(live, background);
    EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(live)), ::getpriority(PRIO_PROCESS, 0));
    EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(background)), 19);
    std::stop_source stop;
    auto busy = begin("fault_loop", "{}",
                      {.stop = stop.get_token(), .time_limit = std::chrono::seconds(60), .background = true});
    EXPECT_EQ(process(run("fault_environment")), live);
    stop.request_stop();
    EXPECT_EQ(busy.get().error, ToolErrorType::CancelledError);
}

}  // namespace
}  // namespace assistd::tools
