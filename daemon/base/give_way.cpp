#include "base/give_way.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/logging.h"

namespace assistd {
namespace {

// What a process may do does not change while it runs, so each of its threads would only say the same again.
std::atomic<bool> told_of_idle{false}, told_of_niceness{false}, told_of_disks{false};

void expect_success(long result, const char* call, std::atomic<bool>& told) {
    if (result == 0) return;
    const int reason = errno;
    if (told.exchange(true)) return;
    log::warn(
        "studies, documents or backups compete with people's turns, because the system refuses to let them "
        "give way; allow the system call to assistd call={} reason=\"{}\"",
        call, std::strerror(reason));
}

}  // namespace

void run_when_idle(pid_t task, int niceness) {
    const sched_param none{};
    expect_success(::sched_setscheduler(task, SCHED_IDLE, &none), "sched_setscheduler", told_of_idle);
    be_nice(task, niceness);
}

void be_nice(pid_t task, int niceness) {
    const auto which = static_cast<id_t>(task != 0 ? task : ::gettid());
    expect_success(::setpriority(PRIO_PROCESS, which, niceness), "setpriority", told_of_niceness);
}

void use_disks_last() {
    constexpr int of_a_thread = 1, best_effort = 2, class_shift = 13, lowest = 7;
    expect_success(::syscall(SYS_ioprio_set, of_a_thread, 0, best_effort << class_shift | lowest),
                   "ioprio_set", told_of_disks);
}

// A thread that goes first itself makes others that do, and none that go before it.
MakesFirstThreads::MakesFirstThreads() : usual_(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()))) {
    constexpr int before_others = 10;
    static const int of_process = usual_;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), of_process - before_others);
}

MakesFirstThreads::~MakesFirstThreads() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), usual_);
}

void goes_with_the_rest(pid_t process) {
    const int usual = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid()));
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(process), usual);
}

}  // namespace assistd
