#include "upstream/http_loop.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/give_way.h"
#include "base/stay_executor.h"

namespace assistd {
namespace {

using std::chrono::milliseconds;

// How exactly our own time limits are kept.
constexpr milliseconds check_interval{20};
constexpr std::size_t spare_transfers = 256;

std::string seconds_text(milliseconds time) {
    return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

}  // namespace

HttpLoop::~HttpLoop() {
    stop();
}

void HttpLoop::start(std::shared_ptr<HttpExchange> exchange) {
    if (on_their_way_.fetch_add(1) >= options_.requests) {
        on_their_way_.fetch_sub(1);
        throw UpstreamError(UpstreamFault::busy,
                            "is being asked too much: too many requests wait for replies");
    }
    if (!send_here(exchange)) push(What::start, std::move(exchange));
}

// False when the thread is at work, or not there.
bool HttpLoop::send_here(const std::shared_ptr<HttpExchange>& exchange) {
    Changed changed;
    {
        const std::unique_lock lock(curl_, std::try_to_lock);
        if (!lock || multi_ == nullptr) return false;
        now_ = Clock::now();
        begin(exchange);
        run_timer();
        take_finished();
        keep_timer();
        changed = take_changed();
    }
    for (const auto& other : changed) other->wake();
    return true;
}

void HttpLoop::cancel(std::shared_ptr<HttpExchange> exchange) {
    push(What::cancel, std::move(exchange));
}

void HttpLoop::resume(std::shared_ptr<HttpExchange> exchange) {
    push(What::resume, std::move(exchange));
}

void HttpLoop::drain(std::shared_ptr<HttpExchange> exchange) {
    push(What::drain, std::move(exchange));
}

void HttpLoop::release_memory() {
    bool running = false;
    {
        const std::lock_guard lock(mutex_);
        running = thread_.joinable();
    }
    if (running) push(What::release, nullptr);
}

void HttpLoop::push(What what, std::shared_ptr<HttpExchange> exchange) {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            if (what != What::start) return;
            on_their_way_.fetch_sub(1);
            throw UpstreamError(UpstreamFault::cancelled, "was not asked: the daemon is shutting down");
        }
        launch_thread();
        wake = commands_.empty();
        commands_.push_back({what, std::move(exchange)});
    }
    if (wake) ::eventfd_write(wakeup_.get(), 1);
}

void HttpLoop::launch_thread() {
    if (thread_.joinable()) return;
    wakeup_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    timer_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    if (!wakeup_ || !timer_ || !epoll_) {
        on_their_way_.fetch_sub(1);  // only a request's start begins the thread
        throw Error(ErrorCode::unavailable, "No more files can be opened.");
    }
    const MakesFirstThreads first;
    thread_ = std::thread([this] { run(); });
}

void HttpLoop::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    if (!thread_.joinable()) return;
    ::eventfd_write(wakeup_.get(), 1);
    thread_.join();
}

void HttpLoop::run() {
    std::array<epoll_event, 128> events;
    int count = 0;
    bool running = true;
    std::unique_lock lock(curl_);
    open();
    while (running) {
        now_ = Clock::now();
        for (int i = 0; i < count; ++i) {
            on_socket_event(events[static_cast<std::size_t>(i)].data.fd,
                            events[static_cast<std::size_t>(i)].events);
        }
        running = take_commands();
        run_timer();
        take_finished();
        check_time_limits(now_);
        keep_timer();
        const Changed changed = take_changed();
        lock.unlock();
        wake_readers(changed);
        if (running) count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
        lock.lock();
    }
    const Changed changed = close();
    lock.unlock();
    wake_readers(changed);
}

void HttpLoop::open() {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (const int fd : {wakeup_.get(), timer_.get()}) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
    }
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &HttpLoop::on_watch);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &HttpLoop::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, options_.kept_connections);
}

HttpLoop::Changed HttpLoop::close() {
    const UpstreamError error(UpstreamFault::cancelled, "was not heard out: the daemon is shutting down");
    while (!active_.empty()) finish(*active_.back(), &error);
    spare_.clear();
    curl_multi_cleanup(std::exchange(multi_, nullptr));
    return take_changed();
}

void HttpLoop::on_socket_event(int fd, std::uint32_t events) {
    if (fd == wakeup_.get()) {
        eventfd_t value = 0;
        ::eventfd_read(fd, &value);
        return;
    }
    if (fd == timer_.get()) {
        std::uint64_t times = 0;
        if (::read(fd, &times, sizeof times) > 0) wakes_at_ = Clock::time_point::max();
        return;
    }
    Watch& socket = watch(fd);
    if (socket.wanted == 0) {
        // A kept connection said something between two requests, most likely that it ends; libcurl will see.
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
        socket.registered = 0;
        return;
    }
    int mask = 0;
    if ((events & EPOLLIN) != 0) mask |= CURL_CSELECT_IN;
    if ((events & EPOLLOUT) != 0) mask |= CURL_CSELECT_OUT;
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) mask |= CURL_CSELECT_ERR;
    int still_running = 0;
    curl_multi_socket_action(multi_, fd, mask, &still_running);
}

// libcurl asks for a timer only when the next time differs from the one it asked for last. Where its clock
// says that a timer came a moment too early, that would be the last we hear of it: so it is asked before each
// wait.
void HttpLoop::keep_timer() {
    if (active_.empty()) return;
    if (!curl_timer_) {
        long left_ms = -1;
        curl_multi_timeout(multi_, &left_ms);
        if (left_ms >= 0) curl_timer_ = Clock::now() + milliseconds(left_ms);
    }
    const Clock::time_point wanted = std::min(next_check_, curl_timer_.value_or(next_check_));
    if (wanted >= wakes_at_) return;  // it sleeps again when it was too early
    wakes_at_ = wanted;
    // A time of nought would switch it off.
    const auto left = std::max(std::chrono::nanoseconds(1), std::chrono::nanoseconds(wanted - Clock::now()));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    itimerspec time{};
    time.it_value.tv_sec = seconds.count();
    time.it_value.tv_nsec = (left - seconds).count();
    ::timerfd_settime(timer_.get(), 0, &time, nullptr);
}

void HttpLoop::run_timer() {
    if (!curl_timer_ || *curl_timer_ > now_) return;
    curl_timer_.reset();
    int still_running = 0;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &still_running);
}

bool HttpLoop::take_commands() {
    bool stopping = false;
    {
        const std::lock_guard lock(mutex_);
        taken_.swap(commands_);
        stopping = stopping_;
    }
    for (auto& [what, exchange] : taken_) {
        if (what == What::start) {
            begin(std::move(exchange));
        } else if (what == What::release) {
            spare_.clear();
        } else if (exchange->transfer != nullptr) {
            if (what == What::resume) {
                exchange->transfer->resume(now_);
            } else if (what == What::drain) {
                exchange->transfer->drain(now_);
            } else {
                const UpstreamError error(UpstreamFault::cancelled, "was stopped");
                finish(*exchange->transfer, &error);
            }
        }
    }
    taken_.clear();
    return !stopping;
}

void HttpLoop::begin(std::shared_ptr<HttpExchange> exchange) {
    std::unique_ptr<HttpTransfer> transfer;
    if (spare_.empty()) {
        transfer = std::make_unique<HttpTransfer>(options_.ca_file, &HttpLoop::on_open, this);
    } else {
        transfer = std::move(spare_.back());
        spare_.pop_back();
    }
    if (active_.empty()) next_check_ = now_ + check_interval;
    transfer->begin(std::move(exchange), changed_, now_);
    transfer->place = active_.size();
    curl_multi_add_handle(multi_, transfer->easy());
    active_.push_back(std::move(transfer));
}

void HttpLoop::take_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        HttpTransfer& transfer = HttpTransfer::of(message->easy_handle);
        if (code == CURLE_OK) {
            finish(transfer, nullptr);
        } else {
            const UpstreamError error = transfer.describe(code);
            finish(transfer, &error);
        }
    }
}

void HttpLoop::finish(HttpTransfer& transfer, const UpstreamError* error) {
    // An unfinished HTTP/1 transfer takes its connection with it, an HTTP/2 one resets its stream.
    curl_multi_remove_handle(multi_, transfer.easy());
    const std::size_t place = transfer.place;
    std::unique_ptr<HttpTransfer> owned = std::move(active_[place]);
    if (place + 1 < active_.size()) {
        active_[place] = std::move(active_.back());
        active_[place]->place = place;
    }
    active_.pop_back();
    on_their_way_.fetch_sub(1);
    owned->end(error);
    if (spare_.size() < spare_transfers) spare_.push_back(std::move(owned));
}

void HttpLoop::check_time_limits(Clock::time_point now) {
    if (active_.empty() || now < next_check_) return;
    next_check_ = now + check_interval;
    // Backwards, as finish() puts the last one into the place of the one it takes out.
    for (std::size_t i = active_.size(); i-- > 0;) {
        HttpTransfer& transfer = *active_[i];
        const HttpTimeLimits& limits = transfer.limits();
        if (now >= transfer.end_by()) {
            const UpstreamError error(
                UpstreamFault::timeout,
                fmt::format("did not finish its reply within {}", seconds_text(limits.total)));
            finish(transfer, &error);
        } else if (!transfer.paused() && now - transfer.last_heard() >= limits.idle) {
            const UpstreamError error(UpstreamFault::timeout,
                                      fmt::format("was silent for {}", seconds_text(limits.idle)));
            finish(transfer, &error);
        } else {
            transfer.forget_body(now, options_.kept_bodies);
        }
    }
}

HttpLoop::Changed HttpLoop::take_changed() {
    for (const auto& exchange : changed_) exchange->changed = false;
    return std::exchange(changed_, {});
}

void HttpLoop::wake_readers(const Changed& changed) {
    // All that a round brought - usually head, body and end at once - is one wake-up for a reader. A single
    // reader goes on right here, as waking another thread for it takes longer than its work does; many are
    // shared by the threads that are there for it.
    std::optional<StayHere> here;
    if (changed.size() == 1) here.emplace();
    for (const auto& exchange : changed) exchange->wake();
    if (here) here->run();
}

HttpLoop::Watch& HttpLoop::watch(int fd) {
    const auto place = static_cast<std::size_t>(fd);
    if (place >= watches_.size()) watches_.resize(place + 64);
    return watches_[place];
}

int HttpLoop::on_watch(CURL*, curl_socket_t fd, int what, void* self, void*) {
    auto& loop = *static_cast<HttpLoop*>(self);
    Watch& socket = loop.watch(fd);
    socket.wanted = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) socket.wanted |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) socket.wanted |= EPOLLOUT;
    if (socket.wanted == 0 || socket.wanted == socket.registered) return 0;
    epoll_event event{.events = socket.wanted, .data = {.fd = fd}};
    ::epoll_ctl(loop.epoll_.get(), socket.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
    socket.registered = socket.wanted;
    return 0;
}

int HttpLoop::on_timer(CURLM*, long timeout_ms, void* self) {
    auto& loop = *static_cast<HttpLoop*>(self);
    if (timeout_ms < 0)
        loop.curl_timer_.reset();
    else
        loop.curl_timer_ = loop.now_ + milliseconds(timeout_ms);
    return 0;
}

// A number that comes anew belongs to a socket that epoll does not know. Not all closings are told: libcurl
// closes some sockets that were not connected yet without a call.
curl_socket_t HttpLoop::on_open(void* self, curlsocktype, curl_sockaddr* address) {
    const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0) return CURL_SOCKET_BAD;
    static_cast<HttpLoop*>(self)->watch(fd) = Watch();
    return fd;
}

}  // namespace assistd
