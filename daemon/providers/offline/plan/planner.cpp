#include "providers/offline/plan/planner.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "providers/offline/orders/bindings.h"
#include "providers/offline/orders/rivals.h"
#include "providers/offline/orders/study_order.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr int most_waits = 6;  // for one job in one turn

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

// As far as the tool's name tells: create_parametric_study makes a study, compare_simulations a comparison.
bool may_make(const GrammarTool& tool, const Argument& argument) {
    constexpr std::size_t telling = 6;  // letters
    return std::ranges::any_of(argument.kinds, [&](const std::string& kind) {
        return tool.spec->name.find(kind.substr(0, telling)) != std::string::npos;
    });
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
    make_up_for(plan);
    if (!plan.calls.empty()) co_return plan;
    for (const Plan::Progress& progress : plan.steps)
        for (const Call* call : progress.calls)
            if (call->state == Call::State::failed) plan.state = Plan::State::failed;
    if (plan.state == Plan::State::failed) co_return plan;
    co_await look_for_named();
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        if (!plan.steps[i].calls.empty()) continue;
        if (must_wait(plan, i)) co_return plan;
        co_await choose_rival(plan, i);
        const Step& step = *plan.steps[i].step;
        if (step.study_seeds > 0) {
            plan.calls.push_back({call_id("s", i, 0), study_tool, study_arguments(step).dump()});
            plan.state = Plan::State::calls;
            continue;
        }
        Resolved resolved = co_await resolve(plan, i);
        plan.steps[i].needless = resolved.needless;
        if (!resolved.problem.empty()) {
            if (plan.calls.empty()) {
                plan.state = Plan::State::stuck;
                plan.reason = std::move(resolved.problem);
                plan.has_begun = !dealt_with_earlier().empty();
            }
            co_return plan;
        }
        if (asked_already(plan, i, resolved)) {
            plan.steps[i].needless = true;
            continue;
        }
        for (std::size_t n = 0; n < resolved.calls.size(); ++n)
            plan.calls.push_back({call_id("s", i, n),
                                  resolved.tool.empty() ? step.tool->spec->name : resolved.tool,
                                  resolved.calls[n].dump()});
        if (!resolved.calls.empty()) plan.state = Plan::State::calls;
    }
    if (plan.state == Plan::State::done) note_choices(plan);
    co_return plan;
}

// "What are its Df and Rg" is one question when one answer tells both.
bool Planner::asked_already(const Plan& plan, std::size_t step, const Resolved& resolved) const {
    const GrammarTool& tool = *plan.steps[step].step->tool;
    const auto changes = [](const Plan::Progress& one) { return one.step->tool->spec->effects.writes; };
    const bool only_asks =
        std::none_of(plan.steps.begin(), plan.steps.begin() + static_cast<long>(step) + 1, changes);
    if (!only_asks || !resolved.tool.empty() || resolved.calls.size() != 1) return false;
    const auto is_same = [&](const std::string& name, const std::string& arguments) {
        return name == tool.spec->name && arguments == resolved.calls.front().dump();
    };
    return std::ranges::any_of(plan.calls,
                               [&](const auto& call) { return is_same(call.name, call.arguments); }) ||
           std::ranges::any_of(history_.exchanges()[exchange_].calls, [&](const Call& call) {
               return is_same(call.block->name, call.block->arguments);
           });
}

// Which step each call of this turn belongs to. The calls of another provider, which began the turn, are
// taken in order and by name.
void Planner::attribute(Plan& plan) const {
    std::size_t at = 0;
    for (const Call& call : history_.exchanges()[exchange_].calls) {
        std::size_t step = 0;
        const std::string& id = call.block->call_id;
        if (read_call_id(id, 'w', step) || read_call_id(id, 'f', step) || read_call_id(id, 'r', step))
            continue;
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
    // Which of a step's rivals was chosen in an earlier round.
    for (Plan::Progress& progress : plan.steps)
        for (const Step& rival : progress.step->rivals)
            if (!progress.calls.empty() && progress.calls.front()->block->name == rival.tool->spec->name) {
                progress.step = &rival;
                break;
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
    for (const Step& rival : here.rivals)
        if (const Argument* unnamed = unnamed_argument(rival);
            unnamed && may_make(*plan.steps[on].step->tool, *unnamed))
            return true;
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

namespace {

// Why what is meant cannot be taken; empty when it can.
std::string why_not(const Meant& meant) {
    return meant.unended.empty()
               ? meant.problem
               : meant.unended + " has not ended yet. Please ask again once it has, or name what you mean.";
}

}  // namespace

Task<Planner::Resolved> Planner::resolve(const Plan& plan, std::size_t step) {
    const Step& here = *plan.steps[step].step;
    Resolved resolved;
    resolved.calls.push_back(json::object());
    for (std::size_t i = 0; i < here.tool->arguments.size(); ++i) {
        const Argument& argument = here.tool->arguments[i];
        const Binding* binding = binding_of(here, i);
        const auto reference = open_reference(here, i);
        std::vector<json> values;
        if (is_made_together(here, i)) continue;
        if (!reference) {
            if (!binding && argument.type == ArgumentType::study) {
                const bool ends_it = here.tool->spec->name == "cancel_study";
                std::string newest = ends_it ? newest_running_study(history_) : "";
                if (newest.empty()) newest = newest_study(history_);
                if (!newest.empty()) values.emplace_back(newest);
            } else if (binding)
                values = binding->value.values;
            if (values.empty()) continue;
        } else if (argument.type == ArgumentType::job) {
            const std::string job = job_for(plan, step);
            resolved.needless = job.empty() && step > 0;
            if (resolved.needless) resolved.calls.clear();
            if (job.empty() && step == 0) ask_of_study(here, resolved);
            if (job.empty()) co_return resolved;
            values.push_back(job);
        } else if (argument.type == ArgumentType::study) {
            StudiesMeant meant = studies_meant(history_, *reference);
            resolved.problem = std::move(meant.problem);
            if (!resolved.problem.empty()) co_return resolved;
            if (meant.targets.empty()) continue;  // the newest, which the tool takes by itself
            values.assign(meant.targets.begin(), meant.targets.end());
        } else if (const Binding* list = list_said(here, argument); list && !reference->spoken) {
            const auto& listed = here.tool->arguments[static_cast<std::size_t>(list->argument)];
            const Meant meant = co_await look_up(plan, step, listed, *list->value.reference);
            resolved.problem = why_not(meant);
            if (resolved.problem.empty() && meant.handles.empty())
                resolved.problem = "There is nothing yet that I could use for this.";
            if (!resolved.problem.empty()) co_return resolved;
            values.push_back(meant.handles.front());
        } else {
            if (std::ranges::any_of(reference->items, &Reference::Item::is_too_wide)) {
                resolved.problem =
                    "Those are more than " + std::to_string(Reference::most_of_range) + " at once.";
                co_return resolved;
            }
            const Meant meant = co_await look_up(plan, step, argument, *reference);
            resolved.problem = why_not(meant);
            if (!resolved.problem.empty()) co_return resolved;
            const std::vector<std::string>& handles = meant.handles;
            const Reference::Item& first = reference->items.front();
            const std::string kind =
                (first.word().empty() ? "" : first.word() + " ") +
                (!first.kind.empty()      ? first.kind
                 : argument.kinds.empty() ? (first.of.empty() ? "artifact" : join_words(first.of, "or"))
                                          : join_words(argument.kinds, "or"));
            if (misfit(plan, step, *reference, handles)) {
                std::vector<std::string> names;
                for (const MadeArtifact& artifact : attached())
                    names.push_back("**" + artifact.handle + "**");
                resolved.problem = "What is attached (" + join_words(names, "and") + ") is no " + kind +
                                   ", which this needs.";
                co_return resolved;
            }
            resolved.problem = never_made(*reference, handles);
            if (!resolved.problem.empty()) co_return resolved;
            const std::string newer = co_await passed_over(plan, step, argument, *reference, handles);
            if (!newer.empty()) {
                resolved.problem = "**" + newer + "** was made last, but this works on another thing (" +
                                   text_of_usual(reference->items.front()) +
                                   "). Please name the one that you mean.";
                co_return resolved;
            }
            const std::size_t least = std::max<std::size_t>(argument.min_length, 1);
            if (handles.size() < least) {
                resolved.problem = handles.empty()
                                       ? "There is no " + kind + " yet that I could use for this."
                                       : "This needs at least " + std::to_string(least) + " of them (" +
                                             kind + "), and I found only **" + handles.front() + "**.";
                co_return resolved;
            }
            if (!argument.takes_artifacts()) {
                values.push_back(co_await told_of(handles.front(), argument.name));
                if (values.back().is_null())
                    resolved.problem = "**" + handles.front() + "** does not tell its " + argument.name + ".";
                if (!resolved.problem.empty()) co_return resolved;
            } else if (argument.type == ArgumentType::artifacts)
                values.push_back(handles);
            else
                values.assign(handles.begin(), handles.end());
        }
        multiply(resolved.calls, argument.name, values);
        const auto count = static_cast<std::size_t>(here.count);
        // "two runs with seeds 1 and 2" are two, not four.
        const std::size_t runs = resolved.calls.size() * (resolved.calls.size() == count ? 1 : count);
        if (runs > most_calls) {
            resolved.problem =
                "That would be more than " + std::to_string(most_calls) + " runs of one tool at once.";
            co_return resolved;
        }
    }
    if (resolved.calls.size() == 1) take_together(plan, step, resolved.calls.front());
    // "two runs with seeds 1 and 2" are two, not four.
    if (resolved.calls.size() == static_cast<std::size_t>(here.count)) co_return resolved;
    const Arguments once = resolved.calls;
    for (int n = 1; n < here.count; ++n)
        resolved.calls.insert(resolved.calls.end(), once.begin(), once.end());
    co_return resolved;
}

// "Of the same size": a number that the artifact tells of itself, or null.
Task<json> Planner::told_of(std::string handle, std::string name) {
    json about;
    try {
        if (artifacts_)
            about = json::parse((co_await artifacts_->find(request_.owner, handle)).metadata, nullptr, false);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return about.is_object() ? about.value(name, json()) : json();
}

std::string Planner::job_for(const Plan& plan, std::size_t step) {
    for (std::size_t i = step; i-- > 0;)
        for (const Call* call : plan.steps[i].calls)
            if (call->state == Call::State::running) return call->job;
    for (std::size_t i = step; i-- > 0;)
        if (!plan.steps[i].calls.empty()) return "";  // what "it" means has ended by itself
    const auto& running = history_.running();
    if (!running.empty()) return running.back()->job;
    return history_.last_job();
}

// "How is it going?" when it is a study that goes on.
void Planner::ask_of_study(const Step& step, Resolved& resolved) {
    static constexpr std::array<std::pair<std::string_view, const char*>, 2> counterparts{
        {{"get_job_status", "get_study_status"}, {"cancel_job", "cancel_study"}}};
    const auto counterpart = std::ranges::find(counterparts, step.tool->spec->name,
                                               &std::pair<std::string_view, const char*>::first);
    const auto& running = history_.running();
    const std::string ended = running.empty() ? newest_study(history_) : "";
    if (!ended.empty() && counterpart != counterparts.end())
        resolved.calls.front()["study_id"] = ended;
    else if (running.empty())
        resolved.problem = "There is no background job in this conversation.";
    else if (counterpart == counterparts.end())
        resolved.problem =
            "What runs is a study. Its end is told here; “How is my study doing?” says how far it has come.";
    else
        resolved.calls.front()["study_id"] = running.back()->text("study_id");
    if (resolved.problem.empty()) resolved.tool = counterpart->second;
}

std::string Planner::call_id(std::string_view kind, std::size_t step, std::size_t number) const {
    const Exchange& exchange = history_.exchanges()[exchange_];
    // The user message names the turn; a stateless request has none with an id.
    const Uuid turn = exchange.user->id.is_nil() ? Uuid::make() : exchange.user->id.uuid;
    return "call_" + turn.hex() + "_" + std::string(kind) + std::to_string(step) + "_" +
           std::to_string(number);
}

}  // namespace assistd::providers::offline
