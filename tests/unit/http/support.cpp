#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace assistd::http::test {

TestServer::TestServer(Router router, ServerOptions options) : work_(asio::make_work_guard(io_)) {
    options.port = 0;
    server_ = std::make_unique<Server>(io_, std::move(options), std::move(router));
    server_->start();
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
}

TestServer::~TestServer() {
    server_->stop(0ms);
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
}

std::string Answer::header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

Client::Client(std::uint16_t port, int receive_buffer, const char* from)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience{20, 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (from != nullptr) {
        ::inet_pton(AF_INET, from, &address.sin_addr);
        if (::bind(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error(std::string("bind: ") + strerror(errno));
    }
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error(std::string("connect: ") + strerror(errno));
}

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Client::fill() {
    char bytes[64 * 1024];
    const ssize_t count = ::recv(fd(), bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

std::optional<std::string> Client::take(std::size_t count) {
    while (buffer_.size() < count)
        if (!fill()) return std::nullopt;
    std::string taken = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return taken;
}

std::optional<std::string> Client::take_line() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos)
        if (!fill()) return std::nullopt;
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
}

void Client::receive_chunked(Answer& answer) {
    while (const auto size_line = take_line()) {
        const std::size_t size = std::stoul(*size_line, nullptr, 16);
        const auto chunk = take(size);
        const auto end = chunk ? take_line() : std::nullopt;
        if (!end || !end->empty()) return;
        answer.body += *chunk;
        answer.complete = size == 0;
        if (answer.complete) return;
    }
}

Answer Client::receive(bool to_head) {
    Answer answer;
    auto line = take_line();
    if (!line || line->size() < 12 || !line->starts_with("HTTP/1.1 ")) return answer;
    answer.status = std::stoi(line->substr(9, 3));
    while ((line = take_line()) && !line->empty()) {
        const std::size_t colon = line->find(": ");
        if (colon != std::string::npos)
            answer.headers.emplace(line->substr(0, colon), line->substr(colon + 2));
    }
    if (answer.status == 100) return answer;
    if (to_head || answer.status == 204 || answer.status == 304) {
        answer.complete = true;
    } else if (answer.header("Transfer-Encoding") == "chunked") {
        receive_chunked(answer);
    } else if (answer.has("Content-Length")) {
        const auto body = take(std::stoul(answer.header("Content-Length")));
        answer.complete = body.has_value();
        answer.body = body ? *body : std::exchange(buffer_, {});
    } else {
        while (fill()) continue;
        answer.complete = true;
        answer.body = std::exchange(buffer_, {});
    }
    return answer;
}

Answer Client::ask(std::string_view request, bool to_head) {
    send(request);
    return receive(to_head);
}

std::string Client::read_some(std::size_t most) {
    if (buffer_.empty() && !fill()) return {};
    std::string some = buffer_.substr(0, most);
    buffer_.erase(0, some.size());
    return some;
}

bool Client::is_closed_by_server() {
    const auto deadline = Clock::now() + 10s;
    char bytes[4096];
    while (Clock::now() < deadline) {
        const ssize_t count = ::recv(fd(), bytes, sizeof bytes, 0);
        if (count == 0 || (count < 0 && errno == ECONNRESET)) return true;
        if (count < 0) return false;
    }
    return false;
}

bool Client::answers_another_request() {
    const Answer answer = ask(request("GET", "/hello"));
    return answer.status == 200 && answer.body == R"({"hello":"world"})";
}

void Client::end_sending() {
    ::shutdown(fd(), SHUT_WR);
}

void Client::leave() {
    socket_.reset();
}

void Client::reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    socket_.reset();
}

std::string request(std::string_view method, std::string_view target, std::string_view headers,
                    std::string_view body) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
    if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return text.append("\r\n").append(body);
}

Task<Reply> hello(Request) {
    co_return Reply::json(R"({"hello":"world"})");
}

Task<Reply> echo(Request request) {
    co_return Reply::text(std::move(request.body), "text/plain");
}

Task<Reply> describe(Request request) {
    nlohmann::json seen;
    seen["method"] = name_of(request.method);
    seen["path"] = request.path;
    seen["values"] = request.path_values;
    seen["query"] = request.query;
    seen["body"] = request.body;
    seen["peer"] = request.peer;
    seen["request_id"] = request.request_id;
    seen["user"] = request.user;
    co_return Reply::json(seen.dump());
}

Router small_router() {
    Router router;
    router.add(Method::get, "/hello", hello);
    router.add(Method::post, "/echo", echo);
    router.add(Method::get, "/items/{id}", describe);
    router.add(Method::post, "/items/{id}", describe);
    return router;
}

}  // namespace assistd::http::test
