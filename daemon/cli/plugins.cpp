// assistctl plugins: the plugin files and how they do.

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {

namespace {

std::string path_to(const std::string& id) {
    return "/plugins/" + HttpClient::escaped(id);
}

std::string note_on(const Json& plugin) {
    const std::string reason = field(plugin, "reason");
    const std::size_t changes = plugin.value("changes", Json::array()).size();
    if (changes == 0 || field(plugin, "state") == "waiting") return reason;
    return reason + (reason.empty() ? "" : " ") + std::to_string(changes) +
           (changes == 1 ? " change" : " changes") + " that nobody has agreed to: assistctl plugins show " +
           field(plugin, "id") + ".";
}

void print_changes(Context& context, const Json& plugin) {
    const Json changes = plugin.value("changes", Json::array());
    if (!changes.empty()) context.out << "\nIt tells other things than somebody agreed to:\n";
    for (const Json& change : changes)
        context.out << paragraph(context, change.get<std::string>(), 2) << '\n';
}

}  // namespace

ExitCode list_plugins(Context& context) {
    const Json page = context.api.get("/plugins");
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"PLUGIN", "VERSION", "STATE", "TOOLS", "NOTE"}};
    for (const Json& plugin : page.value("plugins", Json::array())) {
        const std::string id = field(plugin, "id");
        rows.push_back({id.empty() ? field(plugin, "file") : id, field(plugin, "version"),
                        field(plugin, "state"), std::to_string(plugin.value("tools", Json::array()).size()),
                        note_on(plugin)});
    }
    print_list(context, page, rows, "There are no plugins.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode release_plugin(Context& context, const std::string& id) {
    const Json plugin = context.api.post(path_to(id) + "/release", Json::object());
    if (as_json(context, plugin)) return ExitCode::good;
    context.out << harmless(id) << " is " << harmless(field(plugin, "state")) << ".\n";
    return ExitCode::good;
}

ExitCode show_plugin(Context& context, const std::string& id) {
    const Json plugin = context.api.get(path_to(id));
    if (as_json(context, plugin)) return ExitCode::good;
    std::string tools;
    for (const Json& tool : plugin.value("tools", Json::array()))
        tools += (tools.empty() ? "" : ", ") + tool.get<std::string>();
    print_fields(context, {{"id", field(plugin, "id")},
                           {"version", field(plugin, "version")},
                           {"file", field(plugin, "file")},
                           {"state", field(plugin, "state")},
                           {"note", field(plugin, "reason")},
                           {"tools", tools}});
    print_changes(context, plugin);
    return ExitCode::good;
}

// What is agreed to is what is printed, and nothing that came since.
ExitCode approve_plugin(Context& context, const std::string& id) {
    const Json before = context.api.get(path_to(id));
    if (!context.json) print_changes(context, before);
    const Json seen = {{"changes", before.value("changes", Json::array())}};
    const Json plugin = context.api.post(path_to(id) + "/approve", seen);
    if (as_json(context, plugin)) return ExitCode::good;
    context.out << harmless(id) << ' ' << harmless(field(plugin, "version")) << " is "
                << harmless(field(plugin, "state")) << ".\n";
    return ExitCode::good;
}

}  // namespace assistd::cli
