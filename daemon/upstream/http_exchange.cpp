#include "upstream/http_exchange.h"

#include <utility>

namespace assistd {

// A suspended coroutine, resumed on its own executor.
struct HttpExchange::Waiter {
    virtual ~Waiter() = default;
    virtual void resume() = 0;
};

template <class Handler>
struct HttpExchange::WaiterOf : Waiter {
    explicit WaiterOf(Handler handler) : handler_(std::move(handler)) {}
    void resume() override {
        const auto executor = asio::get_associated_executor(handler_);
        asio::post(executor, std::move(handler_));
    }

  private:
    Handler handler_;
};

HttpExchange::HttpExchange(HttpRequest what) : request(std::move(what)) {}

HttpExchange::~HttpExchange() = default;

void HttpExchange::put_head(HttpHead head) {
    const std::lock_guard lock(mutex_);
    head_ = std::move(head);
}

bool HttpExchange::put_body(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (discard_) return true;
    paused_ = body_.size() + bytes.size() > unread_limit && !body_.empty();
    if (!paused_) body_ += bytes;
    return !paused_;
}

void HttpExchange::end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
}

void HttpExchange::fail(const UpstreamError& error) {
    const std::lock_guard lock(mutex_);
    if (over_) return;
    over_ = true;
    error_ = error;
}

void HttpExchange::wake() {
    std::unique_ptr<Waiter> waiter;
    {
        const std::lock_guard lock(mutex_);
        waiter = std::move(waiter_);
    }
    if (waiter) waiter->resume();
}

// `ready` is asked under the lock, before and after each wait.
template <class Ready>
Task<void> HttpExchange::wait_until(Ready ready) {
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            if (ready()) co_return;
        }
        const auto suspend = [this, ready](auto handler) {
            auto waiter = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler));
            {
                const std::lock_guard lock(mutex_);
                if (!ready()) {
                    waiter_ = std::move(waiter);
                    return;
                }
            }
            waiter->resume();
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(suspend, asio::use_awaitable);
    }
}

Task<HttpHead> HttpExchange::head() {
    const auto ready = [this] { return head_ || over_; };
    co_await wait_until(ready);
    const std::lock_guard lock(mutex_);
    if (!head_ && error_) throw UpstreamError(*error_);
    co_return head_.value_or(HttpHead());
}

Task<HttpExchange::Read> HttpExchange::read(std::string& bytes) {
    const auto ready = [this] { return readable(); };
    co_await wait_until(ready);
    bytes.clear();
    Read result;
    const std::lock_guard lock(mutex_);
    bytes.swap(body_);
    result.any = !bytes.empty();
    result.resume = std::exchange(paused_, false);
    if (!result.any && error_) throw UpstreamError(*error_);
    co_return result;
}

void HttpExchange::discard() {
    const std::lock_guard lock(mutex_);
    discard_ = true;
    body_.clear();
}

bool HttpExchange::over() const {
    const std::lock_guard lock(mutex_);
    return over_;
}

}  // namespace assistd
