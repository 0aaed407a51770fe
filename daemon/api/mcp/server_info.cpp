#include "api/mcp/server_info.h"

#include "api/mcp/revision.h"
#include "base/mcp_origin.h"

namespace assistd::api::mcp {
namespace {

constexpr const char* instructions =
    "Tools of an assistd daemon. Files that a tool makes are artifacts: a result links to them, and other "
    "tools "
    "take them by their handle, such as simulation-1.";

Json server_info() {
    return {{"name", "assistd"}, {"title", "assistd"}, {"version", ASSISTD_VERSION}};
}

void tell_instance(Json& result, const std::string& instance) {
    if (!instance.empty()) result["_meta"][mcp_instance_key] = instance;
}

Json capabilities() {
    Json all;
    all["logging"] = Json::object();
    all["resources"] = Json::object();
    all["tools"]["listChanged"] = true;
    return all;
}

}  // namespace

Json initialize_result(const std::string& revision, const std::string& instance) {
    Json result = {{"protocolVersion", revision}};
    result["capabilities"] = capabilities();
    result["serverInfo"] = server_info();
    result["instructions"] = instructions;
    tell_instance(result, instance);
    return result;
}

Json discover_result(const std::string& instance) {
    Json result;
    result["supportedVersions"] = Json::array({modern_revision});
    result["capabilities"] = capabilities();
    result["instructions"] = instructions;
    tell_instance(result, instance);
    return result;
}

Json modern_result(Json result) {
    if (!result.contains("resultType")) result["resultType"] = "complete";
    result["_meta"]["io.modelcontextprotocol/serverInfo"] = server_info();
    return result;
}

Json cached(Json result, std::int64_t milliseconds, bool for_everybody) {
    result["ttlMs"] = milliseconds;
    result["cacheScope"] = for_everybody ? "public" : "private";
    return result;
}

}  // namespace assistd::api::mcp
