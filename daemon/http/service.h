#pragma once
// What all connections share: options, routes and access rules. It turns the head of a request into an
// exchange and runs handlers. Made once, then read from any thread; connections keep it alive.

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/async.h"
#include "http/access.h"
#include "http/head.h"
#include "http/observer.h"
#include "http/route_table.h"

namespace assistd::http {

class Connection;

// One request with what is known about its answer.
struct Exchange {
    ReplyContext context;
    const RouteTable::Entry* route = nullptr;
    Request request;
    bool identified = true;  // false: request.user is not known yet
    RequestNote note;
    std::optional<Reply> reply;  // set when no handler is needed: OPTIONS, or a request that is refused
};

class Service {
  public:
    Service(boost::asio::io_context& io, ServerOptions options, Router router);

    const ServerOptions& options() const { return options_; }
    const Limits& limits() const { return options_.limits; }

    // Routes the request and checks what its head allows to check. Never throws: what is wrong is the reply.
    Exchange admit(Head head, const std::string& socket_peer) const;
    // An error in the shape of the door that the context's path belongs to.
    Reply render(const Error& error, const ReplyContext& context) const;
    // Runs the handler of the exchange on a strand of its own.
    void spawn(std::shared_ptr<Connection> connection, Exchange exchange) const;
    Task<Reply> answer(Exchange& exchange) const;

    // Of a request whose head is no head.
    RequestNote note_of(const ReplyContext& context, const std::string& socket_peer) const;
    void answered(const RequestNote& note, const Outcome& outcome) const;
    void count_streams(int more) const { streams_ += more; }
    std::size_t streams() const { return static_cast<std::size_t>(streams_.load()); }

    // From here on every reply ends its connection.
    void begin_draining() { draining_ = true; }
    bool draining() const { return draining_; }

  private:
    void route(Head& head, const std::string& socket_peer, Exchange& exchange) const;
    void identify(Exchange& exchange) const;
    Task<void> look_up(Exchange& exchange) const;
    void note(const Head& head, const std::string& socket_peer, Exchange& exchange) const;

    boost::asio::io_context& io_;
    const ServerOptions options_;
    const AccessRules access_;
    const RouteTable routes_;
    std::atomic<bool> draining_{false};
    mutable std::atomic<int> streams_{0};
};

}  // namespace assistd::http
