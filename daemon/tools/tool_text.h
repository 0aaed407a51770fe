#pragma once
// How much text tools may come with. Models are told all of it with every message, so a plugin or a server
// with too much would leave no room for the conversation. Stateless.

#include "core/tool.h"

namespace assistd::tools {

// Bytes.
inline constexpr std::size_t longest_title = 200;
inline constexpr std::size_t longest_description = 16u << 10;
inline constexpr std::size_t longest_schema = 64u << 10;
// All tools of one plugin or one MCP server together: some 64,000 tokens.
inline constexpr std::size_t most_told = 256u << 10;

// What models are told of the tool, in bytes.
inline std::size_t told_of(const core::ToolSpec& tool) {
    return tool.name.size() + tool.description.size() + tool.input_schema.size();
}

}  // namespace assistd::tools
