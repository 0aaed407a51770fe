// All that is known of one simulation: a finished one is an artifact, another a job.

#include <algorithm>
#include <assistd/uncertain_number.hpp>

#include "tools/stored_texts.h"
#include "tools/tools.h"

namespace assistd::simulation {
namespace {

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

// "porosity = 0.99964": of what is nearly 1 two digits of what is left of it.
std::string fraction(const Json& about, const char* key) {
    const Json value = member(about, key);
    if (!value.is_number()) return "";
    const double left = 1 - value.get<double>();
    constexpr int usual = 3;
    const int decimals = left > 0 && left < 1 ? std::max(usual, detail::place_of_second_digit(left)) : usual;
    return std::string(key) + " = " + detail::fixed_text(value.get<double>(), std::min(decimals, 9));
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
    const Json sticking = member(member(about, "parameters"), "sticking_probability");
    if (sticking.is_number() && sticking != 1)
        text += text_of(", sticking probability %g", sticking.get<double>());
    text += ")";
    std::vector<std::string> values;
    if (!member(about, "df").is_number() && !member(about, "df_ideal").is_number())
        values.emplace_back("it has no Df of its own, and run_box_counting measures one");
    values.insert(
        values.end(),
        {measured(about, "Df", "df", "%.3f"), measured(about, "Df of its geometry", "df_ideal", "%.0f"),
         measured(about, "kf", "kf", "%.2f"), measured(about, "kf of its geometry", "kf_ideal", "%.4f"),
         in_radii(about, "Rg", "rg", 1), in_own_unit(about), fraction(about, "porosity"),
         measured(member(about, "coordination"), "mean coordination number", "mean", "%.3f"),
         contacts_of(about), measured(about, "anisotropy", "anisotropy", "%.3f"),
         in_radii(about, "asphericity", "asphericity", 2),
         in_radii(about, "acylindricity", "acylindricity", 2),
         with_unit(measured(about, "largest overlap", "largest_overlap", "%.2g"), " a"),
         measured(about, "seed", "seed", "%.0f"),
         with_unit(measured(about, "execution time", "execution_time_s", "%.3g"), " s")});
    std::erase(values, "");
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? ": " : ", ") + values[i];
    text += ".";
    for (const Json& warning : member(about, "warnings"))
        if (warning.is_string()) text += " " + warning.get<std::string>();
    return text;
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

void describe(Fields<DetailsArguments>& fields) {
    using Arguments = DetailsArguments;
    fields.optional("simulation", &Arguments::simulation, "The finished simulation, such as simulation-3")
        .kinds({"simulation"});
    fields.optional("job_id", &Arguments::job_id, "The job (job_...) of a simulation that is not finished")
        .max_length(100);
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
