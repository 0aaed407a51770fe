#pragma once
// A server on a free port with threads of its own, and a client that sends exactly the bytes it is told to.

#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "http/server.h"

namespace assistd::http::test {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// How many descriptors this process has open.
inline std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

// True as soon as `condition` holds; false when it does not within the time.
template <class Condition>
bool becomes_true(Condition condition, std::chrono::milliseconds within = 5s) {
    const auto deadline = Clock::now() + within;
    while (!condition()) {
        if (Clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

class TestServer {
  public:
    explicit TestServer(Router router, ServerOptions options = {});
    ~TestServer();

    std::uint16_t port() const { return server_->port(); }
    Server& server() { return *server_; }
    asio::io_context& io() { return io_; }

  private:
    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::unique_ptr<Server> server_;
    std::vector<std::thread> threads_;
};

struct Answer {
    int status = 0;
    std::multimap<std::string, std::string, HeaderNameLess> headers;
    std::string body;
    bool complete = false;  // the body ended as its framing says

    std::string header(std::string_view name) const;
    bool has(std::string_view name) const { return headers.find(name) != headers.end(); }
};

class Client {
  public:
    // `from` is one of this machine's own addresses, when it matters which.
    explicit Client(std::uint16_t port, int receive_buffer = 0, const char* from = nullptr);

    bool send(std::string_view bytes);
    // The next reply; status 0 when the server ended the connection instead. A reply to HEAD has no body.
    Answer receive(bool to_head = false);
    Answer ask(std::string_view request, bool to_head = false);
    // Some bytes as they come; empty at the end of the connection.
    std::string read_some(std::size_t most = 64 * 1024);
    // Whether the server ends the connection, after any bytes that are left.
    bool is_closed_by_server();
    bool answers_another_request();

    void end_sending();
    void leave();  // close, as most clients do
    void reset();  // close with RST
    int fd() const { return socket_.get(); }

  private:
    bool fill();
    std::optional<std::string> take(std::size_t count);
    std::optional<std::string> take_line();
    void receive_chunked(Answer& answer);

    UniqueFd socket_;
    std::string buffer_;
};

// "METHOD path HTTP/1.1" with a Host, these header lines ("A: b\r\n") and this body.
std::string request(std::string_view method, std::string_view target, std::string_view headers = {},
                    std::string_view body = {});

Task<Reply> hello(Request request);     // {"hello":"world"}
Task<Reply> echo(Request request);      // the body
Task<Reply> describe(Request request);  // what the request looks like, as JSON
Router small_router();                  // GET /hello, POST /echo, GET and POST /items/{id}

}  // namespace assistd::http::test
