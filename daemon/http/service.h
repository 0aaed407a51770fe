#pragma once
// What all connections share: options, routes and access rules. It turns the head of a request into an
// exchange and runs handlers. Made once, then read from any thread; connections keep it alive.

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/live.h"
#include "http/access.h"
#include "http/fair_queue.h"
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
    bool identified = true;    // false: request.user is not known yet
    std::string subject = {};  // in whose queue the request stands; empty: in none
    Identity who = {};         // that is told what he has left; no user: nobody
    std::string address = {};  // of the client, as limited_address() gives it
    std::vector<Allowance> allowances = {};
    RequestNote note = {};
    std::optional<Reply> reply;    // set when no handler is needed: OPTIONS, or a request that is refused
    std::int64_t passed_over = 0;  // bytes of the body that follow and that nobody reads
};

class Service {
  public:
    Service(boost::asio::io_context& io, ServerOptions options, Router router);

    const ServerOptions& options() const { return options_; }
    const Limits& limits() const { return options_.limits; }
    // Whether the address is that of a proxy, behind which there are many clients.
    bool believes(const std::string& address) const { return access_.latest()->is_trusted(address); }

    // Routes the request and checks what its head allows to check. Never throws: what is wrong is the reply.
    Exchange admit(Head head, const std::string& socket_peer) const;
    // An error in the shape of the door that the context's path belongs to.
    Reply render(const Error& error, const ReplyContext& context) const;
    // Runs the handler of the exchange on a strand of its own.
    void spawn(std::shared_ptr<Connection> connection, Exchange exchange,
               FairQueue::Where where = FairQueue::Where::io_context) const;
    Task<Reply> answer(Exchange& exchange) const;
    FairQueue& queue() const { return *queue_; }

    // From the next request on.
    void allow(AccessRules access) { access_.replace(std::move(access)); }

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
    void identify(const Head& head, Exchange& exchange) const;
    void hold_off_unknown(const Head& head, const Exchange& exchange) const;
    Task<void> look_up(Exchange& exchange) const;
    void note(const Head& head, const std::string& socket_peer, Exchange& exchange) const;
    Task<Reply> handle(Exchange& exchange) const;
    void ask_whether_admitted(const Exchange& exchange) const;
    // What limits have to do with it.
    void count_address(const std::string& address, Exchange& exchange) const;
    void count_user(const Request& request, Exchange& exchange) const;
    void enter(Exchange& exchange) const;
    void tell_limits(const Exchange& exchange, Reply& reply) const;
    void keep_connection(const Head& head, Exchange& exchange) const;

    boost::asio::io_context& io_;
    const ServerOptions options_;
    Live<AccessRules> access_;
    const RouteTable routes_;
    const std::shared_ptr<FairQueue> queue_;
    std::atomic<bool> draining_{false};
    mutable std::atomic<int> streams_{0};
    const std::shared_ptr<std::atomic<int>> at_work_ = std::make_shared<std::atomic<int>>(0);  // exchanges
};

}  // namespace assistd::http
