#include "http/stream.h"

#include <charconv>
#include <string>

#include "http/connection.h"

namespace assistd::http {

Stream::Stream(std::weak_ptr<Connection> connection, bool chunked, bool comments)
    : connection_(std::move(connection)), chunked_(chunked), comments_(comments) {}

bool Stream::write(std::string_view bytes) {
    return take(bytes, When::now);
}

bool Stream::write_last(std::string_view bytes) {
    return take(bytes, When::with_the_next);
}

bool Stream::take(std::string_view bytes, When when) {
    if (bytes.empty()) return alive();  // an empty chunk would end the body
    {
        const std::lock_guard lock(mutex_);
        if (!open_) return false;
        last_write_ = std::chrono::steady_clock::now();
        between_events_ = bytes.ends_with("\n\n");
        written_ += static_cast<std::int64_t>(bytes.size());
        if (send(bytes, when)) return true;
    }
    // Without the lock: what the handler does when it learns of this may come back here.
    kill();
    return false;
}

bool Stream::send(std::string_view bytes, When when) {
    const auto connection = connection_.lock();
    if (!connection) return false;
    if (!chunked_) return connection->stream(bytes);
    char size[16];
    const auto end = std::to_chars(size, size + sizeof size, bytes.size(), 16).ptr;
    std::string chunk;
    chunk.reserve(bytes.size() + 24);
    chunk.append(size, end).append("\r\n").append(bytes).append("\r\n");
    return when == When::now ? connection->stream(chunk) : connection->stream_with_next(chunk);
}

std::int64_t Stream::written() const {
    const std::lock_guard lock(mutex_);
    return written_;
}

bool Stream::alive() const {
    const auto connection = connection_.lock();
    return connection && connection->alive();
}

void Stream::kill() const {
    if (const auto connection = connection_.lock()) connection->kill();
}

void Stream::finish() {
    const std::lock_guard lock(mutex_);
    const auto connection = connection_.lock();
    if (open_ && chunked_ && connection) connection->stream_end("0\r\n\r\n");
    open_ = false;
}

void Stream::keep_alive(std::chrono::steady_clock::time_point now, std::chrono::milliseconds quiet) {
    {
        const std::lock_guard lock(mutex_);
        if (!open_ || !comments_ || !between_events_ || now - last_write_ < quiet) return;
        last_write_ = now;
        if (send(": keep-alive\n\n", When::now)) return;
    }
    kill();
}

}  // namespace assistd::http
