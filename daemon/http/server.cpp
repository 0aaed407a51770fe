#include "http/server.h"

#include <pistache/listener.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/give_way.h"
#include "base/logging.h"
#include "http/connection.h"
#include "http/listening_socket.h"
#include "http/pistache_handler.h"

namespace assistd::http {
namespace {

constexpr int backlog = 4096;
constexpr int spare_descriptors = 200;

// Threads that begin while this exists leave the signals to the thread that composes the daemon.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_;
};

// Every connection has two descriptors. Returns how many connections there may be.
int connections_within_descriptors(int wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    const auto needed = static_cast<rlim_t>(wanted) * 2 + spare_descriptors;
    if (limit.rlim_cur < needed) {
        limit.rlim_cur = std::min(needed, limit.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= needed) return wanted;
    const int possible = std::max(1, (static_cast<int>(limit.rlim_cur) - spare_descriptors) / 2);
    log::warn("open files are limited to {}, so connections to {} instead of {}", limit.rlim_cur, possible,
              wanted);
    return possible;
}

// Each connection's second descriptor is numbered from here on: out of the way of the first ones, but with
// room for as many below the limit.
int first_duplicate(int connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
    constexpr rlim_t far_away = 1'024;
    const auto wanted = static_cast<rlim_t>(connections);
    return static_cast<int>(std::min(wanted + far_away, limit.rlim_cur - wanted));
}

std::string with_brackets(const std::string& address) {
    const bool bare_v6 = address.find(':') != std::string::npos && !address.starts_with('[');
    return bare_v6 ? "[" + address + "]" : address;
}

}  // namespace

struct Server::Impl {
    void end_connections();

    std::shared_ptr<Service> service;
    std::shared_ptr<WriterLoop> loop = std::make_shared<WriterLoop>();
    std::shared_ptr<PeerCount> peers = std::make_shared<PeerCount>();
    std::unique_ptr<Pistache::Tcp::Listener> listener;
    std::uint16_t port = 0;
    std::string address;
    ListeningSocket listening_socket;
    bool running = false;

    void bind();
};

// Pistache's Listener rather than its Endpoint: the Endpoint adds only timeouts, which answer in the middle
// of other replies.
void Server::Impl::bind() {
    const ServerOptions& options = service->options();
    const bool given = options.socket >= 0;
    // One that is given takes the place of one that Pistache has made.
    const std::string there = given ? "127.0.0.1" : with_brackets(options.address);
    const std::uint16_t wanted = given ? 0 : options.port;
    try {
        listener = std::make_unique<Pistache::Tcp::Listener>();
        const auto flags = Pistache::Flags<Pistache::Tcp::Options>(Pistache::Tcp::Options::ReuseAddr) |
                           Pistache::Tcp::Options::NoDelay | Pistache::Tcp::Options::CloseOnExec;
        listener->init(static_cast<std::size_t>(std::max(1, options.reactors)), flags, "http", backlog);
        const int limit = connections_within_descriptors(options.limits.connections);
        listener->setHandler(
            std::make_shared<PistacheHandler>(service, loop, peers, limit, first_duplicate(limit)));
        listener->bind(Pistache::Address(there, Pistache::Port(wanted)));
    } catch (const std::exception& error) {
        throw Error(ErrorCode::unavailable,
                    "Cannot listen on " + there + ":" + std::to_string(wanted) + ": " + error.what() + ".");
    }
    listening_socket = ListeningSocket(listener->getPort());
    if (given) listening_socket.become(options.socket);
    listening_socket.listen(backlog);
    port = listener->getPort();
    address = listening_socket.address();
}

Server::Server(boost::asio::io_context& io, ServerOptions options, Router router)
    : impl_(std::make_unique<Impl>()) {
    impl_->service = std::make_shared<Service>(io, std::move(options), std::move(router));
    const SignalsBlocked blocked;
    impl_->bind();
}

Server::~Server() {
    stop(std::chrono::milliseconds(0));
}

void Server::start() {
    ::signal(SIGPIPE, SIG_IGN);  // sendfile() has no flag for it
    const SignalsBlocked blocked;
    const MakesFirstThreads first;
    impl_->loop->start();
    impl_->listener->runThreaded();
    impl_->running = true;
}

void Server::allow(std::vector<std::string> cors_origins, std::vector<std::string> trusted_proxies) {
    ServerOptions options = impl_->service->options();
    options.cors_origins = std::move(cors_origins);
    options.trusted_proxies = std::move(trusted_proxies);
    impl_->service->allow(AccessRules(options));
}

// Each reactor notices the ends of its connections at once; only then may it go. One that was accepted at the
// last moment is not known before its reactor has seen it.
void Server::Impl::end_connections() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    bool none = false;
    while (!none && std::chrono::steady_clock::now() < end) {
        for (const auto& connection : loop->all()) connection->kill();
        none = peers->wait_until_none(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
    }
    if (!none) log::warn("connections are left while the HTTP server ends");
}

std::uint16_t Server::port() const {
    return impl_->port;
}

std::string Server::address() const {
    return impl_->address;
}

std::size_t Server::connections() const {
    return impl_->loop->size();
}

std::size_t Server::streams() const {
    return impl_->service->streams();
}

FairQueue& Server::queue() const {
    return impl_->service->queue();
}

void Server::stop(std::chrono::milliseconds grace) {
    if (!impl_->running) return;
    impl_->running = false;
    const auto now = std::chrono::steady_clock::now();
    impl_->service->begin_draining();
    impl_->listening_socket.stop_accepting();
    for (const auto& connection : impl_->loop->all()) connection->close_if_idle();
    impl_->loop->wait_until_empty(now + grace);
    impl_->end_connections();
    impl_->listener->shutdown();
    impl_->listener.reset();
    impl_->loop->stop();
    impl_->service->queue().close();
}

}  // namespace assistd::http
