#pragma once
// The files of plugin-api/template, built in. Immutable.

#include <map>
#include <string>

namespace assistd::cli {

// Texts by file name.
const std::map<std::string, std::string>& plugin_template();

}  // namespace assistd::cli
