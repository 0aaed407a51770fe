#include "providers/offline/planner.h"

#include <algorithm>
#include <set>

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t most_calls = 20;  // of one step
constexpr int most_waits = 6;           // for one job in one turn

bool fits(const MadeArtifact& artifact, const Argument& argument, const Reference::Item& item) {
    const bool kind = !item.kind.empty()       ? artifact.kind == item.kind
                      : argument.kinds.empty() ? true
                                               : std::find(argument.kinds.begin(), argument.kinds.end(),
                                                           artifact.kind) != argument.kinds.end();
    return kind && (item.modifier.empty() || artifact.maker.find(item.modifier) != std::string::npos);
}

std::string kind_of_handle(const std::string& handle) {
    return handle.substr(0, handle.rfind('-'));
}

// "call_…_s2_1": the step and the number of a call that this provider made.
bool read_call_id(const std::string& id, char kind, std::size_t& step) {
    const std::size_t last = id.rfind('_');
    const std::size_t middle =
        last == std::string::npos || last == 0 ? std::string::npos : id.rfind('_', last - 1);
    if (!id.starts_with("call_") || middle == std::string::npos || id[middle + 1] != kind) return false;
    const std::string digits = id.substr(middle + 2, last - middle - 2);
    if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != std::string::npos)
        return false;
    step = std::stoul(digits);
    return true;
}

// The kinds that the tool reads; nothing when it reads no artifacts.
std::set<std::string> kinds_read(const GrammarTool& tool) {
    std::set<std::string> kinds;
    for (const Argument& argument : tool.arguments)
        if (argument.takes_artifacts()) kinds.insert(argument.kinds.begin(), argument.kinds.end());
    return kinds;
}

const Binding* binding_of(const Step& step, std::size_t argument) {
    for (const Binding& binding : step.bindings)
        if (binding.argument == static_cast<int>(argument)) return &binding;
    return nullptr;
}

// What a step says, or leaves to be understood, about an artifact argument; nothing when it is given by
// handle.
std::optional<Reference> open_reference(const Step& step, std::size_t index) {
    const Argument& argument = step.tool->arguments[index];
    if (const Binding* binding = binding_of(step, index)) return binding->value.reference;
    if (!argument.required || argument.has_default) return std::nullopt;
    if (!argument.takes_artifacts() && argument.type != ArgumentType::job) return std::nullopt;
    Reference reference;
    reference.spoken = false;
    reference.items.emplace_back();
    reference.items.front().several = argument.type == ArgumentType::artifacts;
    return reference;
}

void multiply(std::vector<json>& calls, const std::string& name, const std::vector<json>& values) {
    std::vector<json> product;
    for (const json& call : calls)
        for (const json& value : values) {
            product.push_back(call);
            product.back()[name] = value;
        }
    calls = std::move(product);
}

}  // namespace

Planner::Planner(const Grammar& grammar, History& history, core::Artifacts* artifacts,
                 const core::ProviderRequest& request)
    : grammar_(grammar), history_(history), artifacts_(artifacts), request_(request) {}

Task<Plan> Planner::next(const std::vector<Step>& steps, std::size_t exchange) {
    exchange_ = exchange;
    Plan plan;
    for (const Step& step : steps) plan.steps.push_back({&step, {}, false});
    attribute(plan);
    for (const Plan::Progress& progress : plan.steps)
        for (const Call* call : progress.calls)
            if (call->state == Call::State::failed) plan.state = Plan::State::failed;
    if (plan.state == Plan::State::failed) co_return plan;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        if (!plan.steps[i].calls.empty()) continue;
        if (must_wait(plan, i)) co_return plan;
        Resolved resolved = co_await resolve(plan, i);
        plan.steps[i].needless = resolved.needless;
        if (!resolved.problem.empty()) {
            if (plan.calls.empty()) {
                plan.state = Plan::State::stuck;
                plan.reason = std::move(resolved.problem);
            }
            co_return plan;
        }
        for (std::size_t n = 0; n < resolved.calls.size(); ++n)
            plan.calls.push_back(
                {call_id("s", i, n), plan.steps[i].step->tool->spec->name, resolved.calls[n].dump()});
        if (!resolved.calls.empty()) plan.state = Plan::State::calls;
    }
    co_return plan;
}

// Which step each call of this turn belongs to. The calls of another provider, which began the turn, are
// taken in order and by name.
void Planner::attribute(Plan& plan) const {
    std::size_t at = 0;
    for (const Call& call : history_.exchanges()[exchange_].calls) {
        std::size_t step = 0;
        if (read_call_id(call.block->call_id, 'w', step)) continue;
        if (!read_call_id(call.block->call_id, 's', step)) {
            step = at;
            while (step < plan.steps.size() && plan.steps[step].step->tool->spec->name != call.block->name)
                ++step;
            const bool another = step == at && step < plan.steps.size() && !plan.steps[step].calls.empty() &&
                                 plan.steps[step].calls.front()->reply != call.reply;
            if (another) ++step;
            if (step < plan.steps.size()) at = step;
        }
        if (step < plan.steps.size()) plan.steps[step].calls.push_back(&call);
    }
}

bool Planner::finished(const Plan::Progress& progress) const {
    return progress.needless ||
           (!progress.calls.empty() &&
            std::all_of(progress.calls.begin(), progress.calls.end(),
                        [](const Call* call) { return call->state == Call::State::good; }));
}

// Whether `step` may need what `on`, an unfinished earlier step, makes. A tool that only reads what this step
// takes too, such as two analyses of one simulation, makes nothing that "it" would mean.
bool Planner::depends(const Plan& plan, std::size_t step, std::size_t on) const {
    const Step& here = *plan.steps[step].step;
    if (here.ordered) return true;
    for (std::size_t later = on + 1; later < step; ++later)
        if (plan.steps[later].step->ordered && depends(plan, step, later)) return true;
    const std::set<std::string> read_there = kinds_read(*plan.steps[on].step->tool);
    for (std::size_t i = 0; i < here.tool->arguments.size(); ++i) {
        const auto reference = open_reference(here, i);
        if (!reference || reference->only_handles()) continue;
        const auto& kinds = here.tool->arguments[i].kinds;
        const bool same = !kinds.empty() &&
                          std::all_of(kinds.begin(), kinds.end(),
                                      [&](const std::string& kind) { return read_there.count(kind) > 0; });
        if (!same) return true;
    }
    return false;
}

bool Planner::must_wait(Plan& plan, std::size_t step) {
    const Step& here = *plan.steps[step].step;
    const bool about_jobs = std::any_of(here.tool->arguments.begin(), here.tool->arguments.end(),
                                        [](const Argument& a) { return a.type == ArgumentType::job; });
    for (std::size_t i = 0; i < step; ++i) {
        const Plan::Progress& earlier = plan.steps[i];
        if (finished(earlier) || !depends(plan, step, i)) continue;
        if (earlier.calls.empty()) return true;  // it goes out in this round
        if (about_jobs) continue;                // a running job is what it is about
        if (plan.calls.empty()) wait_for_jobs(plan, i);
        return true;
    }
    return false;
}

void Planner::wait_for_jobs(Plan& plan, std::size_t step) {
    const GrammarTool* waiter = grammar_.find("wait_for_job");
    plan.state = Plan::State::background;
    if (!waiter || !waiter->find("job_id")) return;
    for (const Call* call : plan.steps[step].calls) {
        if (call->state != Call::State::running) continue;
        std::size_t waits = 0;
        for (const Call& other : history_.exchanges()[exchange_].calls) {
            std::size_t of = 0;
            if (!read_call_id(other.block->call_id, 'w', of)) continue;
            const json arguments = json::parse(other.block->arguments, nullptr, false);
            if (arguments.is_object() && arguments.value("job_id", json()) == call->job) ++waits;
            // A wait that was refused will be refused again.
            if (other.state == Call::State::failed) waits += most_waits;
        }
        if (waits >= most_waits) continue;
        const json arguments{{"job_id", call->job}};
        std::size_t all = 0;
        for (const Call& other : history_.exchanges()[exchange_].calls)
            all += other.block->name == waiter->spec->name;
        plan.calls.push_back(
            {call_id("w", step, all + plan.calls.size()), waiter->spec->name, arguments.dump()});
        plan.state = Plan::State::calls;
    }
}

Task<Planner::Resolved> Planner::resolve(const Plan& plan, std::size_t step) {
    const Step& here = *plan.steps[step].step;
    Resolved resolved;
    resolved.calls.push_back(json::object());
    for (std::size_t i = 0; i < here.tool->arguments.size(); ++i) {
        const Argument& argument = here.tool->arguments[i];
        const Binding* binding = binding_of(here, i);
        const auto reference = open_reference(here, i);
        std::vector<json> values;
        if (!reference) {
            if (!binding) continue;
            values = binding->value.values;
        } else if (argument.type == ArgumentType::job) {
            const std::string job = job_for(plan, step);
            resolved.needless = job.empty() && step > 0;
            if (resolved.needless) resolved.calls.clear();
            if (job.empty() && step == 0)
                resolved.problem = "There is no background job in this conversation.";
            if (job.empty()) co_return resolved;
            values.push_back(job);
        } else {
            const auto handles = co_await look_up(plan, step, argument, *reference);
            const std::string kind = !reference->items.front().kind.empty() ? reference->items.front().kind
                                     : argument.kinds.empty()               ? "artifact"
                                                              : join_words(argument.kinds, "or");
            const std::size_t least = std::max<std::size_t>(argument.min_length, 1);
            if (handles.size() < least) {
                resolved.problem = handles.empty()
                                       ? "There is no " + kind + " yet that I could use for this."
                                       : "This needs at least " + std::to_string(least) + " of them (" +
                                             kind + "), and I found only **" + handles.front() + "**.";
                co_return resolved;
            }
            if (argument.type == ArgumentType::artifacts)
                values.push_back(handles);
            else
                values.assign(handles.begin(), handles.end());
        }
        multiply(resolved.calls, argument.name, values);
        if (resolved.calls.size() > most_calls ||
            (here.count > 1 && resolved.calls.size() * static_cast<std::size_t>(here.count) > most_calls)) {
            resolved.problem =
                "That would be more than " + std::to_string(most_calls) + " runs of one tool at once.";
            co_return resolved;
        }
    }
    // "two runs with seeds 1 and 2" are two, not four.
    if (resolved.calls.size() == static_cast<std::size_t>(here.count)) co_return resolved;
    const Arguments once = resolved.calls;
    for (int n = 1; n < here.count; ++n)
        resolved.calls.insert(resolved.calls.end(), once.begin(), once.end());
    co_return resolved;
}

// Newest first: what earlier steps of this turn made, what the conversation made or named, what the owner
// has.
Task<std::vector<std::string>> Planner::look_up(const Plan& plan, std::size_t step, const Argument& argument,
                                                Reference reference) {
    std::vector<std::vector<MadeArtifact>> groups;
    groups.push_back(made_before(plan, step));
    for (auto& earlier : made_earlier()) groups.push_back(std::move(earlier));
    std::vector<std::string> handles;
    for (const Reference::Item& item : reference.items) {
        if (!item.handle.empty()) {
            handles.push_back(item.handle);
            continue;
        }
        const bool list = argument.type == ArgumentType::artifacts;
        const std::size_t least = !item.several    ? 1
                                  : item.count > 0 ? static_cast<std::size_t>(item.count)
                                  : list           ? std::max<std::size_t>(argument.min_length, 2)
                                                   : 1;
        const std::size_t most = !item.several    ? 1
                                 : item.count > 0 ? least
                                                  : argument.max_length.value_or(most_calls);
        std::vector<std::string> found;
        const auto take = [&](const MadeArtifact& artifact) {
            const auto known = [&](const std::vector<std::string>& in) {
                return std::find(in.begin(), in.end(), artifact.handle) != in.end();
            };
            if (found.size() < most && fits(artifact, argument, item) && !known(found) && !known(handles))
                found.push_back(artifact.handle);
        };
        for (const auto& group : groups) {
            for (const MadeArtifact& artifact : group) take(artifact);
            // "them" are those of one turn, when there are enough.
            if (found.size() >= least && !item.every) break;
        }
        if (found.size() < least || item.every) {
            const auto more = co_await stored(
                argument, item, static_cast<int>(std::min<std::size_t>(most + handles.size(), 20)));
            for (const MadeArtifact& artifact : more) take(artifact);
        }
        handles.insert(handles.end(), found.rbegin(), found.rend());
    }
    co_return handles;
}

Task<std::vector<MadeArtifact>> Planner::stored(const Argument& argument, Reference::Item item, int limit) {
    std::vector<core::Artifact> all;
    std::vector<std::string> kinds = argument.kinds;
    if (!item.kind.empty()) kinds = {item.kind};
    if (kinds.empty()) kinds.emplace_back();
    for (const std::string& kind : kinds) {
        if (!artifacts_) break;
        core::ArtifactQuery query;
        query.owner = request_.owner;
        query.kind = kind;
        query.limit = item.modifier.empty() ? limit : 20;
        auto page = co_await artifacts_->list(std::move(query));
        std::move(page.items.begin(), page.items.end(), std::back_inserter(all));
    }
    std::stable_sort(all.begin(), all.end(), [](const core::Artifact& a, const core::Artifact& b) {
        return a.created_at > b.created_at;
    });
    std::vector<MadeArtifact> found;
    for (const core::Artifact& artifact : all)
        found.push_back({artifact.handle, artifact.kind, artifact.tool + " " + artifact.parameters});
    co_return found;
}

std::vector<MadeArtifact> Planner::made_before(const Plan& plan, std::size_t step) const {
    std::vector<MadeArtifact> made;
    for (std::size_t i = step; i-- > 0;)
        for (auto call = plan.steps[i].calls.rbegin(); call != plan.steps[i].calls.rend(); ++call) {
            auto artifacts = (*call)->artifacts();
            for (MadeArtifact& artifact : artifacts) {
                if (artifact.kind.empty()) artifact.kind = kind_of_handle(artifact.handle);
                made.push_back(std::move(artifact));
            }
        }
    return made;
}

// Of the exchanges before this one, newest first: what each made and which artifacts it worked on.
std::vector<std::vector<MadeArtifact>> Planner::made_earlier() {
    std::vector<std::vector<MadeArtifact>> groups;
    for (std::size_t i = exchange_; i-- > 0;) {
        const Exchange& exchange = history_.read(i);
        std::vector<MadeArtifact> group;
        for (auto handle = exchange.noticed.rbegin(); handle != exchange.noticed.rend(); ++handle)
            group.push_back({*handle, kind_of_handle(*handle), ""});
        for (auto call = exchange.calls.rbegin(); call != exchange.calls.rend(); ++call) {
            auto made = call->artifacts();
            for (MadeArtifact& artifact : made) {
                if (artifact.kind.empty()) artifact.kind = kind_of_handle(artifact.handle);
                group.push_back(std::move(artifact));
            }
            const json arguments = json::parse(call->block->arguments, nullptr, false);
            const GrammarTool* tool = grammar_.find(call->block->name);
            if (!tool || !arguments.is_object() || call->state == Call::State::failed) continue;
            for (const Argument& argument : tool->arguments) {
                if (!argument.takes_artifacts() || !arguments.contains(argument.name)) continue;
                const json& value = arguments[argument.name];
                json named = value.is_array() ? value : json::array({value});
                std::reverse(named.begin(), named.end());
                for (const json& handle : named)
                    if (handle.is_string())
                        group.push_back(
                            {handle.get<std::string>(), kind_of_handle(handle.get<std::string>()), ""});
            }
        }
        if (!group.empty()) groups.push_back(std::move(group));
    }
    return groups;
}

std::string Planner::job_for(const Plan& plan, std::size_t step) {
    for (std::size_t i = step; i-- > 0;)
        for (const Call* call : plan.steps[i].calls)
            if (call->state == Call::State::running) return call->job;
    for (std::size_t i = step; i-- > 0;)
        if (!plan.steps[i].calls.empty()) return "";  // what "it" means has ended by itself
    return history_.last_job();
}

std::string Planner::call_id(std::string_view kind, std::size_t step, std::size_t number) const {
    const Exchange& exchange = history_.exchanges()[exchange_];
    // The user message names the turn; a stateless request has none with an id.
    const Uuid turn = exchange.user->id.is_nil() ? Uuid::make() : exchange.user->id.uuid;
    return "call_" + turn.hex() + "_" + std::string(kind) + std::to_string(step) + "_" +
           std::to_string(number);
}

}  // namespace assistd::providers::offline
