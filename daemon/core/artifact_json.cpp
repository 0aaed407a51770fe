#include "core/artifact_json.h"

#include <nlohmann/json.hpp>

namespace assistd::core {

std::string content_url(const std::string& handle) {
    return "/api/v1/ai/artifacts/" + handle + "/content";
}

nlohmann::ordered_json to_json(const ArtifactRef& artifact) {
    return {{"id", artifact.id.text()},
            {"handle", artifact.handle},
            {"kind", artifact.kind},
            {"name", artifact.name},
            {"media_type", artifact.media_type},
            {"size", artifact.size},
            {"url", content_url(artifact.handle)}};
}

}  // namespace assistd::core
