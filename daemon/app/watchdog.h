#pragma once
// Tells the service manager that the daemon goes on, but only when each of its parts has just shown it: every
// thread of the io_contexts has run something, and each of the given signs of life was seen. While one is
// missing nothing is told, and systemd restarts the daemon after WatchdogSec. Owned by the daemon; has a
// thread of its own, which waits for the others and is waited for by none.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace assistd::app {

// Threads that run an io_context.
struct IoThreads {
    boost::asio::io_context& io;
    std::size_t count;
    std::string name;  // for the log
};

// Something else that must go on. `look` begins to find out, from the watchdog's thread, and returns soon; it
// calls `seen`, from any thread and as late as it likes, once there is an answer, whichever.
struct SignOfLife {
    std::string name;
    std::function<void(std::function<void()> seen)> look;
};

class Watchdog {
  public:
    // Looks several times in each `limit` and calls `still_alive` when all was seen.
    Watchdog(std::chrono::microseconds limit, std::vector<IoThreads> threads, std::vector<SignOfLife> signs,
             std::function<void()> still_alive);
    ~Watchdog();  // before what it looks at goes
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

  private:
    struct Round;

    void loop();
    void call_threads(const std::shared_ptr<Round>& round) const;
    bool stopped_within(std::chrono::microseconds time);
    bool stopped_before_all_was_seen(const std::shared_ptr<Round>& round);

    const std::chrono::microseconds limit_;
    const std::vector<IoThreads> threads_;
    const std::vector<SignOfLife> signs_;
    const std::function<void()> still_alive_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace assistd::app
