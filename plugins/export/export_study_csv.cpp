// A study as a CSV table: one line per run, with what was the same for all runs, what was varied, and what
// came out.

#include <algorithm>
#include <set>

#include "material.h"
#include "properties.h"
#include "source.h"
#include "table/csv.h"
#include "table/files.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

// A table as the daemon keeps it: {"study": {...}, "runs": [...]}.
Json study_of(const Artifact& study) {
    const std::string handle(study.handle());
    Json table = Json::parse(study.read_all(), nullptr, false);
    const auto is_object = [](const Json& in, const char* key) {
        return in.value(key, Json::object()).is_object();
    };
    const auto is_whole = [&](const Json& run) {
        return run.is_object() && run.contains("run") && run.contains("status") &&
               is_object(run, "parameters") && is_object(run, "metrics") && is_object(run, "error") &&
               run.value("artifacts", Json::array()).is_array();
    };
    if (!table.is_object() || !table.value("study", Json()).is_object() ||
        !is_object(table["study"], "base_parameters") || !table.value("runs", Json()).is_array() ||
        !std::all_of(table["runs"].begin(), table["runs"].end(), is_whole))
        throw invalid_argument("study", handle + " is not the table of a study.");
    if (table["runs"].empty()) throw invalid_argument("study", handle + " has no runs to export.");
    return table;
}

// As the study says; else in units of a only when every run had particles of radius 1.
std::string length_unit_of_runs(const Json& table) {
    const Json base = table["study"].value("base_parameters", Json::object());
    if (base.contains("length_unit")) return length_unit_of(base);
    Json about{{"particle_radius", base.value("particle_radius", Json(1))}};
    for (const Json& run : table["runs"]) {
        const Json parameters = run.value("parameters", Json::object());
        if (parameters.value("particle_radius", Json(1)) != 1)
            about["particle_radius"] = parameters["particle_radius"];
    }
    return length_unit_of(about);
}

// The units of the shipped simulations' quantities are known; another tool's "rg" may be anything.
bool is_simulation(const std::string& tool) {
    return tool == "run_limiting_case" || (tool.starts_with("run_") && tool.ends_with("simulation"));
}

// What the lines of a table have: first what is the same for all runs, then what differs.
class StudyColumns {
  public:
    StudyColumns(const Json& table, const Catalogue& catalogue)
        : warnings_(catalogue), base_(table["study"].value("base_parameters", Json::object())) {
        for (const Json& run : table["runs"]) {
            const Json parameters = run.value("parameters", Json::object());
            const Json metrics = run.value("metrics", Json::object());
            for (const auto& [name, value] : parameters.items()) varied_.insert(name);
            for (const auto& [name, value] : metrics.items()) metrics_.insert(name);
            has_errors_ |= run.contains("error");
        }
        for (const std::string& name : varied_) base_.erase(name);
        length_unit_ = length_unit_of_runs(table);
        knows_units_ = is_simulation(as_text(table["study"].value("tool", Json(""))));
    }

    std::vector<std::string> headings() const {
        std::vector<std::string> fields{"run", "status"};
        for (const auto& [name, value] : base_.items()) fields.push_back(heading(name));
        for (const std::string& name : varied_) fields.push_back(heading(name));
        for (const std::string& name : metrics_) {
            const bool taken = varied_.contains(name) || base_.contains(name);
            fields.push_back(heading(taken ? name + " (result)" : name, name));
        }
        fields.push_back("artifacts");
        if (knows_units_) fields.push_back("warnings");
        if (has_errors_) fields.insert(fields.end(), {"error_type", "error"});
        return fields;
    }
    std::vector<std::string> line(const Json& run) {
        std::vector<std::string> fields{csv_value(run["run"]), csv_value(run["status"])};
        const Json parameters = run.value("parameters", Json::object());
        const Json metrics = run.value("metrics", Json::object());
        for (const auto& [name, value] : base_.items()) fields.push_back(csv_value(value));
        for (const std::string& name : varied_) fields.push_back(csv_value(parameters.value(name, Json())));
        for (const std::string& name : metrics_) fields.push_back(csv_value(metrics.value(name, Json())));
        std::string artifacts, simulation;
        for (const Json& handle : run.value("artifacts", Json::array())) {
            artifacts += (artifacts.empty() ? "" : " ") + as_text(handle);
            if (as_text(handle).starts_with("simulation-")) simulation = as_text(handle);
        }
        fields.push_back(csv_field(artifacts));
        if (knows_units_) fields.push_back(csv_field(warnings_of(simulation, metrics)));
        if (has_errors_) {
            const Json error = run.value("error", Json::object());
            fields.push_back(csv_value(error.value("error_type", Json())));
            fields.push_back(csv_value(error.value("message", Json())));
        }
        return fields;
    }
    std::size_t count() const { return headings().size(); }

  private:
    std::string warnings_of(const std::string& simulation, const Json& metrics) {
        std::string text;
        for (const std::string& each : warnings_.of(simulation, metrics))
            text += (text.empty() ? "" : " ") + each;
        return text;
    }
    std::string heading(const std::string& name) const { return heading(name, name); }
    std::string heading(const std::string& shown, const std::string& quantity) const {
        return csv_heading(shown, knows_units_ ? unit_of(quantity, length_unit_) : "1");
    }

    WarningsOfRuns warnings_;
    Json base_;
    std::set<std::string> varied_, metrics_;
    bool has_errors_ = false;
    bool knows_units_ = false;
    std::string length_unit_;
};

}  // namespace

void describe(Fields<StudyTableArguments>& fields) {
    using Arguments = StudyTableArguments;
    fields.required("study", &Arguments::study, "Which study's table of runs to export").kinds({"study"});
    fields.optional("inline", &Arguments::with_content, "Also return the text when it is at most 50 kB");
}

Result export_study_csv(Call& call, const StudyTableArguments& arguments) {
    const std::string handle(arguments.study.handle());
    const Json table = study_of(arguments.study);
    const Json& runs = table["runs"];
    const Catalogue catalogue = call.catalogue();
    StudyColumns columns(table, catalogue);

    TableFiles files(call, {{"study", handle}}, arguments.with_content);
    files.store(handle + "-runs.csv", "study_runs", runs.size(), [&](TextSink& file) {
        write_line(file, columns.headings());
        for (const std::size_t i : call.steps(runs.size(), "writing runs"))
            write_line(file, columns.line(runs[i]));
    });
    const auto failed =
        std::count_if(runs.begin(), runs.end(), [](const Json& run) { return run["status"] != "completed"; });
    std::string summary = "Exported the " + std::to_string(runs.size()) +
                          (runs.size() == 1 ? " run of " : " runs of ") + handle + " as CSV";
    if (failed > 0) summary += "; " + std::to_string(failed) + " of them did not complete";
    return {{{"study", handle}, {"columns", columns.count()}, {"files", files.entries()}}, summary + "."};
}

}  // namespace assistd::exporting
