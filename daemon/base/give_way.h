#pragma once
// Work that people's turns go before leaves them the processors and the disks. A system that refuses this is
// told of in the log, once for each way of giving way; the work goes on without. Any thread.

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

}  // namespace assistd
