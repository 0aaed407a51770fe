#include "base/frame_socket.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace assistd {
namespace {

struct Header {
    std::uint32_t size;
    std::uint16_t kind;
    std::uint16_t files;
};
static_assert(sizeof(Header) == 8);

// Room for one message's descriptors, aligned as the kernel wants it.
union Control {
    cmsghdr align;
    std::array<char, CMSG_SPACE(sizeof(int) * max_frame_files)> bytes;
};

[[noreturn]] void broken(const std::string& why) {
    throw Error(ErrorCode::internal, "The other side of a frame socket broke the protocol: " + why + ".");
}

std::string with_header(std::uint16_t kind, const std::string& payload, std::size_t files) {
    if (payload.size() > max_frame_bytes || files > max_frame_files)
        throw Error(ErrorCode::payload_too_large, "A frame of " + std::to_string(payload.size()) +
                                                      " bytes is larger than a plugin host takes.");
    const Header header{static_cast<std::uint32_t>(payload.size()), kind, static_cast<std::uint16_t>(files)};
    std::string bytes(sizeof header, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes + payload;
}

void attach(msghdr& message, Control& control, const std::vector<int>& files) {
    const std::size_t bytes = sizeof(int) * files.size();
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(bytes);
    std::fill_n(control.bytes.data(), message.msg_controllen, '\0');  // its padding is sent too
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(head), files.data(), bytes);
}

void take_files(msghdr& message, std::deque<UniqueFd>& files) {
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(head) + i * sizeof(int), sizeof(int));
            files.emplace_back(fd);
        }
    }
}

}  // namespace

void FrameSocket::queue(std::uint16_t kind, const std::string& payload, std::vector<int> files) {
    if (!out_.empty()) throw Error(ErrorCode::internal, "A frame was queued before the last one was sent.");
    out_ = with_header(kind, payload, files.size());
    out_files_ = std::move(files);
    sent_ = 0;
}

SocketState FrameSocket::flush() {
    while (sent_ < out_.size()) {
        iovec part{out_.data() + sent_, out_.size() - sent_};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        Control control;
        if (!out_files_.empty()) attach(message, control, out_files_);
        const ssize_t put = ::sendmsg(fd(), &message, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && errno == EAGAIN) return SocketState::would_block;
        if (put < 0) return SocketState::closed;
        out_files_.clear();  // they travel with the first byte
        sent_ += static_cast<std::size_t>(put);
    }
    out_.clear();
    sent_ = 0;
    return SocketState::done;
}

SocketState FrameSocket::fill(bool wait) {
    if (taken_ > 0) {
        in_.erase(0, taken_);
        taken_ = 0;
    }
    // A large frame is read in large pieces, one of a usual size in a single call: to wait for the rest costs
    // more than the room.
    std::size_t room = 16u << 10;
    if (in_.size() >= sizeof(Header)) {
        Header header;
        std::memcpy(&header, in_.data(), sizeof header);
        const std::size_t missing =
            sizeof header + header.size - std::min(in_.size(), sizeof header + header.size);
        room = std::clamp<std::size_t>(missing, room, 256u << 10);
    }
    const std::size_t before = in_.size();
    in_.resize(before + room);
    iovec part{in_.data() + before, room};
    Control control;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    ssize_t got = 0;
    do got = ::recvmsg(fd(), &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    while (got < 0 && errno == EINTR);
    in_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) return errno == EAGAIN ? SocketState::would_block : SocketState::closed;
    if (got == 0) return SocketState::closed;
    take_files(message, in_files_);
    if ((message.msg_flags & MSG_CTRUNC) || in_files_.size() > 2 * max_frame_files)
        broken("too many descriptors");
    return SocketState::done;
}

std::optional<Frame> FrameSocket::take() {
    if (in_.size() - taken_ < sizeof(Header)) return std::nullopt;
    Header header;
    std::memcpy(&header, in_.data() + taken_, sizeof header);
    if (header.size > max_frame_bytes) broken("a frame of " + std::to_string(header.size) + " bytes");
    if (header.files > max_frame_files) broken("too many descriptors");
    if (in_.size() - taken_ < sizeof header + header.size) return std::nullopt;
    if (header.files > in_files_.size()) broken("missing descriptors");
    Frame frame{header.kind, in_.substr(taken_ + sizeof header, header.size), {}};
    for (int i = 0; i < header.files; ++i) {
        frame.files.push_back(std::move(in_files_.front()));
        in_files_.pop_front();
    }
    taken_ += sizeof header + header.size;
    if (taken_ == in_.size()) {
        in_.clear();
        taken_ = 0;
        if (in_.capacity() > (64u << 10)) in_.shrink_to_fit();
    }
    return frame;
}

bool FrameSocket::send_now(std::uint16_t kind, const std::string& payload) const {
    const std::string bytes = with_header(kind, payload, 0);
    return ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
           static_cast<ssize_t>(bytes.size());
}

}  // namespace assistd
