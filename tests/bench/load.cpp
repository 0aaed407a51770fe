#include "load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "http_text.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Client {
    UniqueFd fd;
    std::string in;
    std::uint64_t number = 0;
    Clock::time_point sent_at;
    bool waiting = false;
};

void send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0) throw std::system_error(errno, std::generic_category(), "send");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void receive(int fd, std::string& in) {
    std::array<char, 16 << 10> bytes;
    const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (count <= 0) throw std::runtime_error("The server closed a connection of the load generator.");
    in.append(bytes.data(), static_cast<std::size_t>(count));
}

}  // namespace

double Latencies::ms(double quantile) const {
    if (times_.empty()) return 0;
    const auto place = static_cast<std::size_t>(quantile * static_cast<double>(times_.size() - 1));
    std::nth_element(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(place), times_.end());
    return std::chrono::duration<double, std::milli>(times_[place]).count();
}

UniqueFd connect_to(std::uint16_t port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::system_error(errno, std::generic_category(), "connect");
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

Answer Asker::ask(const std::string& request) {
    const auto begun = Clock::now();
    send_all(fd_.get(), request);
    HttpText reply;
    while ((reply = parse_http(in_)).size == 0) receive(fd_.get(), in_);
    Answer answer{is_success(reply.head), std::string(reply.body), Clock::now() - begun};
    in_.erase(0, reply.size);
    return answer;
}

LoadResult run_load(const Load& load) {
    const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
    std::vector<Client> clients(static_cast<std::size_t>(load.clients));
    LoadResult result;
    std::uint64_t sent = 0;
    std::size_t waiting = 0;
    const auto begun = Clock::now();
    const auto until = begun + load.time;

    const auto send_next = [&](std::size_t place) {
        Client& client = clients[place];
        const std::string request = load.request(static_cast<int>(place), client.number);
        client.sent_at = Clock::now();
        client.waiting = true;
        ++sent;
        ++waiting;
        send_all(client.fd.get(), request);
    };
    for (std::size_t i = 0; i < clients.size(); ++i) {
        clients[i].fd = connect_to(load.port);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, clients[i].fd.get(), &event);
        if (sent < load.most) send_next(i);
    }
    std::array<epoll_event, 128> events;
    while (waiting > 0) {
        const int count = ::epoll_wait(epoll.get(), events.data(), events.size(), 30'000);
        if (count == 0)
            throw std::runtime_error("The server did not reply to the load generator within 30 s.");
        for (int i = 0; i < count; ++i) {
            const std::size_t place = events[static_cast<std::size_t>(i)].data.u64;
            Client& client = clients[place];
            receive(client.fd.get(), client.in);
            const HttpText reply = parse_http(client.in);
            if (reply.size == 0) continue;
            const auto now = Clock::now();
            result.latencies.add(now - client.sent_at);
            if (!load.check(static_cast<int>(place), client.number, reply.head, reply.body)) {
                if (result.wrong++ == 0) result.first_wrong = client.in.substr(0, reply.size);
            }
            client.in.erase(0, reply.size);
            ++client.number;
            client.waiting = false;
            --waiting;
            if (now < until && sent < load.most) send_next(place);
        }
    }
    result.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    return result;
}

}  // namespace assistd::bench
