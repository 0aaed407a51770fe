// A tool that failed may say which other is to run before it: "run_first" in the details of its error.

#include <algorithm>

#include "providers/offline/plan/planner.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

// {"tool", "arguments"}, or null.
json needed_first(const Call& call) {
    if (call.state != Call::State::failed || !call.body.is_object()) return nullptr;
    const json error = call.body.value("error", json());
    const json details = error.is_object() ? error.value("details", json()) : json();
    const json first = details.is_object() ? details.value("run_first", json()) : json();
    const bool usable = first.is_object() && first.value("tool", json()).is_string() &&
                        first.value("arguments", json()).is_object();
    return usable ? first : json();
}

}  // namespace

void Planner::make_up_for(Plan& plan) const {
    const auto& made = history_.exchanges()[exchange_].calls;
    // Not by the whole id: the user message of a stateless request has none of its own.
    const auto with_id = [&](const std::string& id) {
        const std::string end = id.substr(id.find('_', id.find('_') + 1));
        return std::ranges::find_if(made, [&](const Call& call) {
            return call.block->call_id.starts_with("call_") && call.block->call_id.ends_with(end);
        });
    };
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        auto& calls = plan.steps[i].calls;
        for (std::size_t n = 0; n < calls.size(); ++n) {
            const json first = needed_first(*calls[n]);
            if (first.is_null() || !grammar_.find(first["tool"].get<std::string>())) continue;
            const std::string before = call_id("f", i, n), after = call_id("r", i, n);
            const auto run = with_id(before);
            if (run == made.end()) {
                plan.calls.push_back({before, first["tool"].get<std::string>(), first["arguments"].dump()});
            } else if (run->state != Call::State::good) {
                calls[n] = &*run;  // why it did not work in the end
            } else if (const auto again = with_id(after); again == made.end()) {
                plan.calls.push_back({after, calls[n]->block->name, calls[n]->block->arguments});
            } else {
                calls[n] = &*again;
                calls.insert(calls.begin() + static_cast<long>(n++), &*run);
            }
        }
    }
    if (!plan.calls.empty()) plan.state = Plan::State::calls;
}

}  // namespace assistd::providers::offline
