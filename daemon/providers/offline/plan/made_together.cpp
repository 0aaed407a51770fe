// What a phrase means when the sentence names nothing: all that was made together, or the last thing that
// fits, unless something else was made since.

#include <algorithm>

#include "base/error.h"
#include "providers/offline/orders/bindings.h"
#include "providers/offline/plan/planner.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::string kind_of(const std::string& handle) {
    return handle.substr(0, handle.rfind('-'));
}

// The handles of a group like this one, the oldest first; empty when it is not of the group.
std::vector<std::string> alike(const std::vector<MadeArtifact>& newest_first, const std::string& handle) {
    std::vector<std::string> handles;
    for (auto artifact = newest_first.rbegin(); artifact != newest_first.rend(); ++artifact)
        if (!artifact->mentioned && artifact->unended.empty() &&
            kind_of(artifact->handle) == kind_of(handle) &&
            std::find(handles.begin(), handles.end(), artifact->handle) == handles.end())
            handles.push_back(artifact->handle);
    if (std::find(handles.begin(), handles.end(), handle) == handles.end()) handles.clear();
    return handles;
}

}  // namespace

// "a simulation or Box counting"
std::string Planner::text_of_usual(const Reference::Item& item) const {
    std::vector<std::string> names;
    for (const std::string& of : item.of) {
        const GrammarTool* tool = grammar_.find(of);
        names.push_back(tool ? tool->spec->title : of);
    }
    return join_words(names, "or");
}

// "Make three clusters and plot Rg against N" is one plot of the three.
void Planner::take_together(const Plan& plan, std::size_t step, json& call) {
    const Step& here = *plan.steps[step].step;
    const auto list = std::ranges::find_if(here.bindings, [&](const Binding& binding) {
        return is_made_together(here, static_cast<std::size_t>(binding.argument));
    });
    if (list == here.bindings.end()) return;
    const auto& arguments = here.tool->arguments;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto reference = open_reference(here, i);
        const bool is_one = arguments[i].type == ArgumentType::artifact && call.contains(arguments[i].name);
        if (!is_one || !reference || !reference->is_newest_of_any() || reference->items.front().newest ||
            !reference->items.front().kind.empty())
            continue;
        const auto handle = call[arguments[i].name].get<std::string>();
        std::vector<std::string> together = alike(dealt_with_before(plan, step).things, handle);
        for (const Dealings& turn : dealt_with_earlier())
            if (together.empty()) together = alike(turn.things, handle);
        if (together.size() < 2) continue;
        call[arguments[static_cast<std::size_t>(list->argument)].name] = together;
        call[arguments[i].name] = together.front();
    }
}

// The handle of what was made since, of a kind that the argument takes but not of those that are meant, and
// made of nothing else: a study, when the last simulation is meant. Empty when there is none.
Task<std::string> Planner::passed_over(const Plan& plan, std::size_t step, const Argument& argument,
                                       const Reference& reference, const std::vector<std::string>& found) {
    if (!artifacts_ || !reference.is_newest_of_any() || reference.items.front().of.empty()) co_return "";
    if (!reference.items.front().varied.empty()) co_return "";  // it was asked for by what it varied
    std::vector<Dealings> turns = dealt_with_earlier();
    turns.insert(turns.begin(), dealt_with_before(plan, step));
    const Reference::Item anything;
    for (const Dealings& turn : turns)
        for (const MadeArtifact& made : turn.things) {
            if (std::find(found.begin(), found.end(), made.handle) != found.end()) co_return "";
            if (made.mentioned || !made.unended.empty() || !fits(made, argument, anything)) continue;
            try {
                const core::Artifact artifact = co_await artifacts_->find(request_.owner, made.handle);
                if (artifact.parents.empty()) co_return made.handle;
            } catch (const Error& error) {
                if (error.code() != ErrorCode::not_found) throw;  // it was deleted
            }
        }
    co_return "";
}

}  // namespace assistd::providers::offline
