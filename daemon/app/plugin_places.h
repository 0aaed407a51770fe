#pragma once
// Where plugins, the programs that run them and the chat page are. Pure functions but for a look at the disk.

#include <filesystem>
#include <vector>

#include "base/config.h"
#include "core/tool.h"

namespace assistd::app {

// In the build tree the plugins and the host are beside the daemon, installed in the usual places.
std::filesystem::path own_plugin_folder();  // of the plugins that come with assistd
std::vector<std::filesystem::path> plugin_folders(const Config& config);
std::filesystem::path plugin_host();
std::filesystem::path text_extractor();
std::filesystem::path keeper();  // of the programs that are MCP servers
std::filesystem::path page_folder();

// The tools that a daemon with this configuration offers, its own among them: for those who only look. Runs
// no plugin's code; files that are no usable plugins are left out.
core::ToolSet installed_tools(const Config& config);

// Whether one of the configuration's plugin files has this id. So too.
bool is_installed(const Config& config, const std::string& plugin_id);

}  // namespace assistd::app
