#pragma once
// The limits of the configuration and all that keeps them: places for turns, what a day may cost, requests of
// a minute. One for the daemon; any thread.

#include <memory>
#include <mutex>

#include "api/admin/limits.h"
#include "app/metrics.h"
#include "base/config.h"
#include "core/spending.h"
#include "core/turn_slots.h"
#include "http/fair_queue.h"
#include "http/request_rates.h"
#include "http/server.h"
#include "tools/caller.h"

namespace assistd::app {

class Limits {
  public:
    // What counts is given by a configuration and by whoever knows the users' roles. Throws
    // Error{validation}.
    struct Rules {
        std::shared_ptr<const LimitRules> limits;
        tools::Callers callers;
    };
    static Rules rules_of(const Config& config, tools::Callers callers);

    // `book` outlives this.
    Limits(const Config& config, tools::Callers callers, core::UsageBook& book);
    Limits(const Limits&) = delete;
    Limits& operator=(const Limits&) = delete;

    const std::shared_ptr<core::TurnSlots>& slots() const { return slots_; }
    core::Spending& spending() { return spending_; }
    http::ServerOptions with(http::ServerOptions options);
    // `is_known` says whether there is such a user.
    api::admin::LimitSources sources(std::function<bool(const std::string& user)> is_known);
    Metrics::Demand demand(const http::FairQueue& queue) const;

    // Other limits from now on; what was used of the old ones counts.
    void change(Rules rules, http::FairQueue& queue);

  private:
    Rules rules() const;
    Allowed allowed(const std::string& user) const;
    // What is left of a user's tokens today, as far as it is known without reading the book.
    std::vector<http::Allowance> tokens_left(const std::string& user) const;

    mutable std::mutex mutex_;
    Rules rules_;
    const std::shared_ptr<core::TurnSlots> slots_;
    core::Spending spending_;
    const std::shared_ptr<http::RequestRates> rates_;
};

}  // namespace assistd::app
