#pragma once
// The signals that end or reload the daemon. For the main thread, before it starts any other.

#include <atomic>
#include <csignal>
#include <thread>

namespace assistd::app {

// Blocks them before the first thread starts, so that only wait() takes them.
class Signals {
  public:
    Signals();
    int wait() const;
    bool came() const;  // one that ends it, which is not taken by this

  private:
    sigset_t set_{};
};

// While it lives, whoever asks the process to end ends it. On the only thread.
class EndAtOnce {
  public:
    EndAtOnce();
    ~EndAtOnce();
    EndAtOnce(const EndAtOnce&) = delete;
    EndAtOnce& operator=(const EndAtOnce&) = delete;

  private:
    sigset_t before_{};
};

// While the daemon stops: whoever asks again wants no more waiting, and the process ends at once.
class SecondRequest {
  public:
    explicit SecondRequest(const Signals& signals);
    ~SecondRequest();
    SecondRequest(const SecondRequest&) = delete;
    SecondRequest& operator=(const SecondRequest&) = delete;

  private:
    std::atomic<bool> over_{false};
    std::thread thread_;
};

}  // namespace assistd::app
