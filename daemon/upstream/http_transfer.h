#pragma once
// One reusable libcurl handle and the exchange that it serves at the moment. With the client's lock held
// (HttpLoop).

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "upstream/http_exchange.h"
#include "upstream/retry_after.h"

namespace assistd {

class HttpTransfer {
  public:
    using Clock = std::chrono::steady_clock;
    using Changed = std::vector<std::shared_ptr<HttpExchange>>;

    // Sockets are opened through `on_open`, which gets `on_open_data`.
    HttpTransfer(std::string ca_file, curl_opensocket_callback on_open, void* on_open_data);
    ~HttpTransfer();
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    static HttpTransfer& of(CURL* easy);
    CURL* easy() const { return easy_; }

    // The exchange joins `changed` whenever there is news for its reader.
    void begin(std::shared_ptr<HttpExchange> exchange, Changed& changed, Clock::time_point now);
    void resume(Clock::time_point now);
    void drain(Clock::time_point now);
    void end(const UpstreamError* error);  // null: the reply is whole
    UpstreamError describe(CURLcode code) const;
    // What was sent need not lie here while the server thinks: it may be large. Over a connection that was
    // kept from before it is held for `kept`, as it may have to be sent again.
    void forget_body(Clock::time_point now, std::chrono::milliseconds kept);

    const HttpTimeLimits& limits() const { return exchange_->request.limits; }
    Clock::time_point end_by() const { return end_by_; }
    Clock::time_point last_heard() const { return last_heard_; }
    bool paused() const { return paused_; }

    std::size_t place = 0;  // among the active ones

  private:
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static int before_request(void* self, char* there, char* here, int port_there, int port_here);
    void set_rules();
    void set_request();
    bool take_header_line(std::string_view line);
    void heard();
    void note_change();

    CURL* easy_;
    std::string ca_file_;
    curl_opensocket_callback on_open_;
    void* on_open_data_;
    std::shared_ptr<HttpExchange> exchange_;
    Changed* changed_ = nullptr;
    HttpHead head_;
    RetryAfter retry_after_;
    std::size_t head_bytes_ = 0;
    bool has_head_ = false;
    bool paused_ = false;
    bool body_is_gone_ = false;
    Clock::time_point begun_;
    Clock::time_point end_by_;
    Clock::time_point last_heard_;
    char error_[CURL_ERROR_SIZE] = "";
};

}  // namespace assistd
