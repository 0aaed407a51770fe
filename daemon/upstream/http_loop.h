#pragma once
// The HTTP client's thread: libcurl's multi interface on epoll. What touches libcurl happens under one lock,
// on this thread, but for one thing: whoever asks while nothing else happens there sends his request himself,
// as waking the thread for it takes longer than sending does. Everything else is put into its queue.

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "upstream/http_client.h"
#include "upstream/http_exchange.h"
#include "upstream/http_transfer.h"

namespace assistd {

class HttpLoop {
  public:
    explicit HttpLoop(HttpClient::Options options) : options_(std::move(options)) {}
    ~HttpLoop();

    // Any thread. start() throws UpstreamError{busy} when too many requests are on their way.
    void start(std::shared_ptr<HttpExchange> exchange);
    void cancel(std::shared_ptr<HttpExchange> exchange);
    void resume(std::shared_ptr<HttpExchange> exchange);
    void drain(std::shared_ptr<HttpExchange> exchange);  // its reader left; it may end by itself, soon
    void release_memory();
    void stop();  // fails whatever is on its way and joins the thread; idempotent

  private:
    using Clock = std::chrono::steady_clock;
    enum class What { start, cancel, resume, drain, release };
    struct Command {
        What what;
        std::shared_ptr<HttpExchange> exchange;
    };
    // A socket's interest as libcurl wants it and as epoll knows it. They differ between two requests of a
    // kept connection: taking it out of epoll and putting it back would be two system calls for each request.
    struct Watch {
        std::uint32_t wanted = 0;
        std::uint32_t registered = 0;
    };

    using Changed = HttpTransfer::Changed;

    bool send_here(const std::shared_ptr<HttpExchange>& exchange);
    void push(What what, std::shared_ptr<HttpExchange> exchange);
    void launch_thread();

    // The thread.
    void run();
    static void wake_readers(const Changed& changed);

    // With the lock on libcurl held.
    void open();
    Changed close();
    void keep_timer();
    void on_socket_event(int fd, std::uint32_t events);
    bool take_commands();  // false: stop
    void run_timer();
    void begin(std::shared_ptr<HttpExchange> exchange);
    void take_finished();
    void finish(HttpTransfer& transfer, const UpstreamError* error);
    void check_time_limits(Clock::time_point now);
    Changed take_changed();
    Watch& watch(int fd);

    // libcurl's callbacks.
    static int on_watch(CURL* easy, curl_socket_t fd, int what, void* self, void* socket);
    static int on_timer(CURLM* multi, long timeout_ms, void* self);
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);

    const HttpClient::Options options_;

    std::mutex mutex_;
    std::vector<Command> commands_;
    bool stopping_ = false;
    std::thread thread_;
    UniqueFd wakeup_;  // an eventfd
    std::atomic<std::size_t> on_their_way_{0};

    std::mutex curl_;  // guards what follows
    UniqueFd epoll_;
    UniqueFd timer_;              // a timerfd, which a thread that sends here can set for the one that sleeps
    CURLM* multi_ = nullptr;      // null before the thread's first round and after its last
    std::vector<Watch> watches_;  // by descriptor
    std::optional<Clock::time_point> curl_timer_;
    Clock::time_point next_check_;
    Clock::time_point wakes_at_ = Clock::time_point::max();  // as the timerfd is set
    Clock::time_point now_;                                  // as the current round began
    std::vector<Command> taken_;
    std::vector<std::unique_ptr<HttpTransfer>> active_;
    std::vector<std::unique_ptr<HttpTransfer>> spare_;
    Changed changed_;  // whose readers are to be woken at the round's end
};

}  // namespace assistd
