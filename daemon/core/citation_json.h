#pragma once
// Citations as JSON text, as they are stored, and the passages in what file_search gave a model. Pure
// functions.

#include <string>
#include <string_view>
#include <vector>

#include "core/citations.h"

namespace assistd::core {

std::string text_of(const std::vector<Citation>& citations);  // empty for none
std::vector<Citation> citations_from(std::string_view text);

}  // namespace assistd::core
