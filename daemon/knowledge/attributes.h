#pragma once
// What people say of their files, and which of them a filter lets through. Pure functions.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/knowledge.h"

namespace assistd::knowledge {

using Attributes = std::map<std::string, core::AttributeValue>;

// Of a JSON object; members that are no string, number or boolean are left out. Null for none.
std::shared_ptr<const Attributes> parse_attributes(std::string_view json);

bool matches(const core::AttributeFilter& filter, const Attributes* attributes);

}  // namespace assistd::knowledge
