#pragma once
// The short form of an artifact as JSON: the same in results of tools, which are stored, and in everything
// that people are told. Pure functions; any thread.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/artifact.h"

namespace assistd::core {

// Where its bytes are fetched.
std::string content_url(const std::string& handle);

nlohmann::ordered_json to_json(const ArtifactRef& artifact);

}  // namespace assistd::core
