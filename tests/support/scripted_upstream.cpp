#include "support/scripted_upstream.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace assistd::test {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void system_failure(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::size_t content_length(std::string_view head) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        const std::string_view line = head.substr(at + 2, 16);
        if (line.size() < 16 || ::strncasecmp(line.data(), "content-length: ", 16) != 0) continue;
        std::size_t length = 0;
        std::from_chars(head.data() + at + 18, head.data() + head.size(), length);
        return length;
    }
    return 0;
}

}  // namespace

struct ScriptedUpstream::Connection {
    UniqueFd fd;
    std::uint64_t number = 0;
    std::string in;
    Reply reply;
    std::size_t step = 0;
    std::size_t sent = 0;  // of the current Send
    bool busy = false;     // a reply is on its way; the next request waits
    bool hanging = false;
    bool wants_write = false;
    Clock::time_point pause_until;
    bool pausing = false;
};

bool ScriptedUpstream::Request::has_header(std::string_view line_start) const {
    return head.find("\r\n" + std::string(line_start)) != std::string_view::npos;
}

ScriptedUpstream::ScriptedUpstream(Script script) : script_(std::move(script)) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 4096) != 0)
        system_failure("listen");
    if (::getsockname(listener_.get(), generic, &size) != 0) system_failure("getsockname");
    port_ = ntohs(address.sin_port);
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    stop_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    for (const int fd : {listener_.get(), stop_.get()}) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) system_failure("epoll_ctl");
    }
    thread_ = std::thread([this] { run(); });
}

ScriptedUpstream::~ScriptedUpstream() {
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
}

std::string ScriptedUpstream::url() const {
    return fmt::format("http://127.0.0.1:{}/v1", port_);
}

void ScriptedUpstream::run() {
    std::array<epoll_event, 128> events;
    while (true) {
        const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), next_pause_ms());
        for (int i = 0; i < count; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            if (event.data.fd == stop_.get()) return;
            if (event.data.fd == listener_.get()) {
                accept_all();
                continue;
            }
            const auto found = open_ones_.find(event.data.fd);
            if (found == open_ones_.end()) continue;
            if ((event.events & EPOLLOUT) != 0 && found->second->busy)
                go_on(*found->second);
            else
                on_readable(*found->second);
        }
        if (pausing_ == 0) continue;
        std::vector<int> due;
        for (const auto& [fd, connection] : open_ones_) {
            if (connection->pausing && connection->pause_until <= Clock::now()) due.push_back(fd);
        }
        for (const int fd : due) go_on(*open_ones_.at(fd));
    }
}

int ScriptedUpstream::next_pause_ms() {
    if (pausing_ == 0) return -1;
    auto first = Clock::time_point::max();
    for (const auto& [fd, connection] : open_ones_) {
        if (connection->pausing) first = std::min(first, connection->pause_until);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - Clock::now()).count();
    return static_cast<int>(std::max<long>(0, left));
}

void ScriptedUpstream::accept_all() {
    while (true) {
        UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!fd) return;
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd.get()}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event);
        auto connection = std::make_unique<Connection>();
        connection->number = ++accepted_;
        ++open_;
        const int key = fd.get();
        connection->fd = std::move(fd);
        open_ones_[key] = std::move(connection);
    }
}

void ScriptedUpstream::on_readable(Connection& connection) {
    std::array<char, 64 << 10> bytes;
    const ssize_t count = ::recv(connection.fd.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        drop(connection, false);
        return;
    }
    connection.in.append(bytes.data(), static_cast<std::size_t>(count));
    if (!connection.busy && take_request(connection)) go_on(connection);
}

bool ScriptedUpstream::take_request(Connection& connection) {
    const std::size_t head_end = connection.in.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    const std::string_view all = connection.in;
    Request request;
    request.head = all.substr(0, head_end + 2);
    const std::size_t length = content_length(request.head);
    if (all.size() < head_end + 4 + length) return false;
    request.body = all.substr(head_end + 4, length);
    const std::size_t space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
    request.connection = connection.number;
    request.number = ++requests_;
    connection.reply = script_(request);
    connection.step = connection.sent = 0;
    connection.busy = true;
    connection.in.erase(0, head_end + 4 + length);
    return true;
}

// Carries out the reply's steps until one has to wait.
void ScriptedUpstream::go_on(Connection& connection) {
    if (std::exchange(connection.pausing, false)) --pausing_;
    while (connection.busy) {
        if (connection.step == connection.reply.size()) {
            connection.busy = false;
            if (!take_request(connection)) return;
            continue;
        }
        const Step& step = connection.reply[connection.step];
        if (std::holds_alternative<Send>(step)) {
            if (!flush(connection)) return;
        } else if (const auto* pause = std::get_if<Pause>(&step)) {
            connection.pause_until = Clock::now() + pause->time;
            connection.pausing = true;
            ++pausing_;
            ++connection.step;
            return;
        } else if (std::holds_alternative<Hang>(step)) {
            return;
        } else {
            drop(connection, std::holds_alternative<Reset>(step));
            return;
        }
    }
}

// False: the socket takes no more for now, or the connection is gone.
bool ScriptedUpstream::flush(Connection& connection) {
    const std::string& bytes = *std::get<Send>(connection.reply[connection.step]).bytes;
    while (connection.sent < bytes.size()) {
        const ssize_t count = ::send(connection.fd.get(), bytes.data() + connection.sent,
                                     bytes.size() - connection.sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) {
            epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.fd = connection.fd.get()}};
            ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd.get(), &event);
            connection.wants_write = true;
            return false;
        }
        if (count < 0) {
            drop(connection, false);
            return false;
        }
        connection.sent += static_cast<std::size_t>(count);
    }
    if (std::exchange(connection.wants_write, false)) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = connection.fd.get()}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd.get(), &event);
    }
    connection.sent = 0;
    ++connection.step;
    return true;
}

void ScriptedUpstream::drop(Connection& connection, bool reset) {
    if (reset) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(connection.fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (connection.pausing) --pausing_;
    --open_;
    open_ones_.erase(connection.fd.get());
}

ScriptedUpstream::Step ScriptedUpstream::send(std::string bytes) {
    return Send{std::make_shared<const std::string>(std::move(bytes))};
}

ScriptedUpstream::Reply ScriptedUpstream::raw(std::string bytes) {
    return {send(std::move(bytes))};
}

ScriptedUpstream::Reply ScriptedUpstream::json(int status, std::string_view body,
                                               std::string_view more_headers) {
    return raw(fmt::format(
        "HTTP/1.1 {} Scripted\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}", status,
        body.size(), more_headers, body));
}

ScriptedUpstream::Reply ScriptedUpstream::stream(const std::vector<std::string>& events) {
    std::string bytes = stream_head();
    for (const auto& data : events) bytes += event(data);
    return raw(bytes + stream_end());
}

std::string ScriptedUpstream::stream_head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string ScriptedUpstream::http_chunk(std::string_view bytes) {
    return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

std::string ScriptedUpstream::event(std::string_view data) {
    return http_chunk(fmt::format("data: {}\n\n", data));
}

std::string ScriptedUpstream::stream_end() {
    return "0\r\n\r\n";
}

namespace {

std::string chunk(const nlohmann::json& delta, const nlohmann::json& finish_reason) {
    const nlohmann::json choice{{"index", 0}, {"delta", delta}, {"finish_reason", finish_reason}};
    return nlohmann::json{{"id", "chatcmpl-1"},
                          {"object", "chat.completion.chunk"},
                          {"created", 1},
                          {"model", "scripted-1"},
                          {"choices", nlohmann::json::array({choice})}}
        .dump();
}

}  // namespace

std::string chunk_text(std::string_view text) {
    return chunk({{"role", "assistant"}, {"content", text}}, nullptr);
}

std::string chunk_call(int index, std::string_view id, std::string_view name, std::string_view arguments) {
    const nlohmann::json call{{"index", index},
                              {"id", id},
                              {"type", "function"},
                              {"function", {{"name", name}, {"arguments", arguments}}}};
    return chunk({{"role", "assistant"}, {"tool_calls", nlohmann::json::array({call})}}, nullptr);
}

std::string chunk_end(std::string_view finish_reason) {
    return chunk(nlohmann::json::object(), finish_reason);
}

std::string chunk_usage(int prompt_tokens, int completion_tokens, int cached_tokens) {
    return nlohmann::json{{"id", "chatcmpl-1"},
                          {"object", "chat.completion.chunk"},
                          {"created", 1},
                          {"model", "scripted-1"},
                          {"choices", nlohmann::json::array()},
                          {"usage",
                           {{"prompt_tokens", prompt_tokens},
                            {"completion_tokens", completion_tokens},
                            {"total_tokens", prompt_tokens + completion_tokens},
                            {"prompt_tokens_details", {{"cached_tokens", cached_tokens}}}}}}
        .dump();
}

}  // namespace assistd::test
