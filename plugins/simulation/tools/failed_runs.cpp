#include "tools/failed_runs.h"

#include <algorithm>

#include "tools/algorithm.h"

namespace assistd::simulation {

namespace {

constexpr int most_studies = 20;
constexpr std::size_t most_runs = 100;

// A study may be of another plugin's tool.
bool is_simulation(const std::string& tool) {
    const auto all = algorithms();
    return tool == "run_simulation" || std::any_of(all.begin(), all.end(), [&](const AlgorithmEntry& entry) {
               return entry.tool == tool;
           });
}

bool made_nothing(const Json& run) {
    const Json artifacts = run.value("artifacts", Json());
    return !artifacts.is_array() || artifacts.empty();
}

FailedRun read_run(const FoundArtifact& study, const Json& run) {
    FailedRun failed;
    failed.study = study.handle;
    failed.run = run.value("run", 0);
    failed.about.tool = study.metadata.value("tool", "");
    failed.about.arguments = study.metadata.value("base_parameters", Json::object());
    failed.about.arguments.update(run.value("parameters", Json::object()));
    failed.about.status = "failed";
    failed.about.error = run.value("error", Json::object()).value("message", "");
    failed.about.project_id = study.project_id;
    failed.about.created_at = study.created_at;
    return failed;
}

// The runs are taken one by one and dropped, so that a long table is never in memory.
void read_runs(const Catalogue& catalogue, const FoundArtifact& study, std::vector<FailedRun>& runs,
               bool& more) {
    std::string member;
    const auto take = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth == 1 && event == Json::parse_event_t::key) member = parsed.get<std::string>();
        if (depth != 2 || event != Json::parse_event_t::object_end || member != "runs") return true;
        // One that made its simulation failed in what was to be done with it.
        if (parsed.value("status", "") != "failed" || !made_nothing(parsed)) return false;
        if (runs.size() < most_runs)
            runs.push_back(read_run(study, parsed));
        else
            more = true;
        return false;
    };
    const Artifact table = catalogue.open(study.handle);
    const ArtifactMap bytes = table.map();
    [[maybe_unused]] const Json rest = Json::parse(bytes.text(), take, false);
}

}  // namespace

std::vector<FailedRun> failed_runs(const Catalogue& catalogue, const std::string& project_id, bool& more) {
    std::vector<FailedRun> runs;
    ArtifactQuery query;
    query.kinds = {"study"};
    query.project_id = project_id;
    query.limit = most_studies;
    const auto studies = catalogue.artifacts(query);
    more = more || studies.more;
    for (const FoundArtifact& study : studies.items) {
        if (!study.metadata.is_object() || study.metadata.value("failed", 0) == 0) continue;
        if (is_simulation(study.metadata.value("tool", ""))) read_runs(catalogue, study, runs, more);
    }
    return runs;
}

}  // namespace assistd::simulation
