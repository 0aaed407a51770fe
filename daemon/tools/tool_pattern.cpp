#include "tools/tool_pattern.h"

#include <algorithm>

namespace assistd::tools {
namespace {

bool has_effect(const core::ToolEffects& effects, std::string_view name) {
    if (name == "reads") return effects.reads;
    if (name == "writes") return effects.writes;
    if (name == "network") return effects.network;
    return name == "destructive" && effects.destructive;
}

}  // namespace

// Each star takes as little as it can; when the rest does not fit, the last star takes one more.
bool fits(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken = 0;  // where the last star's text ends
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool is_about(const ToolPattern& pattern, const core::ToolSpec& tool) {
    switch (pattern.kind) {
        case ToolPattern::Kind::name:
            return fits(pattern.text, tool.name);
        case ToolPattern::Kind::category:
            return fits(pattern.text, tool.category);
        case ToolPattern::Kind::plugin:
            return fits(pattern.text, tool.plugin);
        case ToolPattern::Kind::effect:
            return has_effect(tool.effects, pattern.text);
    }
    return false;
}

bool is_about(std::span<const ToolPattern> patterns, const core::ToolSpec& tool) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const ToolPattern& pattern) { return is_about(pattern, tool); });
}

bool is_built_in(const core::ToolSpec& tool) {
    return tool.plugin == "assistd";
}

}  // namespace assistd::tools
