#pragma once
// Requests begin here, a few at a time: as many as keep the threads of the io_context at work. When more come
// than can begin, each subject (a user, or an address) has a queue of its own, and the queues take turns: a
// subject that asks for too much stands behind itself and not in front of others. What has begun and waits
// for a model or a disk takes no place, so there is nothing to be measured or tuned. What goes on after such
// a wait is not held here: turns are, by their places (core/turn_slots.h), which know nothing of the
// processor.
//
// A subject whose oldest request waits for too long has more to ask than the daemon can answer: its next one
// is refused as soon as its head is there, until that is over.
//
// Shared by the server and by what it posts; any thread.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace boost::asio {
class io_context;
}

namespace assistd::http {

class FairQueue : public std::enable_shared_from_this<FairQueue> {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    using Clock = std::function<Instant()>;
    using Work = std::function<void()>;

    FairQueue(boost::asio::io_context& io, int at_once, std::chrono::milliseconds longest_wait, Clock clock);

    // Throws Error{unavailable} when the subject's oldest request waits for too long.
    void check(const std::string& subject);
    enum class Where { io_context, here_when_alone };
    // Runs it when it is its turn: on a thread of the io_context, or at once on the caller's while nothing
    // else has begun.
    void run(const std::string& subject, Work work, Where where = Where::io_context);
    void change_longest_wait(std::chrono::milliseconds longest_wait);
    // What waits is dropped: the server ends.
    void clear();

    struct Figures {
        std::size_t waiting = 0;
        std::uint64_t refused = 0;
    };
    Figures figures() const;

  private:
    struct Waiting {
        Instant since;
        Work work;
    };

    void run_begun(const Work& work);
    void post(Work work);
    void ended();  // one that was begun has run, or waits for something else

    boost::asio::io_context& io_;
    const int at_once_;
    const Clock clock_;

    mutable std::mutex mutex_;
    std::chrono::milliseconds longest_wait_;
    int begun_ = 0;
    std::unordered_map<std::string, std::deque<Waiting>> queues_;  // none is empty
    std::deque<std::string> turns_;                                // each subject that waits, once
    std::size_t waiting_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace assistd::http
