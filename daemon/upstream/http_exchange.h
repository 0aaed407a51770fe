#pragma once
// One request and its reply, between the HTTP client, which fills it, and the coroutine that reads
// it. Everything is guarded by one mutex that neither side holds for longer than a copy of what has arrived.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "upstream/http_client.h"
#include "upstream/upstream_error.h"

namespace assistd {

class HttpTransfer;

class HttpExchange {
  public:
    static constexpr std::size_t unread_limit = 256 << 10;

    explicit HttpExchange(HttpRequest what);
    ~HttpExchange();

    // Touched with the client's lock held only (HttpLoop), once the request was sent.
    HttpRequest request;
    HttpTransfer* transfer = nullptr;  // while it is on its way
    bool changed = false;              // in this round of the client's loop

    // With the client's lock held, but for wake(). What is put here is not seen before the next wake().
    void put_head(HttpHead head);
    bool put_body(std::string_view bytes);  // false: too much is unread, put these bytes again after a resume
    void end();
    void fail(const UpstreamError& error);
    void wake();

    // The reader.
    Task<HttpHead> head();
    struct Read {
        bool any = false;     // false: the reply is over
        bool resume = false;  // the client's thread had been made to wait
    };
    Task<Read> read(std::string& bytes);
    void discard();     // what is yet to come is not wanted
    bool over() const;  // ended or failed: nothing is left to cancel

  private:
    struct Waiter;
    template <class Handler>
    struct WaiterOf;

    bool readable() const { return !body_.empty() || over_; }
    template <class Ready>
    Task<void> wait_until(Ready ready);

    mutable std::mutex mutex_;
    std::optional<HttpHead> head_;
    std::string body_;
    bool over_ = false;
    bool paused_ = false;
    bool discard_ = false;
    std::optional<UpstreamError> error_;
    std::unique_ptr<Waiter> waiter_;
};

}  // namespace assistd
