// Which artifacts the words of an order mean, and what the reply says about those that nobody named.

#include <algorithm>
#include <cctype>
#include <set>

#include "base/error.h"
#include "providers/offline/conversation/brought_up.h"
#include "providers/offline/orders/bindings.h"
#include "providers/offline/phrases/values.h"
#include "providers/offline/plan/planner.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::vector<std::string> in_bold(const std::vector<std::string>& handles) {
    std::vector<std::string> bold;
    bold.reserve(handles.size());
    for (const std::string& handle : handles) bold.push_back("**" + handle + "**");
    return bold;
}

// "dla simulation", or all that the argument takes.
std::string words_for(const Reference::Item& item, const Argument& argument) {
    const std::string any = argument.kinds.empty() ? "artifact" : join_words(argument.kinds, "or");
    return (item.word().empty() ? "" : item.word() + " ") + (item.kind.empty() ? any : item.kind);
}

// As fits() reads it: the tool and its arguments, in lower case.
std::string maker_of(const core::Artifact& artifact) {
    std::string maker = artifact.tool + " " + artifact.parameters;
    // What nobody said is told by the thing itself.
    const json about = json::parse(artifact.metadata, nullptr, false);
    if (about.is_object() && about.contains("dimensions"))
        maker += " \"dimensions\":" + about["dimensions"].dump();
    std::ranges::transform(maker, maker.begin(),
                           [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    return maker;
}

// Whether a study with this description varies the argument, as far as it tells.
bool varies(const std::string& metadata, const std::string& argument) {
    const json about = json::parse(metadata, nullptr, false);
    const json grid = about.is_object() ? about.value("parameter_grid", json()) : json();
    return !grid.is_object() || grid.contains(argument);
}

// Says which of a range were taken.
void note_range(const Reference::Item& item, const std::vector<std::string>& taken, Plan& plan) {
    if (item.last == 0) return;
    std::vector<std::string> missing;
    for (const std::string& handle : item.handles())
        if (std::find(taken.begin(), taken.end(), handle) == taken.end())
            missing.push_back("**" + handle + "**");
    const auto all = item.handles();
    plan.notes.push_back("I took **" + all.front() + "** to **" + all.back() + "**" +
                         (missing.empty() ? ""
                                          : ", without " + join_words(missing, "and") + ", which " +
                                                (missing.size() == 1 ? "does" : "do") + " not exist") +
                         ".");
}

std::string too_few(const std::vector<std::string>& found, const Argument& argument,
                    const Reference::Item& item) {
    const std::string kind = words_for(item, argument);
    if (item.ordinal > 0 || found.empty()) return "This conversation has not made so many (" + kind + ").";
    return "There " + std::string(found.size() == 1 ? "is" : "are") + " only " +
           join_words(in_bold(found), "and") + " (" + kind + "), and you said " + std::to_string(item.count) +
           ".";
}

}  // namespace

// Of what the conversation deals with; where it has too little, of what the owner has.
Task<Meant> Planner::look_up(const Plan& plan, std::size_t step, const Argument& argument,
                             Reference reference) {
    Meant all;
    for (const Reference::Item& item : reference.items) {
        const auto study = begun_study_of(item);
        if (study && study->handle.empty()) {
            all.unended = study->as_unended();
            co_return all;
        }
        if (study || !item.handle.empty()) {
            std::vector<std::string> named;
            if (study)
                named.push_back(study->handle);
            else
                named = co_await named_by(item);
            all.problem = co_await not_varied_by(named, item.varied);
            if (!all.problem.empty()) co_return all;
            all.handles.insert(all.handles.end(), named.begin(), named.end());
            continue;
        }
        // Of "the dla and the cca simulations" each may be one.
        const bool list = argument.type == ArgumentType::artifacts && reference.items.size() == 1;
        // A list that nobody spoke of, "write a report", is what was made last, be it one thing.
        constexpr std::size_t one = 1, two = 2;
        const std::size_t least = !item.several    ? one
                                  : item.count > 0 ? static_cast<std::size_t>(item.count)
                                  : list ? std::max(argument.min_length, reference.spoken ? two : one)
                                         : one;
        const std::size_t most = !item.several                   ? one
                                 : item.count > 0 && !item.every ? least
                                                                 : argument.max_length.value_or(most_calls);
        const std::size_t wanted = reference.spoken ? most : least;
        std::vector<Dealings> turns = dealt_with(plan, step, argument, reference, item, all.handles);
        co_await keep_varied(turns, item.varied);
        Meant here = meant_by(item, argument, turns, least, most);
        if (!here.unended.empty() || !here.problem.empty()) co_return here;
        const bool only_here =
            item.ordinal > 0 || (item.every && item.kind.empty() && !item.may_be_list && reference.spoken);
        if (here.handles.size() < least && !only_here)
            co_await take_stored(here.handles, argument, item, wanted, all.handles);
        const bool is_of_study =
            std::ranges::all_of(item.of, [](const std::string& of) { return of == "study"; });
        if (here.handles.empty() && !item.varied.empty() && is_of_study) {
            here.problem = "No study that has ended varied " + item.varied + ".";
            co_return here;
        }
        const bool is_counted = item.ordinal > 0 || item.count > 0;
        if (is_counted && here.handles.size() < (item.ordinal > 0 && !item.several ? one : least)) {
            here.problem = too_few(here.handles, argument, item);
            co_return here;
        }
        if (here.handles.empty() && reference.items.size() > 1 && !item.word().empty()) {
            here.problem = "There is no " + words_for(item, argument) + " yet that I could use for this.";
            co_return here;
        }
        all.handles.insert(all.handles.end(), here.handles.begin(), here.handles.end());
    }
    co_return all;
}

// What nobody spoke of stands before what the conversation has, as it is older. Not everything that there is.
Task<void> Planner::take_stored(std::vector<std::string>& found, const Argument& argument,
                                const Reference::Item& item, std::size_t most,
                                const std::vector<std::string>& others) {
    constexpr std::size_t whole = 200;
    const std::size_t limit = std::min(most + others.size() + found.size(), whole);
    const std::vector<MadeArtifact> all = co_await stored(argument, item, limit);
    for (const MadeArtifact& artifact : all) {
        const auto is_known = [&](const std::vector<std::string>& handles) {
            return std::find(handles.begin(), handles.end(), artifact.handle) != handles.end();
        };
        if (found.size() < most && !is_known(found) && !is_known(others))
            found.insert(found.begin(), artifact.handle);
    }
}

// Of a range those that there are.
Task<std::vector<std::string>> Planner::named_by(const Reference::Item& item) {
    const std::vector<std::string> all = item.handles();
    if (all.size() < 2 || !artifacts_) co_return all;
    std::vector<std::string> found;
    for (const std::string& handle : all) {
        try {
            found.push_back((co_await artifacts_->find(request_.owner, handle)).handle);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
        }
    }
    co_return found;
}

// The newest first, page by page: what is meant may be older than much that does not fit.
Task<std::vector<MadeArtifact>> Planner::stored(const Argument& argument, Reference::Item item,
                                                std::size_t most) {
    constexpr int rows_of_a_page = 100;
    constexpr std::size_t most_rows = 10'000;
    std::vector<MadeArtifact> found;
    if (!artifacts_) co_return found;
    core::ArtifactQuery query;
    query.owner = request_.owner;
    query.kinds = argument.kinds;
    if (!item.kind.empty()) query.kinds = {item.kind};
    query.limit = rows_of_a_page;
    for (std::size_t rows = 0; found.size() < most && rows < most_rows;) {
        const auto page = co_await artifacts_->list(query);
        rows += page.items.size();
        for (const core::Artifact& artifact : page.items) {
            MadeArtifact thing{artifact.handle, artifact.kind, maker_of(artifact)};
            const bool is_meant = item.varied.empty() || varies(artifact.metadata, item.varied);
            if (found.size() < most && is_meant && fits(thing, argument, item))
                found.push_back(std::move(thing));
        }
        if (page.next.empty()) break;
        query.cursor = page.next;
    }
    co_return found;
}

// Whether something is attached and the step would work on something else, which it does not name.
bool Planner::misfit(const Plan& plan, std::size_t step, const Reference& reference,
                     const std::vector<std::string>& handles) {
    const auto here = attached();
    if (here.empty() || !dealt_with_before(plan, step).things.empty()) return false;
    for (const Reference::Item& item : reference.items)
        if (!item.handle.empty() || item.newest || item.every) return false;
    return std::none_of(here.begin(), here.end(), [&](const MadeArtifact& artifact) {
        return std::find(handles.begin(), handles.end(), artifact.handle) != handles.end();
    });
}

// Says what was begun before and is not among "everything".
void Planner::note_unended(Plan& plan) {
    const auto& here = history_.exchanges()[exchange_].calls;
    for (const Call* call : history_.running())
        if (std::ranges::none_of(here, [&](const Call& own) { return &own == call; }))
            plan.notes.push_back(unended_of(*call).unended + " has not ended yet and is not among them.");
}

// The tool of a call that was to make such a thing and never will: a tool makes what its category is called,
// as far as one can tell.
const GrammarTool* Planner::maker_in_vain(std::size_t exchange, const Call& call) {
    const GrammarTool* tool = grammar_.find(call.block->name);
    return tool && tool->spec->effects.writes && history_.made_nothing(exchange, call) ? tool : nullptr;
}

// Says that "it" is not what was asked for last, as that was never made.
void Planner::note_failed(const std::string& taken, Plan& plan) {
    const std::string kind = taken.substr(0, taken.rfind('-'));
    for (std::size_t i = exchange_; i-- > 0;) {
        const Exchange& exchange = history_.read(i);
        if (std::ranges::count(exchange.noticed, taken) > 0 ||
            std::ranges::count(exchange.attached, taken) > 0)
            return;
        for (const Call& call : Reversed(exchange.calls)) {
            const GrammarTool* tool = grammar_.find(call.block->name);
            const bool is_about_it =
                std::ranges::any_of(call.artifacts(),
                                    [&](const auto& made) { return made.handle == taken; }) ||
                (tool && std::ranges::count(given_to(call, *tool), taken) > 0);
            if (is_about_it) return;
            // A tool makes what its category is called, as far as one can tell.
            if (!maker_in_vain(i, call) || tool->spec->category != kind) continue;
            plan.notes.push_back("I took **" + taken + "**: the " + tool->spec->title +
                                 " after it made nothing.");
            return;
        }
    }
}

// Why "it" is no other conversation's thing: what was asked for here was never made. Empty where it may be.
std::string Planner::never_made(const Reference& reference, const std::vector<std::string>& handles) {
    if (!reference.is_newest_of_any() || handles.size() != 1) return "";
    const std::string& taken = handles.front();
    const auto is_it = [&](const MadeArtifact& thing) { return thing.handle == taken; };
    for (const Dealings& turn : dealt_with_earlier())
        if (std::ranges::any_of(turn.things, is_it) || std::ranges::any_of(turn.shown, is_it)) return "";
    if (std::ranges::any_of(attached(), is_it)) return "";
    for (std::size_t i = exchange_; i-- > 0;)
        for (const Call& call : Reversed(history_.read(i).calls))
            if (const GrammarTool* tool = maker_in_vain(i, call))
                return "The " + tool->spec->title +
                       " of this conversation made nothing, and it has no other " +
                       "thing that this could be. Please name the one that you mean.";
    return "";
}

// Says which artifacts of other conversations were taken, what "everything" was, and what was not used.
void Planner::note_choices(Plan& plan) {
    std::set<std::string> known, own;
    for (const Dealings& turn : dealt_with_earlier()) {
        for (const auto* group : {&turn.things, &turn.shown})
            for (const MadeArtifact& artifact : *group) known.insert(artifact.handle);
        for (const MadeArtifact& artifact : turn.things)
            if (!artifact.brought_up || turn.shown.empty()) own.insert(artifact.handle);
    }
    std::set<std::string> used;
    for (std::size_t s = 0; s < plan.steps.size(); ++s) {
        const Step& step = *plan.steps[s].step;
        for (const MadeArtifact& artifact : dealt_with_before(plan, s).things) {
            known.insert(artifact.handle);
            own.insert(artifact.handle);
        }
        for (std::size_t i = 0; i < step.tool->arguments.size(); ++i) {
            const Argument& argument = step.tool->arguments[i];
            if (!argument.takes_artifacts()) continue;
            std::vector<std::string> taken;
            for (const Call* call : plan.steps[s].calls) {
                const json given = json::parse(call->block->arguments, nullptr, false);
                if (!given.is_object() || !given.contains(argument.name)) continue;
                const json& value = given[argument.name];
                for (const json& handle : value.is_array() ? value : json::array({value}))
                    if (handle.is_string()) taken.push_back(handle.get<std::string>());
            }
            used.insert(taken.begin(), taken.end());
            const auto reference = open_reference(step, i);
            const bool is_of_list = list_said(step, argument) && !binding_of(step, i);
            if (!reference || is_of_list) continue;
            std::set<std::string> named;
            bool every = false, several = false;
            for (const Reference::Item& item : reference->items) {
                const auto handles = item.handles();
                named.insert(handles.begin(), handles.end());
                note_range(item, taken, plan);
                every = every || item.every;
                several = several || (reference->spoken &&
                                      (item.several || item.ordinal > 0 || reference->is_newest_of_any()));
            }
            for (const MadeArtifact& artifact : attached()) named.insert(artifact.handle);
            std::vector<std::string> foreign;
            for (const std::string& handle : taken)
                if (known.count(handle) == 0 && named.count(handle) == 0)
                    foreign.push_back("**" + handle + "**");
            if (!foreign.empty())
                plan.notes.push_back("I took " + join_words(foreign, "and") +
                                     " from outside this conversation, since it has " +
                                     (foreign.size() == taken.size() ? "none" : "too few") + " of its own.");
            else if (every && !taken.empty() &&
                     std::ranges::any_of(taken, [&](const auto& handle) { return !own.contains(handle); }))
                plan.notes.push_back("I took " + join_words(in_bold(taken), "and") +
                                     ", which the list showed.");
            else if (every && !taken.empty())
                plan.notes.push_back(
                    "I took " + join_words(in_bold(taken), "and") +
                    ", which is what belongs to this conversation; name others by their handles.");
            else if (several && taken.size() > 1)
                plan.notes.push_back("I took " + join_words(in_bold(taken), "and") + ".");
            else if (taken.size() == 1 && reference->is_newest_of_any())
                note_failed(taken.front(), plan);
            if (every && !taken.empty()) note_unended(plan);
            const bool all_wanted = every || (several && reference->items.front().count == 0);
            if (all_wanted && taken.size() >= argument.max_length.value_or(most_calls))
                plan.notes.push_back("I stopped at " + std::to_string(taken.size()) + ".");
        }
    }
    std::vector<std::string> idle;
    for (const MadeArtifact& artifact : attached())
        if (used.count(artifact.handle) == 0) idle.insert(idle.begin(), "**" + artifact.handle + "**");
    const bool searches =
        std::any_of(plan.steps.begin(), plan.steps.end(), [](const Plan::Progress& progress) {
            return progress.step->tool && progress.step->tool->spec->name == "file_search";
        });
    // A search of the documents looks into what was attached as well.
    if (!idle.empty() && !searches)
        plan.notes.push_back("I made no use of the attached " + join_words(idle, "and") + ".");
    for (const Plan::Progress& progress : plan.steps) {
        if (!progress.step->note.empty()) plan.notes.push_back(progress.step->note);
        if (progress.step->tool && progress.step->tool->spec->name.starts_with("cancel_"))
            for (const Call* call : history_.running())
                plan.notes.push_back(unended_of(*call).unended + " goes on.");
    }
}

}  // namespace assistd::providers::offline
