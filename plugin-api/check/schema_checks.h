#pragma once
// Whether the schemas of a plugin's tools can be used, and whether their defaults fit them. Runs no plugin
// code. One thread.

#include "check/plugin_under_test.h"
#include "check/report.h"

namespace assistd::check {

void check_schemas(const PluginUnderTest& plugin, Report& report);

}  // namespace assistd::check
