#include "http/outbox.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace assistd::http {
namespace {

constexpr std::size_t share = 512 * 1024;  // what one client may be sent before the next has its turn
constexpr std::size_t file_piece = 256 * 1024;
constexpr std::size_t worth_joining = 8 * 1024;  // small queued events are sent together

bool would_block(int number) {
    return number == EAGAIN || number == EWOULDBLOCK;
}

}  // namespace

Outbox::State Outbox::send(std::string head, std::string body) {
    return push(std::move(head), std::move(body));
}
Outbox::State Outbox::send(std::string head, FileBody body) {
    return push(std::move(head), std::move(body));
}

Outbox::State Outbox::push(std::string head, Item body) {
    const std::lock_guard lock(mutex_);
    if (broken_) return State::broken;
    const bool idle = begin_sending();
    queued_bytes_ += head.size();
    queue_.emplace_back(std::move(head));
    if (const auto* text = std::get_if<std::string>(&body)) queued_bytes_ += text->size();
    const auto* text = std::get_if<std::string>(&body);
    if (text == nullptr || !text->empty()) queue_.push_back(std::move(body));
    return idle ? send_queued() : State::queued;
}

Outbox::State Outbox::append(std::string_view bytes, std::size_t limit) {
    const std::lock_guard lock(mutex_);
    if (broken_) return State::broken;
    const bool idle = begin_sending();
    if (!idle && queued_bytes_ + bytes.size() > limit) {
        drop();
        return State::broken;
    }
    queue(bytes);
    return idle ? send_queued() : State::queued;
}

Outbox::State Outbox::hold(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (broken_) return State::broken;
    held_ = begin_sending();
    queue(bytes);
    return State::queued;
}

Outbox::State Outbox::release() {
    const std::lock_guard lock(mutex_);
    if (broken_) return State::broken;
    return std::exchange(held_, false) ? send_queued() : State::queued;
}

// True when nothing waits for the socket, so that it may be tried at once.
bool Outbox::begin_sending() {
    const bool idle = queue_.empty() || held_;
    held_ = false;
    if (idle) progress_ = std::chrono::steady_clock::now();
    return idle;
}

void Outbox::queue(std::string_view bytes) {
    queued_bytes_ += bytes.size();
    auto* last = queue_.empty() ? nullptr : std::get_if<std::string>(&queue_.back());
    if (last != nullptr && last->size() < worth_joining)
        last->append(bytes);
    else
        queue_.emplace_back(std::string(bytes));
}

Outbox::State Outbox::flush() {
    const std::lock_guard lock(mutex_);
    armed_ = false;
    return broken_ ? State::broken : send_queued();
}

Outbox::State Outbox::send_queued() {
    std::size_t budget = share;
    bool ready = true;
    while (ready && !broken_ && !queue_.empty() && budget > 0) {
        auto* file = std::get_if<FileBody>(&queue_.front());
        ready = file != nullptr ? send_file(*file, budget) : send_texts(budget);
    }
    if (broken_) return State::broken;
    if (queue_.empty()) return State::drained;
    if (armed_) return State::queued;
    armed_ = true;
    return State::arm;
}

// Sends the texts at the front in one call. False when the socket takes no more for now.
bool Outbox::send_texts(std::size_t& budget) {
    std::array<iovec, 16> parts;
    std::size_t count = 0;
    std::size_t skip = offset_;
    bool more = false;  // a file follows: its first bytes shall share a packet with the head
    for (Item& item : queue_) {
        auto* text = std::get_if<std::string>(&item);
        more = text == nullptr;
        if (more || count == parts.size()) break;
        parts[count++] = {text->data() + skip, text->size() - skip};
        skip = 0;
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent =
        ::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (sent < 0) {
        if (errno == EINTR) return true;
        if (!would_block(errno)) drop();
        return false;
    }
    taken(static_cast<std::size_t>(sent));
    budget -= std::min(budget, static_cast<std::size_t>(sent));
    return true;
}

void Outbox::taken(std::size_t count) {
    progress_ = std::chrono::steady_clock::now();
    queued_bytes_ -= count;
    offset_ += count;
    while (!queue_.empty()) {
        const auto* text = std::get_if<std::string>(&queue_.front());
        if (text == nullptr || offset_ < text->size()) break;
        offset_ -= text->size();
        queue_.pop_front();
    }
}

bool Outbox::send_file(FileBody& file, std::size_t& budget) {
    if (file.length > 0) {
        off_t offset = file.offset;
        const auto piece =
            std::min({static_cast<std::uint64_t>(file.length), static_cast<std::uint64_t>(file_piece),
                      static_cast<std::uint64_t>(budget)});
        const ssize_t sent = ::sendfile(socket_.get(), file.file->get(), &offset, piece);
        if (sent < 0 && errno == EINTR) return true;
        if (sent < 0 && would_block(errno)) return false;
        if (sent <= 0) {  // the client is gone, or the file is shorter than the length that was announced
            drop();
            return false;
        }
        progress_ = std::chrono::steady_clock::now();
        file.offset += sent;
        file.length -= sent;
        budget -= std::min(budget, static_cast<std::size_t>(sent));
    }
    if (file.length <= 0) queue_.pop_front();
    return true;
}

bool Outbox::drained() const {
    const std::lock_guard lock(mutex_);
    return queue_.empty();
}

std::optional<std::chrono::steady_clock::time_point> Outbox::stalled_since() const {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return std::nullopt;
    return progress_;
}

void Outbox::drop() {
    broken_ = true;
    queue_.clear();
    offset_ = queued_bytes_ = 0;
    ::shutdown(socket_.get(), SHUT_RDWR);
}

void Outbox::end_sending() {
    const std::lock_guard lock(mutex_);
    if (!broken_) ::shutdown(socket_.get(), SHUT_WR);
}

void Outbox::shut() {
    const std::lock_guard lock(mutex_);
    if (!broken_) drop();
}

}  // namespace assistd::http
