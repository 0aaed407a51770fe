#pragma once
// What can be grown. Each algorithm describes itself beside its tool and stands in algorithms(), the one
// place to add one; list_algorithms shows that table and run_simulation runs from it. Plain values; any
// thread.

#include <assistd/plugin.hpp>
#include <functional>
#include <string>
#include <vector>

namespace assistd::simulation {

struct AlgorithmEntry {
    std::string name;  // as run_simulation takes it: "dla"
    std::string tool;  // the tool of its own: "run_dla_simulation"
    std::string grows;
    Json takes;  // the schema of each of the tool's arguments
    Json expected_df;
    Json limits;
    std::function<Result(Call&, const Json& arguments)> run;
    Json fixed = Json::object();  // what the name stands for among the tool's arguments

    // What it takes, without what only labels the result.
    std::vector<std::string> parameters() const;
};

AlgorithmEntry dla_algorithm();
AlgorithmEntry cca_algorithm();
AlgorithmEntry ballistic_algorithm();
AlgorithmEntry ballistic_cc_algorithm();
AlgorithmEntry eden_algorithm();
AlgorithmEntry tunable_algorithm();
AlgorithmEntry tunable_cc_algorithm();
AlgorithmEntry limiting_algorithm();

std::vector<AlgorithmEntry> algorithms();
std::vector<std::string> algorithm_names();

// The bounds of an argument, from its schema.
inline Json limits_of(const Json& schema) {
    return {schema.at("minimum"), schema.at("maximum")};
}

// An algorithm with what the description of its tool's arguments says.
template <class Arguments>
AlgorithmEntry entry_for(const std::string& name, const std::string& tool,
                         Result (*run)(Call&, const Arguments&)) {
    AlgorithmEntry entry;
    entry.name = name;
    entry.tool = tool;
    entry.takes = schema_of<Arguments>().at("properties");
    entry.limits["3d"] = limits_of(entry.takes.at("n_particles"));
    if (entry.takes.contains("dimensions")) entry.limits["2d"] = entry.limits["3d"];
    entry.run = [run](Call& call, const Json& arguments) {
        return run(call, read_arguments<Arguments>(arguments, call));
    };
    return entry;
}

}  // namespace assistd::simulation
