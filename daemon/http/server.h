#pragma once
// The HTTP server: connections, framing, limits and replies on top of Pistache, which stays inside this
// folder. start() and stop() belong to the thread that composes the daemon; handlers run on the given
// io_context.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/allowance.h"
#include "http/limits.h"
#include "http/router.h"

namespace boost::asio {
class io_context;
}

namespace assistd::http {

class Authenticator;
class Observer;
class FairQueue;
class RequestRates;

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one
    // A TCP socket that listens on address and port already, such as systemd's; stays the caller's. -1: none.
    int socket = -1;
    int reactors = 1;
    Limits limits;
    std::vector<std::string> cors_origins;  // exact origins; "*" allows every one
    std::vector<std::string>
        trusted_proxies;  // addresses or networks ("10.0.0.0/8") whose X-Forwarded-* is believed
    Authenticator* authenticator = nullptr;  // none: everybody is "local" and may do everything
    Observer* observer = nullptr;            // none: nobody is told of requests
    std::shared_ptr<RequestRates> rates;     // none: nobody's requests are counted
    // What is left today of the tokens and the cost of who asks from an address, as limited_address() gives
    // it; for the headers. May be empty.
    std::function<std::vector<Allowance>(const Identity& who, const std::string& address)> left_today;
    // Asked before the handler of a request of a user, but for those of routes that only administrators may
    // ask; throws Error to refuse it. May be empty.
    std::function<void(const std::string& user)> admits;
    // A subject whose oldest request waits longer has its next ones refused.
    std::chrono::milliseconds request_wait{2'000};
    std::string upload_folder = "/tmp";  // where bodies that go to a file are kept while they arrive
};

class Server {
  public:
    // Throws Error{unavailable} with a sentence when the address cannot be used.
    Server(boost::asio::io_context& io, ServerOptions options, Router router);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    // Who may ask from where, from the next request on. Throws Error{invalid_request}, and then all is as it
    // was.
    void allow(std::vector<std::string> cors_origins, std::vector<std::string> trusted_proxies);
    std::uint16_t port() const;   // the one that was bound
    std::string address() const;  // where this machine itself reaches it
    // Stops accepting, lets replies finish for at most `grace`, then ends every connection. Idempotent.
    void stop(std::chrono::milliseconds grace);
    std::size_t connections() const;
    std::size_t streams() const;  // replies that are being streamed
    FairQueue& queue() const;     // where requests begin

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace assistd::http
