#pragma once
// A small HTTP server for the tests of assistctl: each request is answered by the test's own function, on a
// real socket and a thread of its own. Connections close after one answer.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/unique_fd.h"

namespace assistd::cli {

struct SeenRequest {
    std::string method;
    std::string target;
    std::string head;
    std::string body;
};

class Connection {
  public:
    explicit Connection(int fd) : fd_(fd) {}
    void raw(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void json(const std::string& body, int status = 200) const {
        raw("HTTP/1.1 " + std::to_string(status) +
            " X\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\nConnection: close\r\n\r\n" + body);
    }
    void wait_until_closed() const {
        pollfd hangup{fd_, POLLRDHUP, 0};
        EXPECT_EQ(::poll(&hangup, 1, 10'000), 1);
    }
    void begin_events() const {
        raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    }
    void event(int id, const std::string& name, const std::string& data) const {
        raw("id: " + std::to_string(id) + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }

  private:
    int fd_;
};

class ScriptedServer {
  public:
    using Handler = std::function<void(const SeenRequest&, const Connection&)>;

    ScriptedServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::listen(listener_.get(), 16) != 0 ||
            ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("The test server cannot listen.");
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~ScriptedServer() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        acceptor_.join();
        for (std::thread& thread : threads_) thread.join();
    }

    // As a daemon that is killed: nobody can connect any more.
    void stop_listening() { ::shutdown(listener_.get(), SHUT_RDWR); }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // "GET /api/v1/ai/tools": the target without its query.
    void on(const std::string& what, Handler handler) {
        const std::lock_guard lock(mutex_);
        handlers_[what] = std::move(handler);
    }
    void answer(const std::string& what, const std::string& body, int status = 200) {
        on(what, [body, status](const SeenRequest&, const Connection& connection) {
            connection.json(body, status);
        });
    }
    std::vector<SeenRequest> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }
    // Waits until such a request has come; false after ten seconds.
    bool wait_for(const std::string& what) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] {
            return std::any_of(seen_.begin(), seen_.end(),
                               [&](const SeenRequest& request) { return name_of(request) == what; });
        });
    }

  private:
    static std::string name_of(const SeenRequest& request) {
        return request.method + " " + request.target.substr(0, request.target.find('?'));
    }
    void accept_all() {
        while (true) {
            const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) return;
            threads_.emplace_back([this, fd] { serve(UniqueFd(fd)); });
        }
    }
    void serve(UniqueFd fd) {
        SeenRequest request;
        std::string bytes;
        std::size_t end = 0;
        char piece[4096];
        while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
            const ssize_t got = ::recv(fd.get(), piece, sizeof piece, 0);
            if (got <= 0) return;
            bytes.append(piece, static_cast<std::size_t>(got));
        }
        request.head = bytes.substr(0, end);
        request.body = bytes.substr(end + 4);
        const std::size_t length_at = request.head.find("Content-Length: ");
        const std::size_t length =
            length_at == std::string::npos ? 0 : std::stoul(request.head.substr(length_at + 16));
        while (request.body.size() < length) {
            const ssize_t got = ::recv(fd.get(), piece, sizeof piece, 0);
            if (got <= 0) return;
            request.body.append(piece, static_cast<std::size_t>(got));
        }
        const std::size_t space = request.head.find(' ');
        request.method = request.head.substr(0, space);
        request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
        Handler handler;
        {
            const std::lock_guard lock(mutex_);
            seen_.push_back(request);
            const auto found = handlers_.find(name_of(request));
            if (found != handlers_.end()) handler = found->second;
        }
        changed_.notify_all();
        const Connection connection(fd.get());
        if (handler)
            handler(request, connection);
        else
            connection.json(R"({"error": {"code": "not_found", "message": "There is no such thing."}})", 404);
    }

    UniqueFd listener_;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Handler> handlers_;
    std::vector<SeenRequest> seen_;
    std::vector<std::thread> threads_;  // only the acceptor adds to it
    std::thread acceptor_;
};

}  // namespace assistd::cli
