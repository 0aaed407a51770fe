#pragma once
// The plugin that is checked, as far as it could be read. Value type, made by check_library.

#include <map>
#include <string>
#include <vector>

#include "tools/plugins/manifest.h"
#include "tools/plugins/manifest_examples.h"

namespace assistd::check {

struct PluginUnderTest {
    tools::Manifest manifest;
    std::map<std::string, std::vector<tools::ToolExample>> examples;  // by tool

    const std::vector<tools::ToolExample>& examples_of(const std::string& tool) const {
        static const std::vector<tools::ToolExample> none;
        const auto found = examples.find(tool);
        return found == examples.end() ? none : found->second;
    }
};

}  // namespace assistd::check
