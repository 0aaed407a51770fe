#pragma once
// Ctrl-C as something to ask for instead of something that happens: while it lives, SIGINT does not end the
// program but makes `fd` readable. So with other signals. On the main thread, one of them for a signal.

#include <csignal>

#include "base/unique_fd.h"

namespace assistd::cli {

class Interrupts {
  public:
    explicit Interrupts(int signal = SIGINT);  // throws Failure when the system refuses
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    int fd() const { return fd_.get(); }
    bool take();  // true once for each

  private:
    sigset_t before_{};
    UniqueFd fd_;
};

}  // namespace assistd::cli
