#pragma once
// One client's connection: frames what arrives into requests, one after the other, and owns every byte that
// goes out. Pistache's reactor brings the bytes, a coroutine on the io_context answers, the writer loop goes
// on sending and keeps the time. The lock orders them; it is never held while a handler or a stop callback
// runs.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "http/body_reader.h"
#include "http/head.h"
#include "http/outbox.h"
#include "http/service.h"
#include "http/stream.h"
#include "http/writer_loop.h"

namespace assistd::http {

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    using Clock = std::chrono::steady_clock;

    // `socket` is a duplicate of the one that Pistache reads from.
    Connection(std::shared_ptr<const Service> service, std::shared_ptr<WriterLoop> loop, UniqueFd socket,
               std::string peer);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    void join_loop();  // once, when a shared_ptr owns it

    // Reactor thread.
    void on_input(std::string_view bytes);
    void on_peer_gone();
    void turn_away();  // there are too many connections: 503

    // Writer loop.
    void on_writable();
    void on_tick(Clock::time_point now);

    // The coroutine that answers the present exchange.
    const Service& service() const { return *service_; }
    // Sends the head of a streaming reply; null when no body is wanted.
    std::shared_ptr<Stream> open_stream(const Reply& reply, const ReplyContext& context);
    struct Finished {
        std::optional<Exchange> next;  // if it is complete already
        std::int64_t bytes = 0;        // of the body that was sent
        bool delivered = false;        // false: the client had left
    };
    // Each ends the present reply. The bytes go out under the lock: what the client sends on their receipt
    // must meet a connection that is ready for it.
    Finished finish(Reply reply, const ReplyContext& context);
    Finished finish(const std::shared_ptr<Stream>& stream);

    // Any thread.
    bool stream(std::string_view bytes);  // bytes of the present stream; false when the client is gone
    // The same for bytes that more follow soon: sent with those, or when this thread has done what it is at.
    bool stream_with_next(std::string_view bytes);
    // The last bytes of one: taken also behind a piece that fills the queue by itself.
    bool stream_end(std::string_view bytes);
    bool alive() const { return !dead_.load(std::memory_order_acquire); }
    void close_if_idle();  // for a server that stops
    void kill();           // ends it at once; a handler that still runs is told

  private:
    enum class Phase {
        idle,       // nothing of the next request has arrived
        head,       // a part of its head
        body,       // a part of its body
        busy,       // a handler is at work, or its stream
        flushing,   // the reply waits for the client to take it
        lingering,  // all is said; the client may still be sending
        dead,
    };

    std::optional<Exchange> advance();
    bool begin_request();
    bool pass_over();
    Exchange take_request();
    void refuse(const Error& error);
    void answer_at_once(Reply reply, const ReplyContext& context, const RequestNote& note);
    void after_reply();
    void enter(Phase phase);
    void die();

    std::optional<Exchange> reply_done();
    bool transmit(Reply reply, const ReplyContext& context, bool keep_alive, std::int64_t& bytes);
    bool note(Outbox::State state);
    void start(std::optional<Exchange> exchange, FairQueue::Where where = FairQueue::Where::io_context);

    const std::shared_ptr<const Service> service_;
    const std::shared_ptr<WriterLoop> loop_;
    const std::string peer_;
    std::uint64_t id_ = 0;
    Outbox outbox_;
    std::atomic<bool> dead_{false};

    std::mutex mutex_;  // guards what follows
    Phase phase_ = Phase::idle;
    Clock::time_point since_ = Clock::now();  // of the phase
    std::string input_;                       // arrived and not yet understood
    HeadScanner scanner_;
    std::size_t to_pass_over_ = 0;      // bytes of the body of a request that was refused
    std::optional<Exchange> incoming_;  // its head is read, its body is not complete
    BodyReader body_;
    bool keep_alive_ = true;
    bool peer_gone_ = false;
    std::stop_source gone_{std::nostopstate};  // of the request that is being answered
    std::weak_ptr<Stream> stream_;             // of the reply that is being given
};

// Answers `exchange`, and then has the request answered that waits behind it.
Task<void> serve(std::shared_ptr<Connection> connection, Exchange exchange);

}  // namespace assistd::http
