#pragma once
// What an MCP server offers, as tools of ours: its own tools, and ways to its resources and prompts. Values
// and pure functions; any thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/tool.h"
#include "tools/mcp/mcp_headers.h"
#include "tools/mcp/message.h"
#include "tools/mcp/tool_names.h"

namespace assistd::tools::mcp {

struct OfferedTool {
    enum class Kind { own, list_resources, read_resource, list_prompts, get_prompt };
    Kind kind = Kind::own;
    std::string own_name;  // of the server
    std::shared_ptr<const core::ToolSpec> spec;
    std::vector<HeaderArgument> header_arguments;
};

// What the configuration and the server say of all of them.
struct Offering {
    std::string server;  // its name in the configuration
    std::string prefix;
    std::string version;
    std::vector<std::string> patterns;  // of the server's own names; empty: all are offered
    std::chrono::milliseconds time_limit{60'000};
    bool modern = false;
    bool has_resources = false;
    bool has_prompts = false;
    std::string instance;      // of the server, when it is an assistd (base/mcp_origin.h)
    std::string own_instance;  // of this daemon
};

struct OfferedTools {
    std::vector<OfferedTool> tools;
    std::vector<std::string> refusals;  // sentences
};

// `listed` are the members of tools/list. `before` is what was offered last: what has not changed stays the
// same object, so that nothing is compiled again.
OfferedTools offered_tools(const std::vector<Json>& listed, const Offering& offering, ToolNames& names,
                           const std::vector<OfferedTool>& before);

}  // namespace assistd::tools::mcp
