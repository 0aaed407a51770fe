#include "material.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "properties.h"
#include "source.h"

namespace assistd::exporting {
namespace {

std::string text_at(const Json& data, const char* key) {
    const auto found = data.find(key);
    return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<double> number_at(const Json& data, const std::string& name) {
    if (!data.is_object()) return std::nullopt;
    const auto found = data.find(name);
    if (found == data.end() || !found->is_number()) return std::nullopt;
    const double value = found->get<double>();
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

void add_run(StudyRecord& study, const Json& run) {
    const std::string status = text_at(run, "status");
    if (status == "failed") ++study.failed;
    if (status != "completed" && status != "failed") ++study.unfinished;
    if (status != "completed") return;
    RunRecord completed{run.value("run", std::int64_t{0}),
                        run.value("parameters", Json::object()),
                        run.value("metrics", Json::object()),
                        "",
                        {}};
    const Json artifacts = run.value("artifacts", Json::array());
    for (const Json& handle : artifacts)
        if (handle.is_string() && handle.get<std::string>().starts_with("simulation-"))
            completed.simulation = handle.get<std::string>();
    study.runs.push_back(std::move(completed));
}

bool names(const std::vector<SimulationRecord>& simulations, const std::string& handle) {
    return std::any_of(simulations.begin(), simulations.end(),
                       [&](const SimulationRecord& each) { return each.handle == handle; });
}

AnalysisRecord read_analysis(const Artifact& source, const std::string& field) {
    AnalysisRecord analysis{std::string(source.handle()), "", "", document_of(source, field)};
    analysis.method = text_at(analysis.document, "analysis");
    analysis.simulation = text_at(analysis.document, "simulation");
    return analysis;
}

// What the simulation says of itself; null when it cannot be looked up: deleted, or an older daemon.
Json looked_up(const Catalogue& catalogue, const std::string& handle) {
    if (!catalogue.available() || handle.empty()) return {};
    try {
        const Artifact found = catalogue.open(handle);
        return found.kind() == "simulation" ? found.metadata() : Json();
    } catch (const Failure&) {
        return {};
    }
}

// As a simulation says it of itself, without what the comparison does not hold: parameters, dimensions, seed.
Json as_metadata(const Json& compared) {
    Json metadata = compared.value("values", Json::object());
    if (!metadata.is_object()) metadata = Json::object();
    for (const char* key : {"name", "algorithm"}) metadata[key] = text_at(compared, key);
    for (const char* key : {"mean", "std"})
        if (const auto value = number_at(metadata, std::string("coordination_") + key))
            metadata["coordination"][key] = *value;
    if (compared.value("exact", Json()) == true)
        for (const char* key : {"df", "kf"})
            if (const auto value = number_at(metadata, key)) metadata[std::string(key) + "_ideal"] = *value;
    return metadata;
}

constexpr double poor_fit = 0.95;  // R^2 below it brings a warning of the simulation

}  // namespace

std::vector<std::string> warnings_in(const Json& said) {
    std::vector<std::string> sentences;
    const Json warnings = said.is_object() ? said.value("warnings", Json()) : Json();
    if (warnings.is_array())
        for (const Json& each : warnings)
            if (each.is_string()) sentences.push_back(each.get<std::string>());
    return sentences;
}

std::vector<std::string> WarningsOfRuns::of(const std::string& simulation, const Json& metrics) {
    if (catalogue_.available() && !simulation.empty() && asked_ < most_asked) {
        ++asked_;
        ArtifactQuery query;
        query.kinds = {"simulation"};
        query.handle = simulation;
        if (const auto found = catalogue_.artifacts(query).items; !found.empty())
            return warnings_in(found.front().metadata);
    }
    const auto r_squared = number_at(metrics, "r_squared");
    if (!r_squared || *r_squared >= poor_fit) return {};
    // As many decimals as it takes to see that it is below.
    char number[32];
    int decimals = 3;
    do std::snprintf(number, sizeof number, "%.*f", decimals, *r_squared);
    while (std::stod(number) >= poor_fit && ++decimals < 10);
    return {"The fit of Df and kf is poor: R^2 = " + std::string(number) + ", below 0.95."};
}

void look_up(Material& material, const Catalogue& catalogue) {
    for (const Json& comparison : material.comparisons) {
        const Json compared = comparison.value("simulations", Json::array());
        if (!compared.is_array()) continue;
        for (const Json& each : compared) {
            const std::string handle = each.is_object() ? text_at(each, "simulation") : "";
            if (handle.empty() || names(material.simulations, handle)) continue;
            Json metadata = looked_up(catalogue, handle);
            if (!metadata.is_object() || metadata.empty()) metadata = as_metadata(each);
            material.simulations.push_back({handle, std::move(metadata), false});
        }
    }
    if (!material.study) return;
    material.study->sample = looked_up(catalogue, material.study->runs.front().simulation);
    WarningsOfRuns warnings(catalogue);
    for (RunRecord& run : material.study->runs) run.warnings = warnings.of(run.simulation, run.metrics);
}

std::optional<double> StudyRecord::number(const RunRecord& run, const std::string& name) const {
    if (const auto found = number_at(run.metrics, name)) return found;
    if (const auto found = number_at(run.parameters, name)) return found;
    return number_at(about.value("base_parameters", Json::object()), name);
}

std::string StudyRecord::df_metric() const {
    std::string other;
    for (const RunRecord& run : runs) {
        if (number_at(run.metrics, "df")) return "df";
        if (!other.empty()) continue;
        for (const auto& [name, value] : run.metrics.items())
            if (name.ends_with(".df") && value.is_number()) other = name;
    }
    return other;
}

std::vector<std::string> StudyRecord::varied() const {
    std::vector<std::string> names;
    const Json grid = about.value("parameter_grid", Json::object());
    if (grid.is_object())
        for (const auto& [name, values] : grid.items())
            if (values.is_array() && values.size() > 1 && name != "seed") names.push_back(name);
    return names;
}

std::string StudyRecord::length_unit() const {
    const std::string tool = text_at(about, "tool");
    if (tool != "run_limiting_case" && !(tool.starts_with("run_") && tool.ends_with("simulation"))) return "";
    const Json base = about.value("base_parameters", Json::object());
    if (base.is_object() && base.contains("length_unit")) return length_unit_of(base);
    // In units of a only when every run had particles of radius 1.
    double other = 1;
    for (const RunRecord& run : runs)
        if (const auto radius = number(run, "particle_radius"); radius && *radius != 1) other = *radius;
    return length_unit_of({{"particle_radius", other}});
}

StudyRecord read_study(const Artifact& source, const std::string& field) {
    StudyRecord study;
    study.handle = source.handle();
    std::string member;
    // The runs are taken one by one and dropped, so that the whole table is never in memory.
    const auto take = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth == 1 && event == Json::parse_event_t::key) member = parsed.get<std::string>();
        if (depth != 2 || event != Json::parse_event_t::object_end || member != "runs") return true;
        if (parsed.is_object()) add_run(study, parsed);
        return false;
    };
    const ArtifactMap bytes = source.map();
    const Json table = Json::parse(bytes.text(), take, false);
    if (!table.is_object() || !table.contains("study") || !table["study"].is_object() ||
        !table.contains("runs"))
        throw invalid_argument(field, study.handle + " is not a study's table that can be read.");
    study.about = table["study"];
    if (study.runs.empty())
        throw invalid_argument(
            field, "No run of the study " + study.handle + " has completed, so it has no results.");
    return study;
}

Material read_material(const std::vector<Artifact>& sources, const std::string& field) {
    Material material;
    std::vector<std::string> read;
    for (const Artifact& source : sources) {
        const std::string handle(source.handle());
        if (std::find(read.begin(), read.end(), handle) != read.end()) continue;
        read.push_back(handle);
        if (source.kind() == "simulation") {
            material.simulations.push_back({handle, source.metadata(), false});
        } else if (source.kind() == "analysis") {
            material.analyses.push_back(read_analysis(source, field));
        } else if (source.kind() == "comparison") {
            material.comparisons.push_back(document_of(source, field));
            material.comparisons.back()["handle"] = handle;
        } else if (material.study) {
            throw invalid_argument(
                field, "One study at a time: " + material.study->handle + " and " + handle + " are two.");
        } else {
            material.study = read_study(source, field);
        }
    }
    for (const AnalysisRecord& analysis : material.analyses) {
        const Json subject = analysis.document.value("subject", Json());
        if (!subject.is_object() || analysis.simulation.empty()) continue;
        if (!names(material.simulations, analysis.simulation))
            material.simulations.push_back({analysis.simulation, subject, true});
    }
    return material;
}

}  // namespace assistd::exporting
