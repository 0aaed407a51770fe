#pragma once
// The HTTP server: connections, framing, limits and replies on top of Pistache, which stays inside this
// folder. start() and stop() belong to the thread that composes the daemon; handlers run on the given
// io_context.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "http/limits.h"
#include "http/router.h"

namespace boost::asio {
class io_context;
}

namespace assistd::http {

class Authenticator;
class Observer;

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one
    int reactors = 1;
    Limits limits;
    std::vector<std::string> cors_origins;  // exact origins; "*" allows every one
    std::vector<std::string>
        trusted_proxies;  // addresses or networks ("10.0.0.0/8") whose X-Forwarded-* is believed
    // Names that a request may give as its Host besides the loopback ones, while the address is a loopback
    // one;
    // "*" allows every name. This is what keeps a web page from reaching the daemon by DNS rebinding.
    std::vector<std::string> allowed_hosts;
    Authenticator* authenticator = nullptr;  // none: everybody is "local" and may do everything
    Observer* observer = nullptr;            // none: nobody is told of requests
    std::string upload_folder = "/tmp";      // where bodies that go to a file are kept while they arrive
};

class Server {
  public:
    // Throws Error{unavailable} with a sentence when the address cannot be used.
    Server(boost::asio::io_context& io, ServerOptions options, Router router);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    std::uint16_t port() const;  // the one that was bound
    // Stops accepting, lets replies finish for at most `grace`, then ends every connection. Idempotent.
    void stop(std::chrono::milliseconds grace);
    std::size_t connections() const;
    std::size_t streams() const;  // replies that are being streamed

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace assistd::http
