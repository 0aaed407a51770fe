#pragma once
// Runs a quick example many times in one process of the plugin and looks for what each call leaves behind:
// descriptors and memory. One thread.

#include "check/example_checks.h"

namespace assistd::check {

void check_leaks(Caller& caller, const core::ToolSpec& tool, const std::vector<GoodExample>& good,
                 const Options& options, Report& report);

}  // namespace assistd::check
