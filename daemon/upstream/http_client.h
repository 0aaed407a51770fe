#pragma once
// The daemon's one HTTP client: keep-alive connections to model servers and MCP servers, HTTP/2 where it is
// offered, on libcurl's multi interface, which has a thread of its own here. Requests may be sent from any
// thread; a reply belongs to one coroutine. Created in app/, shared by all who ask servers, destroyed before
// the io_context that its readers run on; the thread starts with the first request.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"

struct curl_slist;

namespace assistd {

class HttpExchange;
class HttpLoop;

// Headers that many requests share ("Name: value"), kept in the form that libcurl wants. Immutable.
class HttpHeaders {
  public:
    explicit HttpHeaders(const std::vector<std::string>& lines);
    ~HttpHeaders();
    HttpHeaders(const HttpHeaders&) = delete;
    HttpHeaders& operator=(const HttpHeaders&) = delete;

    curl_slist* list() const { return list_; }

  private:
    curl_slist* list_ = nullptr;
};

struct HttpTimeLimits {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds idle{120'000};  // between two pieces of the reply, and before the first
    std::chrono::milliseconds total{600'000};
};

struct HttpRequest {
    std::string url;  // http or https
    std::shared_ptr<const HttpHeaders> headers;
    std::shared_ptr<const std::string> body;  // set: POST; else GET
    std::string method;                       // another one than these
    HttpTimeLimits limits;
    std::string proxy;  // empty: for https what the environment names, for http none; never for loopback
    std::stop_token stop;
};

struct HttpHead {
    int status = 0;
    std::string content_type;
    std::optional<std::chrono::milliseconds> retry_after;  // see retry_after.h
    std::string request_id;                                // from Request-Id or X-Request-Id
    std::string session_id;                                // from MCP-Session-Id
    std::string location;                                  // where a redirect leads to
};

// A reply while it arrives. Dropping it before its end closes the connection. What goes wrong is thrown as
// UpstreamError: connection, timeout, cancelled, busy.
class HttpReply {
  public:
    HttpReply(std::shared_ptr<HttpExchange> exchange, std::shared_ptr<HttpLoop> loop, std::stop_token stop);
    ~HttpReply();
    HttpReply(HttpReply&&) noexcept;
    HttpReply& operator=(HttpReply&&) = delete;

    Task<HttpHead> head();
    // Replaces `bytes` by what has arrived; waits until that is something. False: the reply ended, all was
    // read. What was not read is bounded: the server is made to wait.
    Task<bool> read(std::string& bytes);
    // Nothing more is wanted: the connection is kept when the reply ends within a second. Last call.
    void let_end();

  private:
    struct Cancel;

    std::shared_ptr<HttpExchange> exchange_;
    std::shared_ptr<HttpLoop> loop_;
    std::unique_ptr<Cancel> cancel_;
};

class HttpClient {
  public:
    struct Options {
        std::size_t requests = 10'000;  // on their way at once; one more is refused as busy
        long kept_connections = 1'024;  // idle ones
        // For so long a body is there to be sent again, should the server have closed a kept connection just
        // then. Later a request whose connection is closed without a reply fails as `connection`.
        std::chrono::milliseconds kept_bodies{1'000};
        std::string ca_file;  // empty: the system's
    };

    HttpClient();
    explicit HttpClient(Options options);
    ~HttpClient();  // ends what is on its way
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    HttpReply send(HttpRequest request);
    void release_memory();  // what is kept for further requests, besides connections

  private:
    std::shared_ptr<HttpLoop> loop_;
};

}  // namespace assistd
