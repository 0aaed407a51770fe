#include "stream_reader.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstring>
#include <ctime>
#include <span>
#include <stdexcept>

#include "http_text.h"
#include "paced_upstream.h"

namespace assistd::bench {
namespace {

using Clock = StreamReader::Clock;

struct Arrived {
    std::size_t size = 0;
    Clock::time_point at;
};

// When the bytes came to the socket, which the kernel tells. When their reader runs then is another matter:
// here it shares its processors with who is measured, and readers elsewhere do not.
Arrived receive(int fd, std::span<char> bytes) {
    iovec space{bytes.data(), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
    msghdr message{};
    message.msg_iov = &space;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t count = ::recvmsg(fd, &message, 0);
    if (count <= 0) throw std::runtime_error("The server closed the connection in the middle of a stream.");
    const auto now = Clock::now();
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    const cmsghdr* const head = CMSG_FIRSTHDR(&message);
    if (head == nullptr || head->cmsg_type != SCM_TIMESTAMPNS)
        throw std::runtime_error("The system does not say when something arrived.");
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(head), sizeof stamp);
    const auto ago = std::chrono::seconds(wall.tv_sec - stamp.tv_sec) +
                     std::chrono::nanoseconds(wall.tv_nsec - stamp.tv_nsec);
    return {static_cast<std::size_t>(count), now - ago};
}

}  // namespace

void StreamReader::feed(std::string_view bytes, Clock::time_point now) {
    in_ += bytes;
    if (!has_head_ && !take_head()) return;
    while (!over_ && take_http_chunk(now)) {}
    take_lines(now);
}

bool StreamReader::take_head() {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    if (!is_success(in_) || in_.find("text/event-stream") > end)
        throw std::runtime_error("A reply is no stream of events:\n" + in_);
    in_.erase(0, end + 4);
    has_head_ = true;
    return true;
}

bool StreamReader::take_http_chunk(Clock::time_point now) {
    const std::size_t line = in_.find("\r\n");
    if (line == std::string::npos) return false;
    std::size_t size = 0;
    std::from_chars(in_.data(), in_.data() + line, size, 16);
    if (in_.size() < line + 2 + size + 2) return false;
    lines_.append(in_, line + 2, size);
    in_.erase(0, line + 2 + size + 2);
    if (size > 0) return true;
    over_ = true;
    end_ = now;
    return false;
}

void StreamReader::take_lines(Clock::time_point now) {
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = lines_.find('\n', begin)) != std::string::npos; begin = end + 1)
        take_line(std::string_view(lines_).substr(begin, end - begin), now);
    lines_.erase(0, begin);
}

// Both the model server's and the daemon's pieces of text stand in a member "delta"; whole messages do not.
void StreamReader::take_line(std::string_view line, Clock::time_point now) {
    if (line == "event: turn.completed") completed_ = true;
    const std::size_t delta = line.find("\"delta\":");
    if (delta == std::string_view::npos) return;
    for (std::size_t mark = line.find(chunk_mark, delta); mark != std::string_view::npos;
         mark = line.find(chunk_mark, mark + 1)) {
        const ChunkStamp stamp = read_stamp(line.substr(mark + 1));
        if (stamp.number != chunks_)
            throw std::runtime_error(
                fmt::format("The chunk {} was expected and this came: {}", chunks_, line));
        if (chunks_++ == 0)
            first_ = now;
        else
            lateness_.add(now - stamp.sent_at);
        last_ = now;
    }
}

StreamAsker::Heard StreamAsker::ask(const std::string& request, int chunks) {
    std::array<char, 64 << 10> bytes;
    StreamReader reader;
    const int on = 1;
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    const auto begun = Clock::now();
    if (::send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
        throw std::runtime_error("A request could not be sent.");
    while (!reader.over()) {
        const Arrived arrived = receive(fd_.get(), bytes);
        reader.feed({bytes.data(), arrived.size}, arrived.at);
    }
    if (reader.chunks() != chunks)
        throw std::runtime_error(fmt::format("{} of {} chunks came.", reader.chunks(), chunks));
    return {reader.first() - begun, reader.last() - begun, reader.end() - begun, reader.lateness()};
}

}  // namespace assistd::bench
