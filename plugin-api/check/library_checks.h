#pragma once
// What can be said of a plugin's file without running any of it: owner and rights, format, manifest, names,
// the libraries that it needs. One thread.

#include <optional>

#include "check/options.h"
#include "check/plugin_under_test.h"
#include "check/report.h"

namespace assistd::check {

// Nothing when it could not be read far enough to go on, which the report then says.
std::optional<PluginUnderTest> check_library(const Options& options, Report& report);

}  // namespace assistd::check
