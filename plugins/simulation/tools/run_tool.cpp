#include <algorithm>

#include "tools/algorithm.h"
#include "tools/tools.h"

namespace assistd::simulation {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

AlgorithmEntry algorithm_of(const Json& arguments) {
    const auto found = arguments.find("algorithm");
    const std::string wanted =
        found != arguments.end() && found->is_string() ? found->get<std::string>() : "";
    std::vector<std::string> names;
    for (AlgorithmEntry& each : algorithms()) {
        if (each.name == wanted) return std::move(each);
        names.push_back(each.name);
    }
    throw invalid_argument("algorithm",
                           (wanted.empty() ? "Name the algorithm" : "There is no algorithm " + wanted) +
                               "; there are " + joined(names) + ".");
}

}  // namespace

Result run_simulation(Call& call, const Json& arguments) {
    const AlgorithmEntry algorithm = algorithm_of(arguments);
    Json own = algorithm.fixed;
    for (const auto& [field, value] : arguments.items()) {
        if (field == "algorithm") continue;
        const bool takes = field == "name" || field == "project_id" ||
                           std::find(algorithm.parameters.begin(), algorithm.parameters.end(), field) !=
                               algorithm.parameters.end();
        if (!takes)
            throw invalid_argument(field, "The algorithm " + algorithm.name + " does not take " + field +
                                              "; it takes " + joined(algorithm.parameters) + ".");
        if (!value.is_null()) own[field] = value;
    }
    return algorithm.run(call, own);
}

}  // namespace assistd::simulation
