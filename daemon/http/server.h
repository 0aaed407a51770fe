#pragma once
// The HTTP server: connections, framing, limits and replies on top of Pistache, which stays inside this folder.
// start() and stop() belong to the thread that composes the daemon; handlers run on the given io_context.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "http/router.h"

namespace boost::asio {
class io_context;
}

namespace assistd::http {

struct Limits {
    std::size_t head_bytes = 16 * 1024;
    std::size_t target_bytes = 4 * 1024;
    std::size_t headers = 100;
    std::size_t queue_bytes = 1 << 20;  // written but not yet taken by the client
    int connections = 8000;
    std::chrono::milliseconds idle{60'000};
    std::chrono::milliseconds head{10'000};
    std::chrono::milliseconds body{30'000};  // and as much again for each MiB beyond the first
    std::chrono::milliseconds stalled_write{30'000};
    std::chrono::milliseconds linger{2'000};
    std::chrono::milliseconds keep_alive_comment{15'000};
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one
    int reactors = 1;
    Limits limits;
    std::vector<std::string> cors_origins;     // exact origins; "*" allows every one
    std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-* is believed
    std::string upload_folder = "/tmp";        // where bodies that go to a file are kept while they arrive
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

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace assistd::http
