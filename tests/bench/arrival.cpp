#include "arrival.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <system_error>

namespace assistd::bench {

void note_arrivals(int fd) {
    const int on = 1;
    if (::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0)
        throw std::system_error(errno, std::generic_category(), "SO_TIMESTAMPNS");
}

Arrived receive(int fd, std::span<char> bytes) {
    iovec space{bytes.data(), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
    msghdr message{};
    message.msg_iov = &space;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    Arrived arrived;
    arrived.size = ::recvmsg(fd, &message, 0);
    arrived.at = std::chrono::steady_clock::now();
    if (arrived.size <= 0) return arrived;
    timespec now{}, stamp{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const cmsghdr* const head = CMSG_FIRSTHDR(&message);
    if (head == nullptr || head->cmsg_type != SCM_TIMESTAMPNS)
        throw std::runtime_error("The system does not say when something arrived.");
    std::memcpy(&stamp, CMSG_DATA(head), sizeof stamp);
    arrived.at -= std::chrono::seconds(now.tv_sec - stamp.tv_sec) +
                  std::chrono::nanoseconds(now.tv_nsec - stamp.tv_nsec);
    return arrived;
}

}  // namespace assistd::bench
