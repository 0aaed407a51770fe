// Faults again and again: each is contained, the next call is answered, and the daemon does not grow. How
// soon it is answered is a figure of the benchmark's. ASSISTD_FAULTS is how often: a few times in the suite,
// more often in the long one.

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "plugin_test.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

int times(int in_the_suite) {
    const char* often = std::getenv("ASSISTD_FAULTS");
    return often ? std::atoi(often) : in_the_suite;
}

std::int64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t pages = 0, resident = 0;
    statm >> pages >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

class FaultCounts : public PluginTest {
  protected:
    FaultCounts() {
        start("faults");
        EXPECT_TRUE(run("fault_environment").success);
    }

    void expect_next_call() {
        source_->release_plugin("org.assistd.test.faults");
        EXPECT_TRUE(run("fault_environment").success);
    }
    void expect_no_trace() {
        EXPECT_TRUE(eventually([&] { return source_->hosts() <= std::thread::hardware_concurrency(); }));
        source_->stop();
        EXPECT_TRUE(eventually([&] { return std::filesystem::is_empty(folder_ / "scratch"); }));
    }
};

class Crashes : public FaultCounts, public testing::WithParamInterface<const char*> {};

TEST_P(Crashes, TheNextCallIsAnswered) {
    for (int i = 0; i < times(10); ++i) {
        ASSERT_EQ(run(GetParam()).error, ToolErrorType::PluginCrashedError);
        expect_next_call();
    }
    expect_no_trace();
}
INSTANTIATE_TEST_SUITE_P(FaultCounts, Crashes,
                         testing::Values("fault_segv", "fault_abort", "fault_exit", "fault_stack",
                                         "fault_throw"),
                         [](const auto& name) { return std::string(name.param).substr(6); });

class Bombs : public FaultCounts, public testing::WithParamInterface<const char*> {};

TEST_P(Bombs, AreContainedAndTheDaemonDoesNotGrow) {
    const auto once = [&] {
        const SourceResult result = run(GetParam());
        EXPECT_TRUE(result.success || result.error == ToolErrorType::QuotaExceededError ||
                    result.error == ToolErrorType::TimeoutError)
            << result.message;
        expect_next_call();
    };
    once();  // what is made once is no growth
    const std::int64_t before = resident_bytes();
    for (int i = 0; i < times(2); ++i) once();
    EXPECT_LE(resident_bytes() - before, 16 << 20);
    expect_no_trace();
}
INSTANTIATE_TEST_SUITE_P(FaultCounts, Bombs,
                         testing::Values("fault_memory", "fault_fork", "fault_thread_bomb",
                                         "fault_descriptors", "fault_output", "fault_scratch_bytes"),
                         [](const auto& name) { return std::string(name.param).substr(6); });

}  // namespace
}  // namespace assistd::tools
