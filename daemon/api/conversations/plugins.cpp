#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/deeds.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::conversations {
namespace {

core::PluginStatus plugin_in(const Services& services, const Request& request) {
    const std::string& id = request.path_value("plugin");
    for (core::PluginStatus& plugin : services.tools.plugins())
        if (plugin.id == id) return std::move(plugin);
    throw Error(ErrorCode::not_found, "There is no plugin \"" + id.substr(0, 80) + "\".");
}

// Where it lies on the server is an administrator's business; the file's name is everybody's.
Json told_to(const Request& request, core::PluginStatus plugin) {
    if (!request.rights.admin) plugin.file = plugin.file.substr(plugin.file.rfind('/') + 1);
    return render(plugin);
}

}  // namespace

Task<Reply> list_plugins(const Services& services, Request request) {
    Query(request).finish();
    Json plugins = Json::array();
    for (const core::PluginStatus& plugin : services.tools.plugins())
        plugins.push_back(told_to(request, plugin));
    Json json;
    json["count"] = plugins.size();
    json["plugins"] = std::move(plugins);
    co_return Reply::json(to_text(json));
}

Task<Reply> show_plugin(const Services& services, Request request) {
    Query(request).finish();
    co_return Reply::json(to_text(told_to(request, plugin_in(services, request))));
}

// A plugin that is left alone since it kept crashing runs again at once.
Task<Reply> release_plugin(const Services& services, Request request) {
    Query(request).finish();
    JsonBody(request, true).finish();
    const std::string id = plugin_in(services, request).id;
    services.tools.release_plugin(id);
    co_await note_deed(services.audit, request, "plugins.release", id, "");
    co_return Reply::json(to_text(render(plugin_in(services, request))));
}

// What it tells of its tools now is agreed to; one that waited for that is used from now on. {"changes"?}:
// those that were looked at, so that nothing else is agreed to that came since.
Task<Reply> approve_plugin(const Services& services, Request request) {
    Query(request).finish();
    JsonBody body(request, true);
    const auto seen = body.texts("changes", 10'000);
    body.finish();
    const core::PluginStatus plugin = plugin_in(services, request);
    const std::string& id = plugin.id;
    if (seen && *seen != plugin.changes)
        throw Error(ErrorCode::conflict,
                    "The plugin " + id + " tells other things by now; look at it again.");
    services.tools.approve_plugin(id);
    co_await note_deed(services.audit, request, "plugins.approve", id, plugin.version);
    co_return Reply::json(to_text(render(plugin_in(services, request))));
}

}  // namespace assistd::api::conversations
