#pragma once
// Who comes next on the threads of the io_context. What is done for those who ask is done in steps, each from
// one wait (for a model, a disk) to the next one, and no more steps have begun than there are threads. Where
// there are more, each subject (a user, or an address) has a lane of its own, and the lanes take turns: a
// subject that asks for too much stands behind itself, and others wait for one step of his at most. In a lane
// what has begun goes on before anything new does. There is nothing to be measured or tuned.
//
// A subject whose oldest request waits for too long has more to ask than the daemon can answer: its next one
// is refused as soon as its head is there, until that is over.
//
// Shared by the server, by what it posts and by the executors of what goes on; any thread.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/lane.h"

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
    // Begins a request when it is its turn: on a thread of the io_context, or at once on the caller's while
    // nothing else is done.
    void run(const std::string& subject, Work work, Where where = Where::io_context);
    // For what goes on of it later.
    LanePtr lane(const std::string& subject);
    void change_longest_wait(std::chrono::milliseconds longest_wait);
    // The server ends: what has not begun is dropped, and what goes on does so in no order.
    void close();

    struct Figures {
        std::size_t waiting = 0;  // requests that have not begun
        std::uint64_t refused = 0;
    };
    Figures figures() const;

  private:
    struct Request {
        Instant since;
        Work work;
    };
    struct Waiting {
        std::deque<Work> steps;
        std::deque<Request> requests;
        bool is_none() const { return steps.empty() && requests.empty(); }
    };
    class SubjectLane;

    void go_on(const std::string& subject, Work step);
    Waiting& waiting_of(const std::string& subject);
    Work next();
    void run_begun(const Work& work);
    void post(Work work);
    void ended();  // a step that was begun: it has run, or waits for something else

    boost::asio::io_context& io_;
    const int at_once_;
    const Clock clock_;

    mutable std::mutex mutex_;
    std::chrono::milliseconds longest_wait_;
    bool closed_ = false;
    int begun_ = 0;
    std::unordered_map<std::string, Waiting> queues_;  // none is empty
    std::deque<std::string> turns_;                    // each subject that waits, once
    std::size_t waiting_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace assistd::http
