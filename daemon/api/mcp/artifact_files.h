#pragma once
// Artifacts as the protocol's resources: their addresses, their descriptions and their bytes. Any thread.

#include <string>

#include "api/mcp/backend.h"
#include "api/mcp/wire.h"
#include "base/async.h"

namespace assistd::api::mcp {

// "assistd://artifacts/plot-3"
std::string uri_of(const std::string& handle);

// As a result of a tool links to it.
Json resource_link(const core::ArtifactRef& artifact);
// As which kind of content models are given the file itself, too: image or audio, while it is small; else
// empty.
std::string shown_as(const core::ArtifactRef& artifact);
// The whole file. Throws Error.
Task<std::string> bytes_of(const Backend& backend, core::Artifact artifact);

// The results of the methods. `not_found` is the error's code for an address that names nothing of the
// user's. Throw RpcError.
Task<Json> list_resources(const Backend& backend, core::Owner user, Json params);
Json list_templates();
Task<Json> read_resource(const Backend& backend, core::Owner user, Json params, int not_found);

}  // namespace assistd::api::mcp
