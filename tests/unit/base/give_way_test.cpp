#include "base/give_way.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <limits>
#include <sstream>
#include <thread>

#include "base/logging.h"
#include "base/spawn.h"

namespace assistd {
namespace {

constexpr pid_t nobody = std::numeric_limits<pid_t>::max();  // the kernel counts no further than to 4 million

int niceness() {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
}

bool may_have(int wanted) {
    bool may = false;
    std::thread([&] {
        may = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), wanted) == 0;
    }).join();
    return may;
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

TEST(GoFirst, AThreadThatDoesMakesNoneThatGoesBeforeIt) {
    std::thread([] {
        const MakesFirstThreads first;
        const int own = niceness();
        std::thread([own] {
            const MakesFirstThreads also;
            EXPECT_EQ(niceness(), own);
        }).join();
    }).join();
}

// Where the test may not go before others, its threads are like them.
TEST(GoFirst, OnlyThreadsThatAreMadeMeanwhileDoAndNoProgramThatTheyStart) {
    const int usual = niceness();
    std::promise<void> made;
    std::thread thread;
    {
        const MakesFirstThreads first;
        const int wanted = may_have(usual - 10) ? usual - 10 : usual;
        thread = std::thread([usual, wanted, &made] {
            made.get_future().wait();
            EXPECT_EQ(niceness(), wanted);
            ProgramStart start;
            start.binary = "/usr/bin/sleep";
            start.words = {"sleep", "60"};
            const StartedProgram program = start_program(start, "A program");
            EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(program.pid)), usual);
            ::kill(program.pid, SIGKILL);
            ::waitpid(program.pid, nullptr, 0);
        });
    }
    EXPECT_EQ(niceness(), usual);
    made.set_value();
    thread.join();
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
