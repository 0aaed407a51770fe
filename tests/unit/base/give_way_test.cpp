#include "base/give_way.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <limits>
#include <sstream>
#include <thread>

#include "base/logging.h"

namespace assistd {
namespace {

constexpr pid_t nobody = std::numeric_limits<pid_t>::max();  // the kernel counts no further than to 4 million

int niceness() {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
}

// A thread of its own each: what it has given up it may not take back.
TEST(GiveWay, AThreadIsNicer) {
    const int before = niceness(), scheduler = ::sched_getscheduler(0);
    std::thread([scheduler] {
        be_nice(0, 19);
        EXPECT_EQ(niceness(), 19);
        EXPECT_EQ(::sched_getscheduler(0), scheduler);
    }).join();
    EXPECT_EQ(niceness(), before);
}

TEST(GiveWay, AThreadRunsWhenNobodyElseWantsTo) {
    const int before = ::sched_getscheduler(0);
    std::thread([] {
        run_when_idle(0, 19);
        EXPECT_EQ(::sched_getscheduler(0), SCHED_IDLE);
        EXPECT_EQ(niceness(), 19);
    }).join();
    EXPECT_EQ(::sched_getscheduler(0), before);
}

TEST(GiveWay, AThreadIsTheLastAtTheDisk) {
    std::thread([] {
        use_disks_last();
        constexpr int of_a_thread = 1, best_effort_lowest = 2 << 13 | 7;
        EXPECT_EQ(::syscall(SYS_ioprio_get, of_a_thread, 0), best_effort_lowest);
    }).join();
}

TEST(GiveWay, WhatIsRefusedIsToldOnceForEachCall) {
    std::ostringstream out;
    auto& sinks = spdlog::default_logger()->sinks();
    sinks.push_back(std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    for (int i = 0; i < 3; ++i) run_when_idle(nobody, 19);
    sinks.pop_back();
    const std::string told = out.str();
    const auto times = [&told](const std::string& words) {
        int count = 0;
        for (auto at = told.find(words); at != std::string::npos; at = told.find(words, at + 1)) ++count;
        return count;
    };
    EXPECT_EQ(times("[warning]"), 2) << told;
    EXPECT_EQ(times("call=sched_setscheduler reason=\"No such process\""), 1) << told;
    EXPECT_EQ(times("call=setpriority reason=\"No such process\""), 1) << told;
}

}  // namespace
}  // namespace assistd
