#pragma once
// What can be grown. Each algorithm describes itself beside its tool and stands in algorithms(), the one
// place to add one; list_algorithms shows that table and run_simulation runs from it. Plain values; any
// thread.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

namespace assistd::simulation {

struct AlgorithmEntry {
    std::string name;  // as run_simulation takes it: "dla"
    std::string tool;  // the tool of its own: "run_dla_simulation"
    std::string grows;
    std::vector<std::string> parameters;
    Json expected_df;
    Json limits;
    Result (*run)(Call&, const Json&) = nullptr;
    Json fixed = Json::object();  // what the name stands for among the tool's arguments
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

// What the tools of growth_arguments.h take, with what is the algorithm's own.
std::vector<std::string> growth_parameters(const std::vector<std::string>& own);

}  // namespace assistd::simulation
