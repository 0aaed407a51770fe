// Studies that are meant by what they varied: "how does Df depend on the volume fraction?"

#include "base/error.h"
#include "providers/offline/planner.h"

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

}  // namespace assistd::providers::offline
