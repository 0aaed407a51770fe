// What simulations there are: finished ones are artifacts, the others are jobs.

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cstdio>
#include <map>

#include "tools/algorithm.h"
#include "tools/failed_runs.h"
#include "tools/stored_texts.h"
#include "tools/tools.h"

namespace assistd::simulation {
namespace {

// Tunable clusters of one method only; "tunable" lists both.
constexpr const char* tunable_pc = "tunable_pc";

// As the simulations say it of themselves.
std::vector<std::string> algorithms_meant(const std::string& asked) {
    if (asked == "tunable") return {"tunable", "tunable_cc"};
    return {asked == tunable_pc ? "tunable" : asked};
}

bool is_meant(const ListArguments& wanted, const std::string& algorithm) {
    if (!wanted.algorithm) return true;
    const auto meant = algorithms_meant(*wanted.algorithm);
    return std::find(meant.begin(), meant.end(), algorithm) != meant.end();
}

// "run_dla_simulation" grows by "dla"; run_simulation is told the algorithm.
std::string algorithm_of(const FoundJob& job) {
    if (job.arguments.is_object() && job.arguments.contains("algorithm"))
        return job.arguments.at("algorithm").get<std::string>();
    if (job.tool == "run_limiting_case") return "limiting";
    if (job.tool == "run_tunable_simulation")
        return member(job.arguments, "method") == "particle_cluster" ? "tunable" : "tunable_cc";
    std::string name = job.tool.substr(std::string_view("run_").size());
    if (const auto end = name.rfind("_simulation"); end != std::string::npos) name.resize(end);
    return name;
}

// How often a contact sticks; none for what has no such probability. Who says nothing means always.
std::optional<double> sticking_of(const Json& algorithm, const Json& parameters) {
    if (algorithm != "dla" && algorithm != "cca") return std::nullopt;
    const Json said = member(parameters, "sticking_probability");
    return said.is_number() ? said.get<double>() : 1;
}

bool is_in_regime(const Json& entry, const std::string& regime) {
    const Json sticking = member(entry, "sticking_probability");
    return sticking.is_number() && (regime == "diffusion_limited") == (sticking == 1);
}

// Of a geometry that is known exactly that value, and not what a fit to its growth found.
std::string key_of(const Json& entry, const std::string& number) {
    const std::string exact = number + "_ideal";
    return member(entry, exact.c_str()).is_number() ? exact : number;
}

// "2.54 ± 0.02", "3 (exact)".
std::string told_number(const Json& entry, const std::string& number) {
    if (number == "rg") return length_text(entry, number, 1);
    const std::string key = key_of(entry, number);
    if (key != number) return text_of("%.6g (exact)", entry.at(key).get<double>());
    const Json error = member(entry, (key + "_stderr").c_str());
    if (entry.at(key).is_number_integer()) return entry.at(key).dump();
    return with_error(entry.at(key).get<double>(), error.is_number() ? error.get<double>() : 0);
}

// "soot A: dla, 3-D, 1000 particles, Df = 2.47, seed 7". `number`: by which it is sorted, told with all its
// digits.
std::string summary_of(const Json& entry, const std::string& number = "") {
    const auto text = [&](const char* key) { return entry.value(key, Json()); };
    std::string about = text("algorithm").is_string() ? text("algorithm").get<std::string>() : "simulation";
    if (text("dimensions").is_number_integer()) about += ", " + text("dimensions").dump() + "-D";
    if (text("n_particles").is_number_integer()) about += ", " + text("n_particles").dump() + " particles";
    if (const Json sticking = text("sticking_probability"); sticking.is_number() && sticking != 1)
        about += text_of(", sticking probability %g", sticking.get<double>());
    if (number == "df")
        about += ", Df = " + told_number(entry, number);
    else if (text("df_ideal").is_number())
        about += text_of(", Df = %g, exact", text("df_ideal").get<double>());
    else if (text("df").is_number())
        about += text_of(", Df = %.2f", text("df").get<double>());
    if (number == "kf" || number == "rg")
        about += (number == "kf" ? ", kf = " : ", Rg = ") + told_number(entry, number);
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
    for (const char* key : {"algorithm", "name", "n_particles", "dimensions", "df", "df_stderr", "kf",
                            "kf_stderr", "rg", "particle_radius", "seed"})
        entry[key] = member(found.metadata, key);
    for (const char* key : {"df_ideal", "kf_ideal"})
        if (const Json exact = member(found.metadata, key); exact.is_number()) entry[key] = exact;
    if (const Json unit = member(found.metadata, "length_unit"); unit.is_string())
        entry["length_unit"] = unit;
    if (const auto sticking = sticking_of(entry["algorithm"], member(found.metadata, "parameters")))
        entry["sticking_probability"] = *sticking;
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
    if (const auto sticking = sticking_of(entry["algorithm"], job.arguments))
        entry["sticking_probability"] = *sticking;
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
    if (wanted.dimensions) query.metadata["dimensions"] = *wanted.dimensions;
    // What has the most of something may be any of them, and of all it is told how many they are.
    query.limit = most_at_once;
    const auto add = [&] {
        const auto found = catalogue.artifacts(query);
        for (const FoundArtifact& each : found.items) entries.push_back(entry_of(each));
        more = more || found.more;
    };
    if (!wanted.algorithm) return add();
    for (const std::string& algorithm : algorithms_meant(*wanted.algorithm)) {
        query.metadata["algorithm"] = algorithm;
        add();
    }
}

void add_others(const Catalogue& catalogue, const ListArguments& wanted, Json& entries, bool& more) {
    JobQuery query;
    query.project_id = wanted.project_id.value_or("");
    query.states = {"running", "failed", "cancelled", "lost"};
    if (wanted.status) query.states = {*wanted.status};
    query.limit = most_at_once;
    const auto found = catalogue.jobs(query);
    for (const FoundJob& job : found.items)
        if (is_run(job.tool) && is_meant(wanted, algorithm_of(job))) entries.push_back(entry_of(job));
    more = more || found.more;
    if (wanted.status.value_or("failed") != "failed") return;
    for (const FailedRun& failed : failed_runs(catalogue, query.project_id, more))
        if (is_meant(wanted, algorithm_of(failed.about))) entries.push_back(entry_of(failed));
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

// Those that report the number, in its order.
std::size_t sort_by_number(const ListArguments& wanted, Json& entries) {
    const std::string& key = *wanted.sort_by;
    // A radius of gyration counts in radii of its particles: 1.7e-7 m is no less than 5 nm.
    const auto value = [&](const Json& entry) {
        const Json radius = member(entry, "particle_radius");
        const double number = entry.at(key_of(entry, key)).get<double>();
        return key == "rg" && radius.is_number() && radius > 0 ? number / radius.get<double>() : number;
    };
    Json kept = Json::array();
    for (Json& entry : entries) {
        if (!member(entry, key_of(entry, key).c_str()).is_number() || !entry.contains("handle")) continue;
        entry["summary"] = summary_of(entry, key);
        kept.push_back(std::move(entry));
    }
    std::stable_sort(kept.begin(), kept.end(), [&](const Json& a, const Json& b) {
        return wanted.order == "ascending" ? value(a) < value(b) : value(a) > value(b);
    });
    entries = std::move(kept);
    return entries.size();
}

// "reaction-limited cca simulations in this project"
std::string what_is_listed(const ListArguments& wanted, bool one) {
    const bool is_pc = wanted.algorithm == tunable_pc;
    std::string what = (is_pc              ? "tunable particle-cluster "
                        : wanted.algorithm ? *wanted.algorithm + " "
                                           : "") +
                       (one ? "simulation" : "simulations");
    if (wanted.dimensions) what = std::to_string(*wanted.dimensions) + "-D " + what;
    if (wanted.regime)
        what = (*wanted.regime == "diffusion_limited" ? "diffusion-limited " : "reaction-limited ") + what +
               (*wanted.regime == "diffusion_limited" ? " (sticking probability 1)"
                                                      : " (sticking probability below 1)");
    if (wanted.status) what = *wanted.status + " " + what;
    if (!wanted.project_id.value_or("").empty()) what += " in this project";
    return what;
}

// "20 of 57 are listed; a limit of 57 lists all."; nothing where all are. `left_out`: there are older ones,
// which cannot be looked through.
std::string how_to_list_more(std::size_t listed, std::size_t found, bool left_out) {
    if (listed >= found && !left_out) return "";
    const auto most = std::min(found, static_cast<std::size_t>(most_at_once));
    std::string text = " " + std::to_string(listed) + " of " +
                       (left_out ? "the newest " + std::to_string(found) : std::to_string(found)) +
                       " are listed";
    if (listed < most)
        text += "; a limit of " + std::to_string(most) +
                (most == found && !left_out ? " lists all" : " lists as many");
    if (left_out || most < found) text += "; for others name an algorithm, the dimensions or a project";
    return text + ".";
}

// " Then come simulation-5 (2.49 ± 0.03), simulation-7 (2.41 ± 0.02), …"
std::string runners_up(const std::string& number, const Json& entries) {
    constexpr std::size_t most_told = 5;  // with the first
    std::string text;
    for (std::size_t i = 1; i < std::min(entries.size(), most_told); ++i)
        text += (i == 1 ? " Then come " : ", ") + entries[i].at("handle").get<std::string>() + " (" +
                told_number(entries[i], number) + ")";
    return text.empty() ? text : text + (entries.size() > most_told ? ", …" : ".");
}

// "Of 12 finished dla simulations, simulation-3 has the highest df, 2.54 ± 0.02 (dla, 3-D, …)."
std::string sentence_of_best(ListArguments wanted, const Json& entries, std::size_t compared, bool more) {
    const std::string number = *wanted.sort_by;
    const bool is_highest = wanted.order != "ascending";
    wanted.status.reset();  // only what has ended tells its numbers
    const std::string newest = "the newest " + std::to_string(most_at_once);
    const std::string looked = more ? " among " + newest + " that I looked through" : "";
    if (entries.empty())
        return "No finished " + what_is_listed(wanted, true) + looked + " reports " + number + ".";
    const Json& best = entries.front();
    const std::string handle = best.at("handle").get<std::string>();
    const std::string value = number + ", " + told_number(best, number) + " (" + summary_of(best) + ").";
    const std::string what = " finished " + what_is_listed(wanted, compared == 1) + looked;
    if (compared == 1)
        return "Only " + handle + " has a " + value + (more ? " I looked at " + newest + "." : "");
    return "Of " + std::to_string(compared) + what + ", " + handle + " has the " +
           (is_highest ? "highest " : "lowest ") + value + runners_up(number, entries) +
           (entries.size() > 1 ? how_to_list_more(entries.size(), compared, more) : "");
}

// `found`: how many there are, listed or not.
std::string sentence_of(const ListArguments& wanted, const Json& entries, std::size_t found, bool left_out) {
    const bool more = left_out || found > entries.size();
    const bool one = entries.size() == 1;
    const std::string what = what_is_listed(wanted, one && !more);
    if (entries.empty())
        return "There are no " + what +
               (left_out ? " among the newest " + std::to_string(most_at_once) + " that I looked through."
                         : ".");
    const std::string count = std::to_string(entries.size());
    // More may be none of that regime.
    const bool of_newest = wanted.regime && left_out && entries.size() < wanted.limit;
    std::string text = of_newest ? count + " " + what + " among the newest " + std::to_string(most_at_once)
                       : more    ? "The newest " + count + " " + what
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
    text += entries.size() > most_named ? ", …" : ".";
    return of_newest ? text : text + how_to_list_more(entries.size(), found, left_out);
}

}  // namespace

void describe(Fields<ListArguments>& fields) {
    using Arguments = ListArguments;
    fields.optional("project_id", &Arguments::project_id, "Only simulations of this project").max_length(100);
    std::vector<std::string> names = algorithm_names();
    names.emplace_back(tunable_pc);
    fields
        .optional("algorithm", &Arguments::algorithm,
                  "Only simulations grown by this algorithm. tunable finds tunable clusters of both methods, "
                  "tunable_cc those that were joined from clusters, tunable_pc those that grew particle by "
                  "particle")
        .set("enum", names);
    fields
        .optional(
            "regime", &Arguments::regime,
            "Only what was grown with a sticking probability of 1 (diffusion_limited: DLA, DLCA) or below "
            "(reaction_limited: RLCA)")
        .one_of({"diffusion_limited", "reaction_limited"});
    fields.optional("dimensions", &Arguments::dimensions, "Only simulations in the plane (2) or in space (3)")
        .range(2, 3);
    fields.optional("status", &Arguments::status, "Only simulations in this state")
        .one_of({"completed", "running", "failed", "cancelled"});
    fields
        .optional(
            "sort_by", &Arguments::sort_by,
            "The finished ones by this number of theirs, in place of the newest first: the one that has "
            "the most of it, or the least. Of exact geometries their exact df and kf")
        .one_of({"df", "kf", "rg", "n_particles"});
    fields.optional("order", &Arguments::order, "With sort_by: descending when left out")
        .one_of({"descending", "ascending"});
    fields.optional("limit", &Arguments::limit, "How many at most, 1 to " + std::to_string(most_at_once))
        .range(1, most_at_once);
}

Result list_simulations(Call& call, const ListArguments& wanted) {
    if (wanted.order && !wanted.sort_by)
        throw invalid_argument("order", "order needs sort_by, the number by which to sort.");
    Json entries = Json::array();
    bool more = false;
    const Catalogue catalogue = call.catalogue();
    if (!wanted.status || wanted.status == "completed") add_completed(catalogue, wanted, entries, more);
    // Only what has ended has numbers to be sorted by.
    if (wanted.status != "completed" && !wanted.sort_by) add_others(catalogue, wanted, entries, more);
    if (wanted.regime || wanted.dimensions) {
        Json kept = Json::array();
        for (Json& entry : entries)
            if ((!wanted.regime || is_in_regime(entry, *wanted.regime)) &&
                (!wanted.dimensions || member(entry, "dimensions") == *wanted.dimensions))
                kept.push_back(std::move(entry));
        entries = std::move(kept);
    }
    // Times are texts whose order is that of time.
    std::stable_sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) {
        return a.at("created_at").get_ref<const std::string&>() >
               b.at("created_at").get_ref<const std::string&>();
    });
    const bool left_out = more;
    const std::size_t found = wanted.sort_by ? sort_by_number(wanted, entries) : entries.size();
    if (entries.size() > wanted.limit) {
        more = true;
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(wanted.limit), entries.end());
    }
    const std::string sentence = wanted.sort_by ? sentence_of_best(wanted, entries, found, left_out)
                                                : sentence_of(wanted, entries, found, left_out);
    return {{{"simulations", entries}, {"more", more}}, sentence};
}

}  // namespace assistd::simulation
