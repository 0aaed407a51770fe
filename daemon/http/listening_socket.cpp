#include "http/listening_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"

namespace assistd::http {
namespace {

namespace fs = std::filesystem;

int find_socket(std::uint16_t port) {
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        const int fd = std::atoi(entry.path().filename().c_str());
        int listening = 0;
        socklen_t size = sizeof listening;
        if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) continue;
        sockaddr_storage address{};
        size = sizeof address;
        if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) continue;
        in_port_t bound = 0;
        if (address.ss_family == AF_INET) bound = reinterpret_cast<const sockaddr_in&>(address).sin_port;
        if (address.ss_family == AF_INET6) bound = reinterpret_cast<const sockaddr_in6&>(address).sin6_port;
        if (ntohs(bound) == port) return fd;
    }
    throw Error(ErrorCode::unavailable, "The listening socket cannot be found.");
}

// What the kernel tells of an epoll: a line "tfd: 5 events: 19 data: 5 …" for each descriptor that it waits
// for.
bool waits_for(const std::string& epoll, int socket, std::uint32_t& events, std::uint64_t& data) {
    std::ifstream about("/proc/self/fdinfo/" + epoll);
    std::string word;
    while (about >> word) {
        if (word != "tfd:") continue;
        int descriptor = -1;
        std::string label, label_of_data;
        about >> std::dec >> descriptor >> label >> std::hex >> events >> label_of_data >> data;
        if (about && descriptor == socket) return true;
    }
    return false;
}

}  // namespace

ListeningSocket::ListeningSocket(std::uint16_t port) : socket_(find_socket(port)) {
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (fs::read_symlink(entry.path(), gone) != "anon_inode:[eventpoll]") continue;
        const std::string number = entry.path().filename();
        if (!waits_for(number, socket_, events_, data_)) continue;
        epoll_ = std::atoi(number.c_str());
        return;
    }
    throw Error(ErrorCode::unavailable, "What waits for the listening socket cannot be found.");
}

// An epoll goes by the open socket, not by its number, so it is told of both.
void ListeningSocket::become(int socket) {
    constexpr int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // each connection has it from here
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket_, nullptr);
    epoll_event wanted{};
    wanted.events = events_;
    wanted.data.u64 = data_;
    if (::dup3(socket, socket_, O_CLOEXEC) < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &wanted) != 0)
        throw Error(ErrorCode::unavailable, "The socket that systemd gave cannot be listened on.");
}

void ListeningSocket::listen(int backlog) const {
    ::listen(socket_, backlog);
}

std::string ListeningSocket::address() const {
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
    char text[INET6_ADDRSTRLEN] = "";
    if (own.ss_family == AF_INET6) {
        const in6_addr& six = reinterpret_cast<const sockaddr_in6&>(own).sin6_addr;
        return IN6_IS_ADDR_UNSPECIFIED(&six) ? "::1" : ::inet_ntop(AF_INET6, &six, text, sizeof text);
    }
    const in_addr& four = reinterpret_cast<const sockaddr_in&>(own).sin_addr;
    return four.s_addr == INADDR_ANY ? "127.0.0.1" : ::inet_ntop(AF_INET, &four, text, sizeof text);
}

// Puts a socket that nobody can connect to in its place: Pistache must not find a closed number or an error
// there, it would end the process or spin.
void ListeningSocket::stop_accepting() const {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket_, nullptr);
    const UniqueFd inert(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (inert) ::dup3(inert.get(), socket_, O_CLOEXEC);
}

}  // namespace assistd::http
