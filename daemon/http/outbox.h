#pragma once
// What is on its way to one client: sent at once as far as the socket takes it, the rest queued. It owns the
// connection's duplicate of the socket, so bytes can never reach another client. Any thread; never blocks.

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "base/unique_fd.h"
#include "http/reply.h"

namespace assistd::http {

class Outbox {
  public:
    explicit Outbox(UniqueFd socket) : socket_(std::move(socket)) {}

    enum class State {
        drained,  // the kernel has everything
        arm,      // something is left: the caller asks the writer loop to tell when the socket takes more
        queued,   // something is left and the loop is asked already
        broken,   // the client is gone
    };

    // One reply. It is in memory (or a file) already, so it is taken whatever its size.
    State send(std::string head, std::string body);
    State send(std::string head, FileBody body);
    // A piece of a stream, whose producer must not run ahead of a slow client: broken beyond `limit` queued
    // bytes.
    State append(std::string_view bytes, std::size_t limit);
    // Taken, and sent with what is appended next or by release(), whichever comes first: the caller does one
    // of them soon.
    State hold(std::string_view bytes);
    State release();
    // For the writer loop, when the socket takes more.
    State flush();

    bool drained() const;
    // Since when the socket has not taken a byte of what waits; nothing when nothing waits.
    std::optional<std::chrono::steady_clock::time_point> stalled_since() const;

    void end_sending();  // FIN after what was sent
    void shut();         // both ways, at once; what is queued is dropped
    int socket() const { return socket_.get(); }

  private:
    using Item = std::variant<std::string, FileBody>;

    State push(std::string head, Item body);
    void queue(std::string_view bytes);
    bool begin_sending();
    State send_queued();
    bool send_texts(std::size_t& budget);
    bool send_file(FileBody& file, std::size_t& budget);
    void taken(std::size_t count);
    void drop();

    const UniqueFd socket_;
    mutable std::mutex mutex_;
    std::deque<Item> queue_;
    std::size_t offset_ = 0;        // of the first item, when it is a text
    std::size_t queued_bytes_ = 0;  // of texts
    std::chrono::steady_clock::time_point progress_;
    bool held_ = false;  // all of it, until more comes
    bool armed_ = false;
    bool broken_ = false;
};

}  // namespace assistd::http
