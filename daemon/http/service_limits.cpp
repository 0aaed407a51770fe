// The part of the service that is about how much somebody asks for.

#include "base/limit_rules.h"
#include "http/request_rates.h"
#include "http/service.h"

namespace assistd::http {
namespace {

void add(RequestRates::Taken taken, Exchange& exchange) {
    exchange.allowances.insert(exchange.allowances.end(), taken.left.begin(), taken.left.end());
    if (taken.refusal) throw *taken.refusal;
}

}  // namespace

// Whoever cannot say who he is counts by his address: guessing keys is limited, too.
void Service::count_address(const std::string& address, Exchange& exchange) const {
    exchange.subject = exchange.address = limited_address(address);
    if (options_.rates) add(options_.rates->take_of_address(exchange.subject), exchange);
}

void Service::count_user(const Request& request, Exchange& exchange) const {
    if (request.user.empty()) return;  // the route is open to everybody
    if (exchange.route->route.options.always_served) return;
    // Where everybody is one user, addresses tell them apart.
    if (!request.rights.credential.empty()) exchange.subject = "user " + request.user;
    if (!options_.rates) return;
    exchange.who = {request.user, request.rights};
    add(options_.rates->take_of_user(exchange.who), exchange);
}

// What would be refused later is refused now. Whose request it is may not be known yet: then its handler
// asks.
void Service::enter(Exchange& exchange) const {
    queue_->check(exchange.subject);
    const auto& at_door = exchange.route->route.options.at_door;
    if (at_door && exchange.identified) exchange.request.from_door = at_door(exchange.request);
}

void Service::tell_limits(const Exchange& exchange, Reply& reply) const {
    std::vector<Allowance> all = exchange.allowances;
    if (options_.left_today && !exchange.who.user.empty())
        for (const Allowance& one : options_.left_today(exchange.who, exchange.address)) all.push_back(one);
    if (!all.empty()) add_headers(reply, all);
}

// The body of a request that is answered already is not waited for; so what follows cannot be told from it,
// unless it is known how long it is and nobody waits for leave to send it.
void Service::keep_connection(const Head& head, Exchange& exchange) const {
    const int status = exchange.reply->status;
    const bool for_now =
        status == status_of(ErrorCode::rate_limited) || status == status_of(ErrorCode::unavailable);
    const bool passed_over = for_now && !head.chunked && !head.expects_continue &&
                             head.content_length <= options_.limits.passed_over_bytes;
    if (passed_over)
        exchange.passed_over = head.content_length;
    else
        exchange.context.keep_alive = false;
}

}  // namespace assistd::http
