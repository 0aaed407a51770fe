#pragma once
// Who gets the processors and the disks first. Work that people's turns go before leaves them these. A system
// that refuses this is told of in the log, once for each way of giving way; the work goes on without. Any
// thread.

#include <sys/types.h>

namespace assistd {

// A task is a process or a thread by its number; 0 is the calling thread.

// It gets what nobody else wants. For good: an unprivileged task may not take it back.
void run_when_idle(pid_t task, int niceness);
// 0 is everybody's, 19 the most.
void be_nice(pid_t task, int niceness);
// The calling thread reads and writes after others. Not in the idle class: there nothing would be left of a
// disk that is never idle.
void use_disks_last();

// While it lives, the caller makes threads that go before the others of the daemon. They are those that
// everybody's requests pass one after the other, with little to do for each: where a processor has more to do
// than it can, all would wait for them as long as for everything else. Only who has the right to that goes
// first (LimitNICE= of the service); nobody is told who has not.
class MakesFirstThreads {
  public:
    MakesFirstThreads();
    ~MakesFirstThreads();
    MakesFirstThreads(const MakesFirstThreads&) = delete;
    MakesFirstThreads& operator=(const MakesFirstThreads&) = delete;

  private:
    const int usual_;  // niceness
};
// A process that was started just now, maybe by such a thread, goes no further to the front than the daemon.
void goes_with_the_rest(pid_t process);

}  // namespace assistd
