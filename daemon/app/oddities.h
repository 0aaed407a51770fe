#pragma once
// What is odd about a configuration that is good all the same: it names what is not there, which may come
// later, or models that have little room. Pure functions; any thread.

#include <functional>
#include <string>
#include <vector>

#include "base/config.h"
#include "core/tool.h"

namespace assistd::app {

using HasPlugin = std::function<bool(const std::string& id)>;

// A sentence for each tool, category and plugin that is named and of which nothing is there, nor may yet be
// told of by an MCP server.
std::vector<std::string> named_in_vain(const Config& config, const core::ToolSet& tools,
                                       const HasPlugin& has_plugin);

using KnowsUser = std::function<bool(const std::string& name)>;
// A sentence for each user that limits and rules name and that is none.
std::vector<std::string> users_named_in_vain(const Config& config, const KnowsUser& knows);

// What is named in vain of tools, and a sentence for each model with too little room (model_windows.h).
std::vector<std::string> oddities_of(const Config& config, const core::ToolSet& tools,
                                     const HasPlugin& has_plugin);

}  // namespace assistd::app
