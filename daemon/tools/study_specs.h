#pragma once
// What models are told of the tools for studies. Pure functions.

#include <memory>
#include <vector>

#include "core/tool.h"

namespace assistd::tools {

std::vector<std::shared_ptr<const core::ToolSpec>> study_specs();

}  // namespace assistd::tools
