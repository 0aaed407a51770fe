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

struct OpenedArguments {
    Arguments arguments;
    std::vector<OpenArtifact> artifacts;
};
// Opens the artifacts that the arguments name, each once, and writes their handles where an id was given. An
// artifact that is not there, is another owner's or has the wrong kind is an error of the arguments; so is a
// job in place of what it makes.
Task<OpenedArguments> open_artifacts(std::shared_ptr<const RegisteredTool> tool, Arguments arguments,
                                     core::Owner owner, core::Artifacts& artifacts,
                                     core::Jobs* jobs = nullptr);

}  // namespace assistd::tools
