// What the conversation deals with, as the messages tell it (subjects.h).

#include <algorithm>
#include <set>

#include "base/error.h"
#include "providers/offline/conversation/brought_up.h"
#include "providers/offline/orders/bindings.h"
#include "providers/offline/orders/rivals.h"
#include "providers/offline/orders/study_order.h"
#include "providers/offline/phrases/values.h"
#include "providers/offline/plan/planner.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::string kind_of_handle(const std::string& handle) {
    return handle.substr(0, handle.rfind('-'));
}

// Of the texts of conversations that are not kept, the newest first.
constexpr std::size_t most_names = 40;

// The rows of a result that are artifacts: what a list shows.
std::vector<MadeArtifact> rows_of(const Call& call) {
    std::vector<MadeArtifact> rows;
    if (call.state != Call::State::good || !call.body.contains("data") || !call.body["data"].is_object())
        return rows;
    for (const json& value : call.body["data"])
        if (value.is_array() && rows.empty())
            for (const json& row : value) {
                const json handle = row.is_object() ? row.value("handle", json()) : json();
                if (!handle.is_string()) continue;
                const json tool = row.value("tool", json());
                const std::string maker = tool.is_string() ? tool.get<std::string>() : "";
                rows.push_back({handle.get<std::string>(), kind_of_handle(handle.get<std::string>()),
                                maker + " " + row.dump(), false});
            }
    return rows;
}

// What the exchange was about: what the user called so there, or what a list answered.
MadeArtifact thing_of(const Exchange& exchange, const std::string& about) {
    const bool is_answer = std::ranges::all_of(exchange.calls, [&](const Call& call) {
        return call.block->arguments.find(about) == std::string::npos;
    });
    return {about, kind_of_handle(about), "", true, is_answer, !is_answer};
}

// "Of simulation-1 and simulation-2, …": what an answer was chosen from.
std::vector<std::string> told_together(const Exchange& exchange) {
    const std::string text = exchange.replies.empty() ? "" : exchange.replies.back()->text();
    return text.starts_with("Of ") ? handles_in(text.substr(0, text.find(','))) : std::vector<std::string>();
}

// How many things of a kind there must be for the words to be about that kind.
std::size_t fewest_meant(const Step& step) {
    constexpr std::size_t one = 1, two = 2;
    const auto index = static_cast<std::size_t>(unnamed_argument(step) - step.tool->arguments.data());
    const auto reference = open_reference(step, index);
    const auto counts = [](const Reference::Item& item) { return item.ordinal > 0 || item.several; };
    return reference && reference->spoken && std::ranges::any_of(reference->items, counts) ? two : one;
}

bool draws_together(const Step& step) {
    for (std::size_t i = 0; i < step.tool->arguments.size(); ++i)
        if (is_made_together(step, i)) return true;
    return false;
}

}  // namespace

// What a call made, what it works on, and what it shows. A result may list what the call was given, or what a
// tool that only reads has found: neither was made by it.
void Planner::add_dealings(const Call& call, Dealings& dealings) {
    const GrammarTool* tool = grammar_.find(call.block->name);
    const std::vector<std::string> given = tool ? given_to(call, *tool) : std::vector<std::string>();
    const bool makes = !tool || tool->spec->effects.writes;
    const auto& running = history_.running();
    if (std::ranges::find(running, &call) != running.end()) dealings.things.push_back(unended_of(call));
    auto artifacts = call.artifacts();
    for (MadeArtifact& artifact : artifacts) {
        if (artifact.kind.empty()) artifact.kind = kind_of_handle(artifact.handle);
        artifact.mentioned = !makes || std::ranges::find(given, artifact.handle) != given.end();
        artifact.brought_up = !makes;
        dealings.things.push_back(std::move(artifact));
    }
    for (const std::string& handle : given)
        dealings.things.push_back({handle, kind_of_handle(handle), "", true, !makes});
    // "Show the results of the first study"
    const std::string table = call.text("table");
    if (!makes && artifacts.empty() && call.state == Call::State::good && is_handle(table))
        dealings.things.push_back({table, kind_of_handle(table), "", true, true});
    if (!makes && artifacts.empty()) std::ranges::move(rows_of(call), std::back_inserter(dealings.shown));
}

// A tool makes what its category is called, as far as one can tell before it has.
MadeArtifact Planner::unended_of(const Call& call) const {
    MadeArtifact thing;
    if (call.begins_study()) {
        thing.kind = "study";
        thing.unended = "The study “" + call.text("name") + "”";
        thing.maker = call.block->name + " " + call.block->arguments;
        return thing;
    }
    const GrammarTool* tool = grammar_.find(call.block->name);
    const std::string& title = tool && !tool->spec->title.empty() ? tool->spec->title : call.block->name;
    thing.kind = tool ? tool->spec->category : "";
    thing.mentioned = tool && std::ranges::any_of(tool->arguments, [](const Argument& argument) {
                          return argument.takes_artifacts() && argument.required;
                      });
    thing.unended = "The " + title + " (" + call.job + ")";
    return thing;
}

// The steps of this turn that came before.
Dealings Planner::dealt_with_before(const Plan& plan, std::size_t step) {
    Dealings before;
    for (std::size_t i = step; i-- > 0;) {
        for (const Call* call : Reversed(plan.steps[i].calls)) add_dealings(*call, before);
        if (i + 1 == step) before.of_last_step = before.things.size();
    }
    return before;
}

// The one thing that the exchange's only order was for and that was described there, "plot the dla study": it
// is called no less than by its handle. Only asked of the exchange right before, since it reads the sentence
// again.
std::string Planner::described_in(std::size_t exchange) {
    const Exchange& turn = history_.read(exchange);
    const GrammarTool* tool =
        turn.calls.size() == 1 ? grammar_.find(turn.calls.front().block->name) : nullptr;
    const auto given = tool ? given_to(turn.calls.front(), *tool) : std::vector<std::string>();
    if (given.size() != 1 || !tool->spec->effects.writes) return "";
    const Intent intent = Dialogue(grammar_, history_).intent_of(exchange);
    if (intent.kind != Intent::Kind::run || intent.steps.size() != 1) return "";
    const Step& step = intent.steps.front();
    for (const Binding& binding : step.bindings) {
        const auto& reference = binding.value.reference;
        if (!reference || !reference->spoken || reference->items.size() != 1) continue;
        const Reference::Item& item = reference->items.front();
        if (!item.several && item.ordinal == 0 && !item.word().empty()) return given.front();
    }
    return "";
}

// The turns before this one, newest first.
std::vector<Dealings> Planner::dealt_with_earlier() {
    std::vector<Dealings> turns;
    BroughtUp brought_up(grammar_, history_);
    for (std::size_t i = exchange_; i-- > 0;) {
        const Exchange& exchange = history_.read(i);
        Dealings turn;
        for (const std::string& handle : Reversed(exchange.noticed))
            turn.things.push_back({handle, kind_of_handle(handle), "", false});
        std::string about = exchange.calls.empty() ? "" : brought_up.in(i);
        if (about.empty() && i + 1 == exchange_) about = described_in(i);
        const MadeArtifact thing = about.empty() ? MadeArtifact() : thing_of(exchange, about);
        // What answers a question is rather meant than what was asked about.
        if (thing.brought_up) turn.things.push_back(thing);
        for (const Call& call : Reversed(exchange.calls)) add_dealings(call, turn);
        if (thing.called) turn.things.push_back(thing);
        for (const std::string& handle : Reversed(exchange.attached))
            turn.things.push_back({handle, kind_of_handle(handle), "", false});
        if (const auto named = named_.find(i); named != named_.end())
            turn.things.insert(turn.things.end(), named->second.begin(), named->second.end());
        if (!turn.things.empty() || !turn.shown.empty()) turns.push_back(std::move(turn));
    }
    return turns;
}

// All that the words may mean, the newest first, without what was taken already.
std::vector<Dealings> Planner::dealt_with(const Plan& plan, std::size_t step, const Argument& argument,
                                          const Reference& reference, const Reference::Item& item,
                                          const std::vector<std::string>& taken) {
    std::vector<Dealings> turns{dealt_with_before(plan, step)};
    // What is drawn together is one plot, not one of each.
    if (step < plan.steps.size() && draws_together(*plan.steps[step].step)) turns.front().of_last_step = 0;
    // "Grow two clusters, compare them and write a report", "grow two and render them all": of what this
    // sentence has made.
    const auto made_here = std::ranges::count_if(turns.front().things, [&](const MadeArtifact& thing) {
        return !thing.mentioned && thing.unended.empty() && fits(thing, argument, item);
    });
    const bool is_of_sentence =
        item.every && (reference.spoken ? item.may_be_list && made_here > 1 : made_here > 0);
    if (!is_of_sentence) {
        turns.push_back({attached(), {}, true});
        std::ranges::move(dealt_with_earlier(), std::back_inserter(turns));
    }
    if (item.ordinal > 0) return turns;
    for (Dealings& turn : turns)
        for (auto* things : {&turn.things, &turn.shown})
            std::erase_if(*things, [&](const MadeArtifact& thing) {
                return std::ranges::find(taken, thing.handle) != taken.end();
            });
    return turns;
}

// What the words of exchanges name in which nothing ran. Of a conversation that the daemon keeps, only the
// user's own and what was answered for: its calls tell what was made, and a reply without any may name a
// handle as an example. A client that keeps the history itself sends no calls, so that replies tell it there,
// unless they only explain.
Task<void> Planner::look_for_named() {
    if (!artifacts_) co_return;
    std::set<std::string> seen;
    BroughtUp brought_up(grammar_, history_);
    for (std::size_t i = exchange_; i-- > 0 && seen.size() < most_names;) {
        const Exchange& exchange = history_.exchanges()[i];
        if (!exchange.calls.empty()) continue;
        std::vector<std::string> names;
        if (exchange.user->conversation.is_nil() && !is_explained(i))
            for (const core::Message* reply : Reversed(exchange.replies))
                std::ranges::move(handles_in(reply->text()), std::back_inserter(names));
        const std::string about = brought_up.in(i);
        if (!about.empty()) names.push_back(about);
        std::ranges::move(told_together(exchange), std::back_inserter(names));
        std::ranges::move(handles_in(exchange.text), std::back_inserter(names));
        for (const std::string& name : names) {
            if (seen.size() >= most_names || !seen.insert(name).second) continue;
            try {
                const core::Artifact artifact = co_await artifacts_->find(request_.owner, name);
                named_[i].push_back({artifact.handle, artifact.kind, "", true, artifact.handle == about});
            } catch (const Error& error) {
                if (error.code() != ErrorCode::not_found) throw;  // "chapter-3" is a word like that, too
            }
        }
    }
}

Task<void> Planner::choose_rival(Plan& plan, std::size_t step) {
    const Step& own = *plan.steps[step].step;
    if (own.rivals.empty()) co_return;
    std::vector<const Step*> choices;
    const Step* of_all = nullptr;  // where the conversation has nothing that the others are about
    Argument any;
    const auto add = [&](const Step& choice) {
        const Argument* argument = unnamed_argument(choice);
        if (!argument) {
            of_all = &choice;
            return;
        }
        choices.push_back(&choice);
        std::vector<std::string> kinds = std::move(any.kinds);
        kinds.insert(kinds.end(), argument->kinds.begin(), argument->kinds.end());
        any = *argument;
        any.kinds = std::move(kinds);
    };
    add(own);
    for (const Step& rival : own.rivals) add(rival);
    const Reference::Item anything;
    std::vector<Dealings> turns = dealt_with(plan, step, any, Reference(), anything, {});
    // Older than all that the conversation deals with.
    Dealings elsewhere;
    if (!of_all) elsewhere.things = co_await stored(any, anything, 1);
    turns.push_back(std::move(elsewhere));
    const auto is_of = [&](const MadeArtifact& thing, const Step& choice) {
        return fits(thing, *unnamed_argument(choice), anything);
    };
    // "The second one" is of what there are two.
    const auto are_enough = [&](const Step& choice) {
        std::set<std::string> handles;
        for (const Dealings& turn : turns)
            for (const auto* things : {&turn.things, &turn.shown})
                for (const MadeArtifact& thing : *things)
                    if (is_of(thing, choice)) handles.insert(thing.handle);
        return handles.size() >= fewest_meant(choice);
    };
    // Only what is counted may be the rows of a list.
    if (of_all || fewest_meant(own) == 1)
        for (Dealings& turn : turns) turn.shown.clear();
    for (const Dealings& turn : turns)
        for (const bool worked_on : {false, true})
            for (const auto* things : {&turn.things, &turn.shown})
                for (const MadeArtifact& thing : *things)
                    for (const Step* choice : choices)
                        if (thing.mentioned == worked_on && is_of(thing, *choice) && are_enough(*choice)) {
                            plan.steps[step].step = choice;
                            co_return;
                        }
    if (of_all) plan.steps[step].step = of_all;
}

// Whether the user asked for an explanation there, and nothing was done.
bool Planner::is_explained(std::size_t exchange) {
    using Kind = Intent::Kind;
    const Kind kind = Dialogue(grammar_, history_).intent_of(exchange).kind;
    return kind == Kind::describe || kind == Kind::help || kind == Kind::list_tools;
}

// Newest last in the message, so the last comes first here.
std::vector<MadeArtifact> Planner::attached() const {
    std::vector<MadeArtifact> all;
    const auto& handles = history_.exchanges()[exchange_].attached;
    for (auto handle = handles.rbegin(); handle != handles.rend(); ++handle)
        all.push_back({*handle, kind_of_handle(*handle), "", false});
    return all;
}

}  // namespace assistd::providers::offline
