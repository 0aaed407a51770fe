#include "paced_upstream.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "http_text.h"
#include "support/scripted_upstream.h"

namespace assistd::bench {
namespace {

using test::ScriptedUpstream;

// As the servers of real models write it.
std::string event_of(std::string_view delta, std::string_view finish_reason) {
    return ScriptedUpstream::event(fmt::format(
        R"({{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench-1","choices":[{{"index":0,"delta":{},"finish_reason":{}}}]}})",
        delta, finish_reason));
}

const std::string& end_of_stream() {
    static const std::string text = event_of("{}", "\"stop\"") +
                                    ScriptedUpstream::event(test::chunk_usage(120, 20)) +
                                    ScriptedUpstream::event("[DONE]") + ScriptedUpstream::stream_end();
    return text;
}

}  // namespace

std::string chunk_text(int number, std::chrono::steady_clock::time_point sent_at) {
    return fmt::format("{}{:04}:{:016x} and on", chunk_mark, number,
                       static_cast<std::uint64_t>(sent_at.time_since_epoch().count()));
}

ChunkStamp read_stamp(std::string_view text) {
    constexpr std::size_t size = 21;  // "0007:" and 16 digits
    if (text.size() < size || text[4] != ':') return {};
    int number = -1;
    std::uint64_t ticks = 0;
    const auto first = std::from_chars(text.data(), text.data() + 4, number);
    const auto second = std::from_chars(text.data() + 5, text.data() + size, ticks, 16);
    if (first.ptr != text.data() + 4 || second.ptr != text.data() + size) return {};
    using Clock = std::chrono::steady_clock;
    return {number, Clock::time_point(Clock::duration(static_cast<Clock::rep>(ticks)))};
}

struct PacedUpstream::Connection {
    UniqueFd fd;
    std::uint64_t number = 0;
    std::string in;
    std::string out;  // not yet taken by the socket
    Pace pace;
    int sent = 0;
    bool busy = false;
    bool held = false;
    bool wants_write = false;
    Clock::time_point next;
};

PacedUpstream::PacedUpstream(Pace pace) : pace_(pace) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 4096) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "listen");
    port_ = ntohs(address.sin_port);
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = 0}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event);
    event.data.u64 = 1;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
    thread_ = std::thread([this] { run(); });
}

PacedUpstream::~PacedUpstream() {
    stop_ = true;
    ::eventfd_write(wake_.get(), 1);
    thread_.join();
}

void PacedUpstream::set_pace(Pace pace) {
    const std::lock_guard lock(mutex_);
    pace_ = pace;
}

void PacedUpstream::release() {
    release_ = true;
    ::eventfd_write(wake_.get(), 1);
}

std::string PacedUpstream::last_request() const {
    const std::lock_guard lock(mutex_);
    return last_request_;
}

void PacedUpstream::run() {
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    std::array<epoll_event, 256> events;
    while (!stop_) {
        timespec wait{.tv_sec = 1, .tv_nsec = 0};
        if (!due_.empty()) {
            const auto left = std::max(Clock::duration(0), due_.top().when - Clock::now());
            wait = {.tv_sec = left / std::chrono::seconds(1),
                    .tv_nsec = (left % std::chrono::seconds(1)).count()};
        }
        const int count = ::epoll_pwait2(epoll_.get(), events.data(), events.size(), &wait, nullptr);
        for (int i = 0; i < count; ++i) {
            const std::uint64_t number = events[static_cast<std::size_t>(i)].data.u64;
            if (number == 0) accept_all();
            if (number == 1) {
                eventfd_t ignored = 0;
                ::eventfd_read(wake_.get(), &ignored);
            }
            const auto found = connections_.find(number);
            if (found != connections_.end()) on_readable(*found->second);
        }
        const auto now = Clock::now();
        if (release_.exchange(false)) {
            for (const auto& [number, connection] : connections_) {
                if (std::exchange(connection->held, false)) due_.push({now, number});
            }
        }
        while (!due_.empty() && due_.top().when <= now) {
            const std::uint64_t number = due_.top().connection;
            due_.pop();
            const auto found = connections_.find(number);
            if (found != connections_.end() && found->second->busy) on_due(*found->second, now);
        }
    }
}

void PacedUpstream::accept_all() {
    while (true) {
        UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!fd) return;
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto connection = std::make_unique<Connection>();
        connection->number = ++last_connection_;
        epoll_event event{.events = EPOLLIN, .data = {.u64 = connection->number}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event);
        connection->fd = std::move(fd);
        connections_.emplace(connection->number, std::move(connection));
    }
}

void PacedUpstream::on_readable(Connection& connection) {
    if (!connection.out.empty()) send(connection);
    std::array<char, 16 << 10> bytes;
    const ssize_t count = ::recv(connection.fd.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        if (connection.busy) --open_requests_;
        connections_.erase(connection.number);
        return;
    }
    connection.in.append(bytes.data(), static_cast<std::size_t>(count));
    const HttpText request = parse_http(connection.in);
    if (request.size == 0 || connection.busy) return;
    {
        const std::lock_guard lock(mutex_);
        connection.pace = pace_;
        last_request_.assign(connection.in, 0, request.size);
    }
    connection.in.erase(0, request.size);
    if (connection.in.capacity() > 4096) connection.in.shrink_to_fit();
    connection.busy = true;
    connection.sent = 0;
    ++open_requests_;
    connection.held = connection.pace.hold;
    if (connection.held) return;
    const auto now = Clock::now();
    connection.next = now + connection.pace.first;
    if (connection.pace.first.count() == 0)
        on_due(connection, now);
    else
        due_.push({connection.next, connection.number});
}

void PacedUpstream::on_due(Connection& connection, Clock::time_point now) {
    const Pace& pace = connection.pace;
    if (connection.sent == 0) {
        connection.out += ScriptedUpstream::stream_head();
        connection.next = now;
    }
    do {
        const std::string text = chunk_text(connection.sent, Clock::now());
        connection.out += event_of(fmt::format(R"({{"content":"{}"}})", text), "null");
    } while (++connection.sent < pace.chunks && pace.between.count() == 0);
    const bool over = connection.sent == pace.chunks;
    if (over) {
        connection.out += end_of_stream();
        connection.busy = false;
        --open_requests_;
    } else {
        connection.next += pace.between;
        due_.push({connection.next, connection.number});
    }
    send(connection);
}

void PacedUpstream::send(Connection& connection) {
    const ssize_t count =
        ::send(connection.fd.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (count > 0) connection.out.erase(0, static_cast<std::size_t>(count));
    const bool wants_write = !connection.out.empty();
    if (wants_write == std::exchange(connection.wants_write, wants_write)) return;
    const std::uint32_t events = wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN;
    epoll_event event{.events = events, .data = {.u64 = connection.number}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd.get(), &event);
}

}  // namespace assistd::bench
