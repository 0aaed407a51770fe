#pragma once
// How the log names a turn. A function without state.

#include <string>

#include "core/turn.h"

namespace assistd::core {

// With its conversation, when it is kept in one.
std::string name_in_log(const Turn& turn);

}  // namespace assistd::core
