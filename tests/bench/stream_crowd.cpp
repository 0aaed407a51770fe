#include "stream_crowd.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

namespace assistd::bench {

using Clock = StreamReader::Clock;

StreamCrowd::StreamCrowd(std::uint16_t port, std::vector<std::string> requests)
    : requests_(std::move(requests)), readers_(requests_.size()), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
        sockets_.push_back(connect_to(port));
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, sockets_.back().get(), &event);
    }
}

void StreamCrowd::run(std::chrono::microseconds apart, std::chrono::seconds at_most,
                      const std::function<bool()>& enough) {
    const auto begun = Clock::now();
    auto next = begun;
    std::array<epoll_event, 256> events;
    while (!enough()) {
        const auto now = Clock::now();
        if (now > begun + at_most)
            throw std::runtime_error(fmt::format("After {} s {} of {} streams were over.", at_most.count(),
                                                 over_, readers_.size()));
        int wait_ms = 10;
        if (sent_ < sockets_.size()) {
            wait_ms = 0;
            if (next <= now) {
                send_next();
                next += apart;
            }
        }
        const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms);
        for (int i = 0; i < count; ++i) read(events[static_cast<std::size_t>(i)].data.u64);
    }
}

void StreamCrowd::send_next() {
    const std::string& request = requests_[sent_];
    if (::send(sockets_[sent_].get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
        throw std::runtime_error("A request could not be sent.");
    ++sent_;
}

void StreamCrowd::read(std::size_t place) {
    std::array<char, 64 << 10> bytes;
    const ssize_t count = ::recv(sockets_[place].get(), bytes.data(), bytes.size(), 0);
    StreamReader& reader = readers_[place];
    if (count > 0) reader.feed({bytes.data(), static_cast<std::size_t>(count)}, Clock::now());
    if (count <= 0 && !reader.over())
        throw std::runtime_error("The server closed a connection in the middle of a stream.");
    if (count > 0 && !reader.over()) return;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, sockets_[place].get(), nullptr);
    ++over_;
}

}  // namespace assistd::bench
