#pragma once
// The examples of a manifest's tools: calls that show what a tool does, and by which a plugin is checked.
// Value types.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tool.h"

namespace assistd::tools {

// An artifact that the example's arguments name.
struct ExampleArtifact {
    std::string handle;  // "simulation-1"
    std::string kind;    // "simulation"
    std::string name;
    std::string media_type;
    std::string metadata = "{}";  // JSON object
    std::string bytes;
    std::string file;  // when this is set: a path whose content are the bytes
};

struct ToolExample {
    std::string title;      // may be empty
    std::string arguments;  // JSON object
    std::vector<ExampleArtifact> artifacts;
    std::optional<core::ToolErrorType> fails;  // how the call is to fail; unset: it succeeds
};

// Reads the value of "examples", which stands at `where`. Throws as parse_manifest does. Whether arguments
// fit the tool's schema is not looked at.
std::vector<ToolExample> read_examples(const nlohmann::json& examples, const std::string& where);

// As people see them (core::ToolSpec::examples): without the bytes of artifacts.
std::string shown_examples(const std::vector<ToolExample>& examples);

}  // namespace assistd::tools
