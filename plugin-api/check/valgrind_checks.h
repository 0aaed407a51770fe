#pragma once
// Runs the examples under valgrind, a program of its own, outside the sandbox, and reports the memory that is
// lost or used wrongly, by tool. One thread.

#include "check/options.h"
#include "check/plugin_under_test.h"
#include "check/report.h"

namespace assistd::check {

void check_under_valgrind(const Options& options, const PluginUnderTest& plugin, Report& report);

}  // namespace assistd::check
