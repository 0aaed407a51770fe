// Which artifacts the words of an order mean, and what the reply says about those that nobody named.

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

#include "base/error.h"
#include "providers/offline/planner.h"
#include "providers/offline/values.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

bool has_made(const std::vector<MadeArtifact>& group, const Argument& argument, const Reference::Item& item) {
    return std::ranges::any_of(group, [&](const MadeArtifact& artifact) {
        return !artifact.mentioned && fits(artifact, argument, item);
    });
}

std::string kind_of_handle(const std::string& handle) {
    return handle.substr(0, handle.rfind('-'));
}

// Of the texts of conversations that are not kept, the newest first.
constexpr std::size_t most_names = 40;

// The words that look like handles, the last one first.
std::vector<std::string> handles_in(const std::string& text) {
    std::vector<std::string> handles;
    std::string word;
    const auto close = [&] {
        while (word.ends_with('-') || word.ends_with('_')) word.pop_back();
        if (is_handle(word)) handles.push_back(word);
        word.clear();
    };
    for (const char c : text) {
        const bool in_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
        if (in_word)
            word += c;
        else
            close();
    }
    close();
    std::reverse(handles.begin(), handles.end());
    return handles;
}

// In the order of the kinds that the tool names, and of their numbers.
void sort_by_kind(std::vector<std::string>& handles, const std::vector<std::string>& kinds) {
    const auto place = [&](const std::string& handle) {
        const auto kind = std::find(kinds.begin(), kinds.end(), kind_of_handle(handle));
        const std::size_t dash = handle.rfind('-');
        return std::pair(kind - kinds.begin(), dash == std::string::npos ? 0 : std::atol(&handle[dash + 1]));
    };
    std::stable_sort(handles.begin(), handles.end(),
                     [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
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

}  // namespace

bool fits(const MadeArtifact& artifact, const Argument& argument, const Reference::Item& item) {
    const bool kind = !item.kind.empty()       ? artifact.kind == item.kind
                      : argument.kinds.empty() ? true
                                               : std::find(argument.kinds.begin(), argument.kinds.end(),
                                                           artifact.kind) != argument.kinds.end();
    const auto is_of = [&](const std::string& of) {
        return artifact.kind == of || artifact.maker.starts_with(of + " ");
    };
    const bool of = item.of.empty() || std::any_of(item.of.begin(), item.of.end(), is_of);
    return kind && of && (item.modifier.empty() || artifact.maker.find(item.modifier) != std::string::npos);
}

const Binding* binding_of(const Step& step, std::size_t argument) {
    for (const Binding& binding : step.bindings)
        if (binding.argument == static_cast<int>(argument)) return &binding;
    return nullptr;
}

// "Overlay simulation-1 and simulation-2", "plot both in one figure": the one thing that nobody named is the
// first of those that were.
const Binding* list_said(const Step& step, const Argument& argument) {
    if (argument.type != ArgumentType::artifact) return nullptr;
    for (const Binding& binding : step.bindings)
        if (binding.argument >= 0 && binding.value.reference && binding.value.reference->spoken &&
            step.tool->arguments[static_cast<std::size_t>(binding.argument)].type == ArgumentType::artifacts)
            return &binding;
    return nullptr;
}

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

// Newest first: what earlier steps of this turn made, what the conversation made or named, what the owner
// has.
Task<std::vector<std::string>> Planner::look_up(const Plan& plan, std::size_t step, const Argument& argument,
                                                Reference reference) {
    std::vector<std::vector<MadeArtifact>> groups;
    groups.push_back(made_before(plan, step));
    groups.push_back(worked_on_before(plan, step));
    groups.push_back(attached());
    for (auto& earlier : made_earlier()) groups.push_back(std::move(earlier));
    std::vector<std::string> handles;
    for (const Reference::Item& item : reference.items) {
        // "Grow two clusters, compare them and write a report": of what this sentence has made.
        if (item.every && !reference.spoken && has_made(groups.front(), argument, item)) groups.resize(1);
        if (!item.handle.empty()) {
            const auto named = co_await named_by(item);
            handles.insert(handles.end(), named.begin(), named.end());
            continue;
        }
        if (item.ordinal > 0) {
            const auto found = counted(groups, argument, item);
            if (found.empty()) co_return found;  // not the others alone
            handles.insert(handles.end(), found.begin(), found.end());
            continue;
        }
        const bool list = argument.type == ArgumentType::artifacts;
        // A list that nobody spoke of, "write a report", is what was made last, be it one thing.
        constexpr std::size_t one = 1, two = 2;
        const std::size_t least = !item.several    ? 1
                                  : item.count > 0 ? static_cast<std::size_t>(item.count)
                                  : list ? std::max(argument.min_length, reference.spoken ? two : one)
                                         : one;
        // "analyze this" with two attachments means both.
        const auto here = attached();
        const auto fitting = static_cast<std::size_t>(
            std::count_if(here.begin(), here.end(),
                          [&](const MadeArtifact& artifact) { return fits(artifact, argument, item); }));
        const bool only_here = item.every && item.kind.empty() && reference.spoken;
        const std::size_t most = !item.several    ? std::max<std::size_t>(item.newest ? 1 : fitting, 1)
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
        // One thing is what was made or attached last, and only without such a thing what was spoken of.
        for (const bool mentioned : {false, true})
            for (std::size_t g = 0; g < groups.size(); ++g) {
                // "them" are those of one turn, when there are enough.
                if (found.size() >= least && !item.every) break;
                if (g == 2 && item.newest) continue;
                // "both" are the analyses, and not one of them with the simulation that it was made of.
                const bool only_made =
                    item.several && !item.every && !mentioned && has_made(groups[g], argument, item);
                // "the last two" are those that were made last, whatever was spoken of since.
                const bool together = item.several && !item.newest;
                for (const MadeArtifact& artifact : groups[g])
                    if (together ? !(only_made && artifact.mentioned) : artifact.mentioned == mentioned)
                        take(artifact);
            }
        if (found.size() < least && !only_here) {
            // Of what nobody spoke of, not everything that there is.
            constexpr std::size_t page = 20, whole = 100;
            const auto more = co_await stored(
                argument, item,
                static_cast<int>(std::min<std::size_t>(most + handles.size(), item.every ? whole : page)));
            for (const MadeArtifact& artifact : more)
                if (reference.spoken || found.size() < least) take(artifact);
        }
        std::reverse(found.begin(), found.end());
        if (item.every) sort_by_kind(found, argument.kinds);
        handles.insert(handles.end(), found.begin(), found.end());
    }
    co_return handles;
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
        query.limit = item.modifier.empty() && item.of.empty() ? limit : 20;
        auto page = co_await artifacts_->list(std::move(query));
        std::move(page.items.begin(), page.items.end(), std::back_inserter(all));
    }
    std::stable_sort(all.begin(), all.end(), [](const core::Artifact& a, const core::Artifact& b) {
        return a.created_at > b.created_at;
    });
    std::vector<MadeArtifact> found;
    for (const core::Artifact& artifact : all)
        found.push_back({artifact.handle, artifact.kind, artifact.tool + " " + artifact.parameters, false});
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
            group.push_back({*handle, kind_of_handle(*handle), "", false});
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
                            {handle.get<std::string>(), kind_of_handle(handle.get<std::string>()), "", true});
            }
        }
        for (auto handle = exchange.attached.rbegin(); handle != exchange.attached.rend(); ++handle)
            group.push_back({*handle, kind_of_handle(*handle), "", false});
        if (const auto named = named_.find(i); named != named_.end())
            group.insert(group.end(), named->second.begin(), named->second.end());
        if (!group.empty()) groups.push_back(std::move(group));
    }
    return groups;
}

Task<void> Planner::look_for_named() {
    if (!artifacts_) co_return;
    std::set<std::string> seen;
    for (std::size_t i = exchange_; i-- > 0 && seen.size() < most_names;) {
        const Exchange& exchange = history_.exchanges()[i];
        if (!exchange.calls.empty()) continue;
        std::vector<std::string> names;
        for (auto reply = exchange.replies.rbegin(); reply != exchange.replies.rend(); ++reply)
            std::ranges::move(handles_in((*reply)->text()), std::back_inserter(names));
        std::ranges::move(handles_in(exchange.text), std::back_inserter(names));
        for (const std::string& name : names) {
            if (seen.size() >= most_names || !seen.insert(name).second) continue;
            try {
                const core::Artifact artifact = co_await artifacts_->find(request_.owner, name);
                named_[i].push_back({artifact.handle, artifact.kind, "", true});
            } catch (const Error& error) {
                if (error.code() != ErrorCode::not_found) throw;  // "chapter-3" is a word like that, too
            }
        }
    }
}

// Newest last in the message, so the last comes first here.
std::vector<MadeArtifact> Planner::attached() const {
    std::vector<MadeArtifact> all;
    const auto& handles = history_.exchanges()[exchange_].attached;
    for (auto handle = handles.rbegin(); handle != handles.rend(); ++handle)
        all.push_back({*handle, kind_of_handle(*handle), "", false});
    return all;
}

// Whether something is attached and the step would work on something else, which it does not name.
bool Planner::misfit(const Plan& plan, std::size_t step, const Reference& reference,
                     const std::vector<std::string>& handles) const {
    const auto here = attached();
    if (here.empty() || !made_before(plan, step).empty()) return false;
    for (const Reference::Item& item : reference.items)
        if (!item.handle.empty() || item.newest || item.every) return false;
    return std::none_of(here.begin(), here.end(), [&](const MadeArtifact& artifact) {
        return std::find(handles.begin(), handles.end(), artifact.handle) != handles.end();
    });
}

// Says which artifacts of other conversations were taken, what "everything" was, and what was not used.
void Planner::note_choices(Plan& plan) {
    std::set<std::string> known;
    for (const auto& group : made_earlier())
        for (const MadeArtifact& artifact : group) known.insert(artifact.handle);
    for (const MadeArtifact& artifact : listed()) known.insert(artifact.handle);
    std::set<std::string> used;
    for (std::size_t s = 0; s < plan.steps.size(); ++s) {
        const Step& step = *plan.steps[s].step;
        for (const auto& group : {made_before(plan, s), worked_on_before(plan, s)})
            for (const MadeArtifact& artifact : group) known.insert(artifact.handle);
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
            bool every = false;
            for (const Reference::Item& item : reference->items) {
                const auto handles = item.handles();
                named.insert(handles.begin(), handles.end());
                note_range(item, taken, plan);
                every = every || item.every;
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
            else if (every && !taken.empty())
                plan.notes.push_back(
                    "I kept to what belongs to this conversation; name others by their handles.");
            if (every && taken.size() >= argument.max_length.value_or(most_calls))
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
    for (const Plan::Progress& progress : plan.steps)
        if (!progress.step->note.empty()) plan.notes.push_back(progress.step->note);
}

}  // namespace assistd::providers::offline
