#include "app/signals.h"

#include <cstdlib>

#include "base/logging.h"

namespace assistd::app {

Signals::Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool Signals::came() const {
    sigset_t pending{};
    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

int Signals::wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
    return signal;
}

EndAtOnce::EndAtOnce() {
    sigset_t ending{};
    sigemptyset(&ending);
    for (const int signal : {SIGTERM, SIGINT}) sigaddset(&ending, signal);
    pthread_sigmask(SIG_UNBLOCK, &ending, &before_);
}

EndAtOnce::~EndAtOnce() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

SecondRequest::SecondRequest(const Signals& signals)
    : thread_([this, &signals] {
          int signal = SIGHUP;
          while (signal == SIGHUP && !over_) signal = signals.wait();
          if (signal == SIGHUP) return;
          log::warn("ending at once; what runs goes on after the next start");
          spdlog::default_logger()->flush();
          std::_Exit(0);
      }) {}

SecondRequest::~SecondRequest() {
    over_ = true;
    pthread_kill(thread_.native_handle(), SIGHUP);  // which it waits for, too
    thread_.join();
}

}  // namespace assistd::app
