// Studies that are meant by what they varied, "how does Df depend on the volume fraction?", and by their
// order.

#include <algorithm>

#include "base/error.h"
#include "providers/offline/conversation/names.h"
#include "providers/offline/plan/planner.h"

namespace assistd::providers::offline {

using nlohmann::json;

// Leaves those that vary the argument, also of those that have not ended; all without an argument.
Task<void> Planner::keep_varied(std::vector<Dealings>& turns, std::string argument) {
    if (argument.empty()) co_return;
    const std::string grid = "parameter_grid";
    for (Dealings& turn : turns)
        for (auto* things : {&turn.things, &turn.shown}) {
            std::vector<MadeArtifact> kept;
            for (const MadeArtifact& thing : *things) {
                bool varies = thing.maker.find("\"" + argument + "\":[") != std::string::npos;
                if (thing.kind == "study" && !thing.handle.empty()) {
                    const json told = co_await told_of(thing.handle, grid);
                    varies = !told.is_object() || told.contains(argument);
                }
                if (thing.kind != "study" || varies) kept.push_back(thing);
            }
            // What was asked about a study's runs is about the study, too.
            std::ranges::stable_partition(kept, [](const auto& thing) { return thing.kind == "study"; });
            *things = std::move(kept);
        }
}

// Why a study that was named is not the one that the words are about; empty when it is, or none was named.
Task<std::string> Planner::not_varied_by(std::vector<std::string> studies, std::string argument) {
    const std::string key = "parameter_grid";
    for (const std::string& handle : studies) {
        if (argument.empty() || !handle.starts_with("study-")) continue;
        const json grid = co_await told_of(handle, key);
        if (!grid.is_object() || grid.contains(argument)) continue;
        std::vector<std::string> names;
        for (const auto& [name, values] : grid.items()) names.push_back(name);
        co_return "**" + handle + "** does not vary " + argument +
            (names.empty() ? "." : ", but " + join_words(names, "and") + ".");
    }
    co_return "";
}

Task<std::string> Planner::named(Naming naming, std::size_t exchange) {
    exchange_ = exchange;
    co_await look_for_named();
    const Plan nothing;
    Argument any;
    any.type = ArgumentType::artifact;
    const Meant meant = co_await look_up(nothing, 0, any, naming.thing);
    std::string target = meant.handles.empty() ? "" : meant.handles.front();
    for (const BegunStudy& study : begun_studies(history_))
        if (!meant.unended.empty() && study.handle.empty() && meant.unended == study.as_unended())
            target = study.id;
    if (target.empty())
        co_return !meant.problem.empty() ? meant.problem
        : !meant.unended.empty()
            ? meant.unended +
                  " has not ended yet and has no handle to go by. Please say it again once it has."
            : std::string("There is nothing yet that I could call so.");
    if (!target.starts_with("study") && is_common_name(grammar_, naming.name))
        co_return "“" + naming.name +
            "” means something to me already, so that I could not tell the two apart. Please choose another "
            "name.";
    co_return told_naming(target, naming.name);
}

// That which is called by its id, and "the second study": in the order in which they were begun, whichever of
// them ended first.
std::optional<BegunStudy> Planner::begun_study_of(const Reference::Item& item) {
    const bool is_counted = item.kind == "study" && item.ordinal > 0 && !item.several;
    if (!is_study_id(item.handle) && !is_counted) return std::nullopt;
    Reference reference;
    reference.items.push_back(item);
    const StudiesMeant meant = studies_meant(history_, reference);
    for (const BegunStudy& study : begun_studies(history_))
        if (!meant.targets.empty() && study.target() == meant.targets.front()) return study;
    if (meant.targets.empty() || !is_handle(meant.targets.front())) return std::nullopt;
    BegunStudy elsewhere;
    elsewhere.handle = meant.targets.front();
    return elsewhere;
}

}  // namespace assistd::providers::offline
