#pragma once
// Whether the built-in provider understands a plugin's phrases and options.

#include "check/plugin_under_test.h"
#include "check/report.h"

namespace assistd::check {

void check_phrases(const PluginUnderTest& plugin, Report& report);

}  // namespace assistd::check
