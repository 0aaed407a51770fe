#include "stream_reader.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "arrival.h"
#include "http_text.h"
#include "paced_upstream.h"

namespace assistd::bench {
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
    using Clock = StreamReader::Clock;
    std::array<char, 64 << 10> bytes;
    StreamReader reader;
    note_arrivals(fd_.get());
    const auto begun = Clock::now();
    if (::send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
        throw std::runtime_error("A request could not be sent.");
    while (!reader.over()) {
        const Arrived arrived = receive(fd_.get(), bytes);
        if (arrived.size <= 0)
            throw std::runtime_error("The server closed the connection in the middle of a stream.");
        reader.feed({bytes.data(), static_cast<std::size_t>(arrived.size)}, arrived.at);
    }
    if (reader.chunks() != chunks)
        throw std::runtime_error(fmt::format("{} of {} chunks came.", reader.chunks(), chunks));
    return {reader.first() - begun, reader.last() - begun, reader.end() - begun, reader.lateness()};
}

}  // namespace assistd::bench
