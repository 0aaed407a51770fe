#include "core/study_json.h"

#include <nlohmann/json.hpp>

namespace assistd::core {

using nlohmann::ordered_json;

ordered_json counts_json(const Study& study) {
    return {{"waiting", study.waiting()},
            {"running", study.counts.running},
            {"completed", study.counts.completed},
            {"failed", study.counts.failed}};
}

ordered_json to_json(const StudyRun& run) {
    ordered_json json = {{"run", run.number},
                         {"status", name_of(run.state)},
                         {"parameters", ordered_json::parse(run.parameters)},
                         {"metrics", ordered_json::parse(run.metrics)},
                         {"artifacts", run.artifacts},
                         {"warnings", run.warnings}};
    if (run.state == RunState::failed)
        json["error"] = {{"error_type", run.error_type}, {"message", run.summary}};
    return json;
}

ordered_json to_json(const MetricSummary& metric) {
    return {{"count", metric.count},
            {"mean", metric.mean},
            {"std", metric.count > 1 ? ordered_json(metric.std) : ordered_json()},
            {"min", metric.least},
            {"max", metric.most}};
}

ordered_json to_json(const StudyCombination& combination) {
    ordered_json metrics = ordered_json::object();
    for (const MetricSummary& metric : combination.metrics) metrics[metric.name] = to_json(metric);
    ordered_json warnings = ordered_json::array();
    for (const SharedWarning& warning : combination.warnings)
        warnings.push_back({{"text", warning.text}, {"runs", warning.runs}});
    return {{"parameters", ordered_json::parse(combination.parameters)},
            {"completed", combination.completed},
            {"failed", combination.failed},
            {"metrics", std::move(metrics)},
            {"warnings", std::move(warnings)}};
}

}  // namespace assistd::core
