#include "tools/algorithm.h"
#include "tools/tools.h"

namespace assistd::simulation {

Result list_algorithms(Call&, const NoArguments&) {
    Json entries = Json::array();
    std::string names;
    for (const AlgorithmEntry& each : algorithms()) {
        entries.push_back({{"algorithm", each.name},
                           {"tool", each.tool},
                           {"grows", each.grows},
                           {"parameters", each.parameters()},
                           {"expected_df", each.expected_df},
                           {"limits", each.limits}});
        names += (names.empty() ? "" : ", ") + each.name;
    }
    const std::string count = std::to_string(entries.size());
    return {{{"algorithms", std::move(entries)}}, count + " algorithms: " + names + "."};
}

}  // namespace assistd::simulation
