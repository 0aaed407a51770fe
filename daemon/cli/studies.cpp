// assistctl studies: a tool run many times over a grid of parameters.

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/until_ended.h"

namespace assistd::cli {
namespace {

std::string path_to(const std::string& id) {
    if (id.empty()) throw Failure(ExitCode::usage, "The id must not be empty.");
    return "/studies/" + HttpClient::escaped(id);
}

// Of a table of results, "study-2"; empty when there is no such table.
std::string study_of_table(const Context& context, const std::string& handle) {
    try {
        const Json artifact = context.api.get("/artifacts/" + HttpClient::escaped(handle));
        return field(artifact, "kind") == "study" ? field(artifact.value("metadata", Json::object()), "id")
                                                  : "";
    } catch (const Failure& failure) {
        if (failure.name() != "not_found") throw;
        return "";
    }
}

// A name belongs to whoever gave it: nothing keeps two studies from having the same.
std::string study_id(const Context& context, const std::string& name_or_id) {
    if (name_or_id.empty() || name_or_id.starts_with("study_")) return name_or_id;
    std::vector<std::string> found;
    ListOptions all;
    all.limit = 100;
    do {
        const Json page = context.api.get("/studies" + query_of(all, "state"));
        for (const Json& study : page.value("studies", Json::array()))
            if (field(study, "name") == name_or_id) found.push_back(field(study, "id"));
        all.cursor = field(page, "next_cursor");
    } while (!all.cursor.empty());
    if (found.size() == 1) return found.front();
    if (found.empty() && name_or_id.starts_with("study-"))
        if (std::string id = study_of_table(context, name_or_id); !id.empty()) return id;
    if (found.empty())
        throw Failure(ExitCode::failed, "There is no study \"" + name_or_id + "\".", "not_found_error",
                      "not_found");
    throw Failure(ExitCode::failed, fmt::format("{} studies are named \"{}\"; say which by its id: {}.",
                                                found.size(), name_or_id, fmt::join(found, ", ")));
}

std::string path_of(const Context& context, const std::string& name_or_id) {
    return path_to(study_id(context, name_or_id));
}

// 3, 0.5, true and [1, 2] are what they look like; everything else is text.
Json value_of(const std::string& text) {
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
}

// "NAME=VALUE" in two.
std::pair<std::string, std::string> parts_of(const std::string& text, const char* option, const char* form) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
        throw Failure(ExitCode::usage,
                      fmt::format("{} takes {}; \"{}\" is not of that form.", option, form, text));
    return {text.substr(0, sign), text.substr(sign + 1)};
}

Json values_of(std::string_view text) {
    Json values = Json::parse(text, nullptr, false);
    if (values.is_array()) return values;
    values = Json::array();
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        values.push_back(value_of(std::string(text.substr(0, comma))));
        if (comma == text.size()) return values;
        text.remove_prefix(comma + 1);
    }
}

std::string count(const Json& study, const char* what) {
    return field(study.value("counts", Json::object()), what);
}

// "12 of 50 runs, 1 failed, about 30 s left"
std::string progress_of(const Json& study) {
    std::string text = count(study, "completed") + " of " + field(study, "runs") + " runs completed";
    if (count(study, "failed") != "0") text += ", " + count(study, "failed") + " failed";
    const std::string waits_for = field(study, "waits_for");
    if (!waits_for.empty()) text += "; it waits: " + waits_for;
    const std::string left = field(study, "time_left_s");
    if (field(study, "status") == "running" && !left.empty() && left != "0")
        text += ", about " + left + " s left";
    return text;
}

std::string handle_of_table(const Json& study) {
    return field(study.value("table", Json::object()), "handle");
}

void print_study(Context& context, const Json& study) {
    print_fields(context, {{"id", field(study, "id")},
                           {"name", field(study, "name")},
                           {"tool", tool_of(context, study)},
                           {"then", tool_of(context, study, "then")},
                           {"same", brief(study.value("base_parameters", Json::object()))},
                           {"varied", brief(study.value("parameter_grid", Json::object()))},
                           {"seeds", field(study, "seeds_per_combination")},
                           {"first seed", field(study, "first_seed")},
                           {"status", field(study, "status")},
                           {"runs", progress_of(study)},
                           {"table", handle_of_table(study)},
                           {"created", when(field(study, "created_at"))},
                           {"finished", when(field(study, "finished_at"))}});
}

ExitCode wait_for(Context& context, const std::string& id) {
    Awaited awaited;
    awaited.path = path_to(id);
    awaited.has_ended = [](const Json& study) { return field(study, "status") != "running"; };
    awaited.how_far = progress_of;
    awaited.when_left =
        "The study goes on; see it with: " + context.api.program() + " studies show " + id + ".";
    if (!context.json) context.err << id << '\n';
    const Json study = until_ended(context, awaited);
    if (!as_json(context, study)) print_study(context, study);
    return field(study, "status") == "completed" ? ExitCode::good : ExitCode::failed;
}

ExitCode tell(Context& context, const Json& study) {
    if (!as_json(context, study)) print_study(context, study);
    return ExitCode::good;
}

std::string number(const Json& metric, const char* what) {
    const auto found = metric.find(what);
    return found != metric.end() && found->is_number() ? fmt::format("{:.6g}", found->get<double>()) : "-";
}

// A row for each number of each combination, under a heading.
std::vector<std::vector<std::string>> rows_of(const Json& combinations,
                                              const std::vector<std::string>& metrics) {
    std::vector<std::vector<std::string>> rows = {
        {"PARAMETERS", "NUMBER", "RUNS", "MEAN", "STD", "MIN", "MAX"}};
    for (const Json& combination : combinations) {
        const std::string parameters = brief(combination.value("parameters", Json::object()));
        const Json numbers = combination.value("metrics", Json::object());
        for (const auto& metric : numbers.items()) {
            if (!metrics.empty() && std::ranges::find(metrics, metric.key()) == metrics.end()) continue;
            rows.push_back({parameters, metric.key(), field(metric.value(), "count"),
                            number(metric.value(), "mean"), number(metric.value(), "std"),
                            number(metric.value(), "min"), number(metric.value(), "max")});
        }
    }
    return rows;
}

// Below the table, as sentences have no place in it.
void tell_warnings(Context& context, const Json& combinations) {
    for (const Json& combination : combinations)
        for (const Json& warning : combination.value("warnings", Json::array()))
            context.out << paragraph(context,
                                     fmt::format("{}: {} of {} runs warned: {}",
                                                 brief(combination.value("parameters", Json::object())),
                                                 field(warning, "runs"), field(combination, "completed"),
                                                 field(warning, "text")),
                                     2)
                        << '\n';
}

// Each once, with the runs that have it: most runs of a study warn of the same.
void tell_warnings_of_runs(Context& context, const Json& runs) {
    std::vector<std::pair<std::string, std::string>> told;  // the warning, and "1, 2"
    for (const Json& run : runs)
        for (const Json& warning : run.value("warnings", Json::array())) {
            const std::string text = warning.get<std::string>();
            const auto known = std::ranges::find(told, text, [](const auto& one) { return one.first; });
            if (known == told.end())
                told.emplace_back(text, field(run, "run"));
            else
                known->second += ", " + field(run, "run");
        }
    for (const auto& [text, which] : told) {
        const bool one = which.find(',') == std::string::npos;
        context.out << paragraph(context,
                                 fmt::format("{} {} {}: {}", one ? "Run" : "Runs", which,
                                             one ? "warns" : "warn", text),
                                 2)
                    << '\n';
    }
}

}  // namespace

ExitCode list_studies(Context& context, const ListOptions& options) {
    const Json page = context.api.get("/studies" + query_of(options, "state"));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {
        {"ID", "TOOL", "STATUS", "DONE", "CREATED", "TABLE", "NAME"}};
    for (const Json& study : page.value("studies", Json::array()))
        rows.push_back({field(study, "id"), tool_of(context, study), field(study, "status"),
                        field(study, "percent") + " %", when(field(study, "created_at")),
                        handle_of_table(study), field(study, "name")});
    if (options.all_users) add_users(rows, page.value("studies", Json::array()));
    print_list(context, page, rows, "There are no studies.");
    return ExitCode::good;
}

ExitCode create_study(Context& context, const StudyOptions& options) {
    Json body = {{"tool", options.tool}, {"seeds_per_combination", options.seeds}};
    if (!options.name.empty()) body["name"] = options.name;
    if (!options.then.empty()) body["then"] = options.then;
    if (!options.project.empty()) body["project_id"] = project_id(context, options.project);
    for (const std::string& text : options.same) {
        const auto [name, value] = parts_of(text, "--set", "NAME=VALUE");
        body["base_parameters"][name] = value_of(value);
    }
    for (const std::string& text : options.varied) {
        const auto [name, values] = parts_of(text, "--vary", "NAME=VALUE,VALUE,...");
        body["parameter_grid"][name] = values_of(values);
    }
    const Json study = context.api.post("/studies", body);
    return options.wait ? wait_for(context, field(study, "id")) : tell(context, study);
}

ExitCode show_study(Context& context, const std::string& study) {
    return tell(context, context.api.get(path_of(context, study)));
}

ExitCode list_study_runs(Context& context, const std::string& study, const ListOptions& options) {
    const Json page = context.api.get(path_of(context, study) + "/runs" + query_of(options, "state"));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"RUN", "STATUS", "PARAMETERS", "MADE", "SUMMARY"}};
    for (const Json& run : page.value("runs", Json::array())) {
        std::string made;
        for (const Json& handle : run.value("artifacts", Json::array()))
            made += (made.empty() ? "" : ", ") + handle.get<std::string>();
        rows.push_back({field(run, "run"), field(run, "status"),
                        brief(run.value("parameters", Json::object())), made, field(run, "summary")});
    }
    print_list(context, page, rows, "No run has ended yet.");
    tell_warnings_of_runs(context, page.value("runs", Json::array()));
    return ExitCode::good;
}

ExitCode show_study_results(Context& context, const std::string& study,
                            const std::vector<std::string>& metrics, bool csv) {
    constexpr int page_size = 100;
    const std::string path = path_of(context, study);
    Json all;
    for (int first = 0;; first += page_size) {
        Json page = context.api.get(fmt::format("{}/results?limit={}&first={}", path, page_size, first));
        const bool more = page.value("has_more", false);
        if (first == 0)
            all = std::move(page);
        else
            for (Json& combination : page["combinations"])
                all["combinations"].push_back(std::move(combination));
        if (!more) break;
    }
    all["has_more"] = false;
    if (as_json(context, all)) return ExitCode::good;
    const auto rows = rows_of(all.value("combinations", Json::array()), metrics);
    if (rows.size() == 1 && !metrics.empty() && count(all.value("study", Json::object()), "completed") != "0")
        throw Failure(ExitCode::failed, "No run reported such a number; without --metric all are listed.");
    if (!csv) {
        const std::string completed = count(all.value("study", Json::object()), "completed");
        print_list(context, Json::object(), rows,
                   completed == "0" || completed.empty()
                       ? "No run has completed yet."
                       : "The runs that completed (" + completed +
                             ") report no numbers; \"assistctl studies runs " + study +
                             "\" shows what they said.");
        tell_warnings(context, all.value("combinations", Json::array()));
        return ExitCode::good;
    }
    for (const auto& row : rows) {
        std::string line;
        for (const std::string& cell : row) line += (line.empty() ? "" : ",") + csv_cell(cell);
        context.out << in_terminal(context, line) << "\r\n";
    }
    return ExitCode::good;
}

// Of another's the name is not known.
ExitCode cancel_study(Context& context, const std::string& study, const std::string& user) {
    const std::string of = user.empty() ? "" : "?user=" + HttpClient::escaped(user);
    const std::string path = user.empty() ? path_of(context, study) : path_to(study);
    return tell(context, context.api.post(path + "/cancel" + of, Json::object()));
}

ExitCode retry_study(Context& context, const std::string& study) {
    return tell(context, context.api.post(path_of(context, study) + "/retry", Json::object()));
}

ExitCode delete_study(Context& context, const std::string& study) {
    const std::string id = study_id(context, study);
    context.api.remove(path_to(id));
    const Json deleted = {{"id", id}, {"deleted", true}};
    if (!as_json(context, deleted))
        context.out << "Deleted " << id << "; what its runs made is still there.\n";
    return ExitCode::good;
}

}  // namespace assistd::cli
