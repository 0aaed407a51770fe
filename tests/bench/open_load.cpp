#include "open_load.h"

#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include "arrival.h"
#include "http_text.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{5};

struct Connection {
    UniqueFd fd;
    std::string in;
    std::optional<Clock::time_point> sent;
};

bool has_line(std::string_view head, std::string_view begin) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2))
        if (::strncasecmp(head.data() + at + 2, begin.data(), begin.size()) == 0) return true;
    return false;
}

class Crowd {
  public:
    explicit Crowd(const OpenLoad& load)
        : load_(load),
          epoll_(::epoll_create1(EPOLL_CLOEXEC)),
          connections_(static_cast<std::size_t>(load.connections)) {
        for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
    }
    OpenResult run() {
        const auto begun = Clock::now();
        const auto end = begun + load_.time;
        const auto apart =
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / load_.per_second));
        auto next = begun;
        for (auto now = begun; now < end || (waiting_ > 0 && now < end + patience); now = Clock::now()) {
            for (; next <= now && next < end; next += apart) send();
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
            read(now < end ? static_cast<int>(std::max<std::int64_t>(0, left.count())) : 10);
        }
        result_.unanswered = waiting_;
        result_.seconds = std::chrono::duration<double>(load_.time).count();
        return std::move(result_);
    }

  private:
    void connect(std::size_t place) {
        Connection& connection = connections_[place];
        connection = {connect_to(load_.port), {}, std::nullopt};
        note_arrivals(connection.fd.get());
        epoll_event event{.events = EPOLLIN, .data = {.u64 = place}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.fd.get(), &event);
        free_.push_back(place);
    }
    void send() {
        if (free_.empty()) {
            ++result_.not_sent;
            return;
        }
        const std::size_t place = free_.back();
        free_.pop_back();
        Connection& connection = connections_[place];
        const std::string request = load_.request(static_cast<int>(place), result_.sent++);
        connection.sent = Clock::now();
        ++waiting_;
        ::send(connection.fd.get(), request.data(), request.size(),
               MSG_NOSIGNAL);  // what fails is seen as an end
    }
    void read(int wait_ms) {
        std::array<epoll_event, 256> events;
        const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms);
        for (int i = 0; i < count; ++i) read_one(events[static_cast<std::size_t>(i)].data.u64);
    }
    void read_one(std::size_t place) {
        Connection& connection = connections_[place];
        std::array<char, 16 << 10> bytes;
        const Arrived arrived = receive(connection.fd.get(), bytes);
        if (arrived.size <= 0) {
            if (connection.sent) note_wrong("The server closed a connection without a reply.");
            forget(place);
            return connect(place);
        }
        connection.in.append(bytes.data(), static_cast<std::size_t>(arrived.size));
        const HttpText reply = parse_http(connection.in);
        if (reply.size == 0 || !connection.sent) return;
        const auto took = arrived.at - *connection.sent;
        const bool refused = reply.head.find(" 429 ") < 12 || reply.head.find(" 503 ") < 12;
        if (is_success(reply.head))
            result_.served.add(took);
        else if (refused && has_line(reply.head, "retry-after:"))
            result_.refused.add(took);
        else
            note_wrong(connection.in);
        const bool closes = has_line(reply.head, "connection: close");
        forget(place);
        if (closes) return connect(place);
        connection.in.clear();
        free_.push_back(place);
    }
    void forget(std::size_t place) {
        if (connections_[place].sent) --waiting_;
        connections_[place].sent.reset();
    }
    void note_wrong(const std::string& what) {
        if (result_.wrong++ == 0) result_.first_wrong = what;
    }

    const OpenLoad& load_;
    UniqueFd epoll_;
    std::vector<Connection> connections_;
    std::vector<std::size_t> free_;
    std::uint64_t waiting_ = 0;
    OpenResult result_;
};

}  // namespace

OpenResult run_open_load(const OpenLoad& load) {
    return Crowd(load).run();
}

}  // namespace assistd::bench
