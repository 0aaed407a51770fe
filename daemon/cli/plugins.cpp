// assistctl plugins: the plugin files and how they do.

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {

ExitCode list_plugins(Context& context) {
    const Json page = context.api.get("/plugins");
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"PLUGIN", "VERSION", "STATE", "TOOLS", "NOTE"}};
    for (const Json& plugin : page.value("plugins", Json::array())) {
        const std::string id = field(plugin, "id");
        rows.push_back({id.empty() ? field(plugin, "file") : id, field(plugin, "version"),
                        field(plugin, "state"), std::to_string(plugin.value("tools", Json::array()).size()),
                        field(plugin, "reason")});
    }
    print_list(context, page, rows, "There are no plugins.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode release_plugin(Context& context, const std::string& id) {
    const Json plugin = context.api.post("/plugins/" + HttpClient::escaped(id) + "/release", Json::object());
    if (as_json(context, plugin)) return ExitCode::good;
    context.out << harmless(id) << " is " << harmless(field(plugin, "state")) << ".\n";
    return ExitCode::good;
}

}  // namespace assistd::cli
