#pragma once
// A plugin's manifest, plugin.json, checked: what plugin-api/README.md says, and nothing beside it. Value
// type.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/tool.h"

namespace assistd::tools {

inline constexpr std::size_t max_manifest_bytes = 1u << 20;

struct Manifest {
    std::string id;
    std::string name;
    std::string version;
    int abi_major = 0;
    int abi_minor = 0;
    std::string licence;
    std::string description;
    std::vector<std::shared_ptr<const core::ToolSpec>> tools;
};

// Reads manifest text. Throws Error{validation}; its message is the end of a sentence that begins with the
// file's name and names the place and what is wrong ("has a manifest that is not valid: tools[0].name is
// missing."). Which ABI versions can be loaded is not checked here.
Manifest parse_manifest(std::string_view text);

}  // namespace assistd::tools
