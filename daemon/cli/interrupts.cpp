#include "cli/interrupts.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/failure.h"

namespace assistd::cli {

Interrupts::Interrupts(int signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    fd_.reset(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    if (!fd_) throw Failure(ExitCode::failed, "Signals cannot be watched on this system.");
}

Interrupts::~Interrupts() {
    while (take()) continue;  // what was not asked for any more must not end the program now
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool Interrupts::take() {
    signalfd_siginfo info{};
    return ::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info);
}

}  // namespace assistd::cli
