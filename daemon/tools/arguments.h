#pragma once
// The arguments of one call: read, completed with the schema's defaults, checked, and its artifacts looked
// up. Pure functions; any thread.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.h"
#include "tools/registry.h"

namespace assistd::tools {

struct Arguments {
    nlohmann::json value;
    std::string text;                // the value as JSON text
    std::vector<FieldError> errors;  // empty: everything fits
};

// Blank text counts as {}.
Arguments read_arguments(const RegisteredTool& tool, std::string text);

// Opens the artifacts that the arguments name, each once, and writes their handles where an id was given. An
// artifact that is not there, is another owner's or has the wrong kind is an error of the arguments.
Task<std::vector<OpenArtifact>> open_artifacts(const RegisteredTool& tool, Arguments& arguments,
                                               const core::Owner& owner, core::Artifacts& artifacts);

}  // namespace assistd::tools
