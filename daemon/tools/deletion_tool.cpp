#include "tools/deletion_tool.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tools/builtin_specs.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

const char* const deletion_schema = R"json({
    "type": "object", "additionalProperties": false, "required": ["artifacts"], "properties": {
        "artifacts": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "format": "artifact"},
                      "description": "What to delete, by handle, such as simulation-3 or document-1"}}})json";

std::shared_ptr<const core::ToolSpec> deletion_spec() {
    const auto spec = own_tool(
        "delete_artifacts", "Delete artifacts",
        "Deletes files that tools have made or people have uploaded, for good, documents with what is found "
        "in them. What was made of them stays. Only when the user asks for it.",
        deletion_schema,
        {"(delete|remove|erase|discard) {artifacts}",
         "(delete|remove|erase|discard) (artifact|artifacts|file|files) {artifacts}",
         "(get rid of|throw away) {artifacts}", "throw {artifacts} away"});
    spec->effects.reads = false;
    spec->effects.writes = true;
    spec->effects.destructive = true;
    spec->effects.idempotent = false;
    return spec;
}

}  // namespace

std::vector<std::shared_ptr<const core::ToolSpec>> deletion_specs() {
    return {deletion_spec()};
}

DeletionTool::DeletionTool(core::Artifacts& artifacts, core::Knowledge& knowledge)
    : artifacts_(artifacts), knowledge_(knowledge), specs_(deletion_specs()) {}

Task<SourceResult> DeletionTool::call(SourceCall call, core::ProgressSink /*progress*/) {
    json deleted = json::array();
    std::string names;
    for (const OpenArtifact& open : call.artifacts) {
        const core::Artifact& artifact = open.artifact;
        try {
            co_await artifacts_.remove(call.call.owner, artifact.handle);
        } catch (const Error& error) {
            // Somebody else deleted it meanwhile.
            if (error.code() != ErrorCode::not_found) throw;
        }
        co_await knowledge_.forget_file(call.call.owner, artifact.id);
        const bool last = deleted.size() + 1 == call.artifacts.size();
        names += (names.empty() ? "" : last ? " and " : ", ") + artifact.handle;
        deleted.push_back(artifact.handle);
    }
    SourceResult result;
    result.success = true;
    result.data = json{{"deleted", std::move(deleted)}}.dump();
    result.summary = "Deleted " + names + ".";
    co_return result;
}

}  // namespace assistd::tools
