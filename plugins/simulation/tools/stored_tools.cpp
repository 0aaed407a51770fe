// What simulations there are: finished ones are artifacts, the others are jobs.

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>
#include <map>

#include "tools/algorithm.h"
#include "tools/failed_runs.h"
#include "tools/tools.h"

namespace assistd::simulation {
namespace {

constexpr int most_at_once = 100;

bool is_run(const std::string& tool) {
    return tool.starts_with("run_");
}

// "run_dla_simulation" grows by "dla"; run_simulation is told the algorithm.
std::string algorithm_of(const FoundJob& job) {
    if (job.arguments.is_object() && job.arguments.contains("algorithm"))
        return job.arguments.at("algorithm").get<std::string>();
    if (job.tool == "run_limiting_case") return "limiting";
    std::string name = job.tool.substr(std::string_view("run_").size());
    if (const auto end = name.rfind("_simulation"); end != std::string::npos) name.resize(end);
    return name;
}

// A member of what a simulation said of itself, or null: those of other makers may lack it.
Json member(const Json& object, const char* key) {
    return object.is_object() ? object.value(key, Json()) : Json();
}

// "soot A: dla, 3-D, 1000 particles, Df = 2.47, seed 7".
std::string summary_of(const Json& entry) {
    const auto text = [&](const char* key) { return entry.value(key, Json()); };
    std::string about = text("algorithm").is_string() ? text("algorithm").get<std::string>() : "simulation";
    if (text("dimensions").is_number_integer()) about += ", " + text("dimensions").dump() + "-D";
    if (text("n_particles").is_number_integer()) about += ", " + text("n_particles").dump() + " particles";
    if (text("df").is_number()) {
        char df[32];
        std::snprintf(df, sizeof df, ", Df = %.2f", text("df").get<double>());
        about += df;
    }
    if (text("seed").is_number_integer()) about += ", seed " + text("seed").dump();
    if (text("status") != "completed") about += ", " + text("status").get<std::string>();
    if (text("error").is_string()) about += ": " + text("error").get<std::string>();
    const Json name = text("name");
    return name.is_string() && !name.get<std::string>().empty() ? name.get<std::string>() + ": " + about
                                                                : about;
}

Json entry_of(const FoundArtifact& found) {
    Json entry{{"handle", found.handle},
               {"status", "completed"},
               {"tool", found.tool},
               {"file", found.name},
               {"bytes", found.size},
               {"created_at", found.created_at},
               {"project_id", found.project_id}};
    for (const char* key : {"algorithm", "name", "n_particles", "dimensions", "df", "df_stderr", "kf", "rg",
                            "particle_radius", "seed"})
        entry[key] = member(found.metadata, key);
    if (const Json unit = member(found.metadata, "length_unit"); unit.is_string())
        entry["length_unit"] = unit;
    entry["summary"] = summary_of(entry);
    return entry;
}

Json entry_of(const FoundJob& job) {
    Json entry{{"job_id", job.id},
               {"status", job.status},
               {"tool", job.tool},
               {"algorithm", algorithm_of(job)},
               {"created_at", job.created_at},
               {"project_id", job.project_id}};
    for (const char* key : {"name", "n_particles", "dimensions", "seed"})
        entry[key] = member(job.arguments, key);
    if (job.status == "running") entry["progress"] = job.progress;
    if (!job.error.empty()) entry["error"] = job.error;
    entry["summary"] = summary_of(entry);
    return entry;
}

Json entry_of(const FailedRun& failed) {
    Json entry = entry_of(failed.about);
    entry.erase("job_id");
    entry["study"] = failed.study;
    entry["run"] = failed.run;
    entry["summary"] = "run " + std::to_string(failed.run) + " of " + failed.study + ": " + summary_of(entry);
    return entry;
}

void add_completed(const Catalogue& catalogue, const ListArguments& wanted, Json& entries, bool& more) {
    ArtifactQuery query;
    query.kinds = {"simulation"};
    query.project_id = wanted.project_id.value_or("");
    if (wanted.algorithm) query.metadata = {{"algorithm", *wanted.algorithm}};
    // What has the most of something may be any of them.
    query.limit = wanted.sort_by ? most_at_once : static_cast<int>(wanted.limit);
    const auto found = catalogue.artifacts(query);
    for (const FoundArtifact& each : found.items) entries.push_back(entry_of(each));
    more = more || found.more;
}

void add_others(const Catalogue& catalogue, const ListArguments& wanted, Json& entries, bool& more) {
    JobQuery query;
    query.project_id = wanted.project_id.value_or("");
    query.states = {"running", "failed", "cancelled", "lost"};
    if (wanted.status) query.states = {*wanted.status};
    query.limit = most_at_once;
    const auto found = catalogue.jobs(query);
    for (const FoundJob& job : found.items)
        if (is_run(job.tool) && (!wanted.algorithm || algorithm_of(job) == *wanted.algorithm))
            entries.push_back(entry_of(job));
    more = more || found.more;
    if (wanted.status.value_or("failed") != "failed") return;
    for (const FailedRun& failed : failed_runs(catalogue, query.project_id, more))
        if (!wanted.algorithm || algorithm_of(failed.about) == *wanted.algorithm)
            entries.push_back(entry_of(failed));
}

// How it is called where there is no room for its summary.
std::string called(const Json& entry) {
    if (entry.contains("study"))
        return "run " + entry.at("run").dump() + " of " + entry.at("study").get<std::string>();
    return entry.at(entry.contains("handle") ? "handle" : "job_id").get<std::string>();
}

std::string counted(const Json& entries) {
    std::map<std::string, int> states;
    for (const Json& entry : entries) ++states[entry.at("status").get<std::string>()];
    std::string text;
    for (const auto& [state, count] : states)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + state;
    return text;
}

std::string text_of(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// "10.5 a", or with a unit of its own "359.6 nm (28.77 a)": lengths of two simulations may differ by that
// unit. `power` is that of the length. Without a radius the unit is not known.
std::string length_text(const Json& about, const std::string& key, int power) {
    const double value = about.at(key).get<double>();
    const Json radius = member(about, "particle_radius");
    const std::string unit = power == 2 ? " a²" : " a";
    std::string text = text_of("%.4g", value);
    const Json named = member(about, "length_unit");
    if (named.is_string()) text += " " + named.get<std::string>() + (power == 2 ? "²" : "");
    if (!radius.is_number() || !(radius.get<double>() > 0)) return text;
    if (radius == 1 && !named.is_string()) return text + unit;
    return text + " (" + text_of("%.4g", value / std::pow(radius.get<double>(), power)) + unit + ")";
}

// "2.54 ± 0.02"
std::string told_number(const Json& entry, const std::string& key) {
    if (key == "rg") return length_text(entry, key, 1);
    const Json error = member(entry, (key + "_stderr").c_str());
    return error.is_number() ? with_error(entry.at(key).get<double>(), error.get<double>())
                             : text_of("%.4g", entry.at(key).get<double>());
}

// "Of 12 finished simulations, simulation-3 has the highest df, 2.54 ± 0.02 (dla, 3-D, 400 particles, …)."
std::string sentence_of_best(const ListArguments& wanted, const Json& entries, std::size_t compared,
                             bool more) {
    if (entries.empty()) return "No finished simulation reports " + *wanted.sort_by + ".";
    const Json& best = entries.front();
    const std::string handle = best.at("handle").get<std::string>();
    const std::string value =
        *wanted.sort_by + ", " + told_number(best, *wanted.sort_by) + " (" + summary_of(best) + ").";
    if (compared == 1) return "Only " + handle + " has a " + value;
    return "Of " + std::string(more ? "the newest " : "") + std::to_string(compared) +
           " finished simulations, " + handle + " has the " +
           (wanted.order == "ascending" ? "lowest " : "highest ") + value;
}

// Those that report the number, in its order.
std::size_t sort_by_number(const ListArguments& wanted, Json& entries) {
    const std::string& key = *wanted.sort_by;
    // A radius of gyration counts in radii of its particles: 1.7e-7 m is no less than 5 nm.
    const auto value = [&](const Json& entry) {
        const Json radius = member(entry, "particle_radius");
        const double number = entry.at(key).get<double>();
        return key == "rg" && radius.is_number() && radius > 0 ? number / radius.get<double>() : number;
    };
    Json kept = Json::array();
    for (Json& entry : entries) {
        if (!entry.contains(key) || !entry.at(key).is_number() || !entry.contains("handle")) continue;
        if (key == "rg") entry["summary"] = summary_of(entry) + ", Rg = " + told_number(entry, key);
        kept.push_back(std::move(entry));
    }
    std::stable_sort(kept.begin(), kept.end(), [&](const Json& a, const Json& b) {
        return wanted.order == "ascending" ? value(a) < value(b) : value(a) > value(b);
    });
    entries = std::move(kept);
    return entries.size();
}

std::string sentence_of(const ListArguments& wanted, const Json& entries, bool more) {
    const bool one = entries.size() == 1;
    std::string what =
        (wanted.algorithm ? *wanted.algorithm + " " : "") + (one && !more ? "simulation" : "simulations");
    if (wanted.status) what = *wanted.status + " " + what;
    if (!wanted.project_id.value_or("").empty()) what += " in this project";
    if (entries.empty()) return "There are no " + what + ".";
    const std::string count = std::to_string(entries.size());
    std::string text = more ? "The newest " + count + " " + what + ", and there are more"
                            : count + " " + what + (one ? "" : ", newest first");
    // Of the page alone it would sound like all of them.
    text += more ? ":" : " (" + counted(entries) + "):";
    constexpr std::size_t most_named = 5;
    for (std::size_t i = 0; i < std::min(entries.size(), most_named); ++i) {
        const Json& entry = entries[i];
        const Json& algorithm = entry.at("algorithm");
        text += (i > 0 ? ", " : " ") + called(entry);
        if (algorithm.is_string()) text += " (" + algorithm.get<std::string>() + ")";
    }
    if (entries.size() > most_named) return text + ", …";
    return text + ".";
}

Json details_of(const FoundArtifact& found) {
    Json details = found.metadata;
    // Long lists stay in the artifact, as with the run's own result.
    details.erase("rg_evolution");
    details.erase("pair_correlation");
    return {{"simulation", found.handle},
            {"status", "completed"},
            {"tool", found.tool},
            {"plugin", found.plugin},
            {"arguments", found.parameters},
            {"seed", member(found.metadata, "seed")},
            {"file", found.name},
            {"bytes", found.size},
            {"project_id", found.project_id},
            {"created_at", found.created_at},
            {"details", details}};
}

std::string in_radii(const Json& about, const char* name, const char* key, int power) {
    return member(about, key).is_number() ? std::string(name) + " = " + length_text(about, key, power) : "";
}

// "Df = 2.484 ± 0.012"; empty when it is not known.
std::string measured(const Json& about, const char* name, const char* key, const char* format) {
    const Json value = member(about, key), error = member(about, (std::string(key) + "_stderr").c_str());
    if (!value.is_number()) return "";
    const bool has_error = error.is_number() && error.get<double>() > 0;
    return std::string(name) + " = " +
           (has_error ? with_error(value.get<double>(), error.get<double>())
                      : text_of(format, value.get<double>()));
}

// "a = 15 nm"; a that is the unit itself is not told.
std::string in_own_unit(const Json& about) {
    const Json unit = member(about, "length_unit");
    return unit.is_string() ? measured(about, "a", "particle_radius", "%.4g") + " " + unit.get<std::string>()
                            : "";
}

// Two particles share each: "499 contacts".
std::string contacts_of(const Json& about) {
    const Json mean = member(member(about, "coordination"), "mean"), n = member(about, "n_particles");
    if (!mean.is_number() || !n.is_number_integer()) return "";
    return text_of("%.0f contacts", mean.get<double>() * n.get<double>() / 2);
}

// What is in a unit of its own has it behind it.
std::string with_unit(const std::string& text, const char* unit) {
    return text.empty() ? text : text + unit;
}

// The values that people ask for by name, so that the answer has the one that they asked for.
std::string summary_of(const FoundArtifact& found) {
    const Json& about = found.metadata;
    const Json algorithm = member(about, "algorithm"), n = member(about, "n_particles");
    std::string text = found.handle + " is a finished simulation (" +
                       (algorithm.is_string() ? algorithm.get<std::string>() : "unknown algorithm");
    if (n.is_number_integer()) text += ", " + n.dump() + " particles";
    text += ")";
    std::vector<std::string> values;
    if (!member(about, "df").is_number() && !member(about, "df_ideal").is_number())
        values.emplace_back("it has no Df of its own, and run_box_counting measures one");
    values.insert(
        values.end(),
        {measured(about, "Df", "df", "%.3f"), measured(about, "Df of its geometry", "df_ideal", "%.0f"),
         measured(about, "kf", "kf", "%.2f"), measured(about, "kf of its geometry", "kf_ideal", "%.4f"),
         in_radii(about, "Rg", "rg", 1), in_own_unit(about), measured(about, "porosity", "porosity", "%.3f"),
         measured(member(about, "coordination"), "mean coordination number", "mean", "%.3f"),
         contacts_of(about), measured(about, "anisotropy", "anisotropy", "%.3f"),
         in_radii(about, "asphericity", "asphericity", 2),
         in_radii(about, "acylindricity", "acylindricity", 2),
         with_unit(measured(about, "largest overlap", "largest_overlap", "%.2g"), " a"),
         measured(about, "seed", "seed", "%.0f"),
         with_unit(measured(about, "execution time", "execution_time_s", "%.3g"), " s")});
    std::erase(values, "");
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? ": " : ", ") + values[i];
    return text + ".";
}

Result details_of_job(const Catalogue& catalogue, const std::string& id) {
    JobQuery query;
    query.limit = most_at_once;
    for (const FoundJob& job : catalogue.jobs(query).items) {
        if (job.id != id || !is_run(job.tool)) continue;
        Json data{{"job_id", job.id},
                  {"status", job.status},
                  {"tool", job.tool},
                  {"arguments", job.arguments},
                  {"project_id", job.project_id},
                  {"created_at", job.created_at},
                  {"progress", job.progress},
                  {"note", job.note}};
        if (!job.error.empty()) data["error"] = job.error;
        return {data, "The simulation " + id + (job.status == "failed" ? " has " : " is ") + job.status +
                          (job.error.empty() ? "." : ": " + job.error)};
    }
    throw invalid_argument(
        "job_id", "None of your newest " + std::to_string(most_at_once) + " simulation jobs is " + id + ".");
}

}  // namespace

void describe(Fields<ListArguments>& fields) {
    using Arguments = ListArguments;
    fields.optional("project_id", &Arguments::project_id, "Only simulations of this project").max_length(100);
    fields.optional("algorithm", &Arguments::algorithm, "Only simulations grown by this algorithm")
        .set("enum", algorithm_names());
    fields.optional("status", &Arguments::status, "Only simulations in this state")
        .one_of({"completed", "running", "failed", "cancelled"});
    fields
        .optional(
            "sort_by", &Arguments::sort_by,
            "The finished ones by this number of theirs, in place of the newest first: the one that has "
            "the most of it, or the least")
        .one_of({"df", "kf", "rg", "n_particles"});
    fields.optional("order", &Arguments::order, "With sort_by: descending when left out")
        .one_of({"descending", "ascending"});
    fields.optional("limit", &Arguments::limit, "How many at most, 1 to " + std::to_string(most_at_once))
        .range(1, most_at_once);
}

void describe(Fields<DetailsArguments>& fields) {
    using Arguments = DetailsArguments;
    fields.optional("simulation", &Arguments::simulation, "The finished simulation, such as simulation-3")
        .kinds({"simulation"});
    fields.optional("job_id", &Arguments::job_id, "The job (job_...) of a simulation that is not finished")
        .max_length(100);
}

Result list_simulations(Call& call, const ListArguments& wanted) {
    if (wanted.order && !wanted.sort_by)
        throw invalid_argument("order", "order needs sort_by, the number by which to sort.");
    Json entries = Json::array();
    bool more = false;
    const Catalogue catalogue = call.catalogue();
    if (!wanted.status || wanted.status == "completed") add_completed(catalogue, wanted, entries, more);
    if (wanted.status != "completed") add_others(catalogue, wanted, entries, more);
    // Times are texts whose order is that of time.
    std::stable_sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) {
        return a.at("created_at").get_ref<const std::string&>() >
               b.at("created_at").get_ref<const std::string&>();
    });
    const bool left_out = more;
    const std::size_t compared = wanted.sort_by ? sort_by_number(wanted, entries) : 0;
    if (entries.size() > wanted.limit) {
        more = true;
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(wanted.limit), entries.end());
    }
    const std::string sentence = wanted.sort_by ? sentence_of_best(wanted, entries, compared, left_out)
                                                : sentence_of(wanted, entries, more);
    return {{{"simulations", entries}, {"more", more}}, sentence};
}

Result get_simulation_details(Call& call, const DetailsArguments& arguments) {
    if (arguments.simulation.has_value() == arguments.job_id.has_value())
        throw invalid_argument(
            "simulation",
            "Give either simulation, the handle of a finished one, or job_id, that of one that "
            "runs, failed or was cancelled.");
    const Catalogue catalogue = call.catalogue();
    if (arguments.job_id) return details_of_job(catalogue, *arguments.job_id);
    const std::string handle(arguments.simulation->handle());
    ArtifactQuery query;
    query.kinds = {"simulation"};
    query.handle = handle;
    const auto found = catalogue.artifacts(query);
    if (found.items.empty()) throw invalid_argument("simulation", "There is no simulation " + handle + ".");
    catalogue.add_to_result(handle);
    return {details_of(found.items.front()), summary_of(found.items.front())};
}

}  // namespace assistd::simulation
