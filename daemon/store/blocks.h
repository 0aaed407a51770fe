#pragma once
// A message's blocks as the JSON text that is stored. Pure functions, any thread.

#include <string>
#include <string_view>
#include <vector>

#include "core/message.h"

namespace assistd::store {

// Bytes that are no UTF-8 become replacement characters.
std::string blocks_to_json(const std::vector<core::Block>& blocks);
// Throws Error{unavailable} for a text that blocks_to_json cannot have written: the database is damaged.
std::vector<core::Block> blocks_from_json(std::string_view json);

}  // namespace assistd::store
