#include "http/writer_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "http/connection.h"

namespace assistd::http {
namespace {

constexpr std::chrono::milliseconds tick{250};

UniqueFd checked(int fd, const char* what) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
    return UniqueFd(fd);
}

}  // namespace

WriterLoop::WriterLoop()
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = 0;  // no connection has this number
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

WriterLoop::~WriterLoop() {
    stop();
}

void WriterLoop::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void WriterLoop::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    thread_.join();
}

std::uint64_t WriterLoop::next_id() {
    const std::lock_guard lock(mutex_);
    return ++last_id_;
}

void WriterLoop::add(std::uint64_t id, std::weak_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    connections_.emplace(id, std::move(connection));
}

void WriterLoop::arm(int socket, std::uint64_t id) {
    epoll_event event{};
    event.events = EPOLLOUT | EPOLLONESHOT;
    event.data.u64 = id;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, socket, &event) < 0 && errno == ENOENT)
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event);
}

void WriterLoop::remove(int socket, std::uint64_t id) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
    const std::lock_guard lock(mutex_);
    connections_.erase(id);
    if (connections_.empty()) emptied_.notify_all();
}

std::size_t WriterLoop::size() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

std::shared_ptr<Connection> WriterLoop::find(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second.lock();
}

std::vector<std::shared_ptr<Connection>> WriterLoop::all() const {
    std::vector<std::shared_ptr<Connection>> all;
    const std::lock_guard lock(mutex_);
    all.reserve(connections_.size());
    for (const auto& [id, connection] : connections_)
        if (auto held = connection.lock()) all.push_back(std::move(held));
    return all;
}

bool WriterLoop::wait_until_empty(std::chrono::steady_clock::time_point deadline) const {
    std::unique_lock lock(mutex_);
    return emptied_.wait_until(lock, deadline, [this] { return connections_.empty(); });
}

void WriterLoop::run(const std::stop_token& stop) {
    std::array<epoll_event, 256> events;
    auto next_tick = std::chrono::steady_clock::now() + tick;
    while (!stop.stop_requested()) {
        const auto wait =
            std::chrono::ceil<std::chrono::milliseconds>(next_tick - std::chrono::steady_clock::now());
        const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                       static_cast<int>(std::max<std::int64_t>(wait.count(), 0)));
        for (int i = 0; i < count; ++i)
            if (const auto connection = find(events[static_cast<std::size_t>(i)].data.u64))
                connection->on_writable();
        const auto now = std::chrono::steady_clock::now();
        if (now < next_tick) continue;
        next_tick = now + tick;
        for (const auto& connection : all()) connection->on_tick(now);
    }
}

}  // namespace assistd::http
