#pragma once
// A guard for JSON that comes from outside. Pure; any thread.

#include <string_view>

namespace assistd {

inline constexpr int deepest_json = 64;

// True when arrays and objects are nested deeper than that, which no input of ours needs and which would
// overflow the stacks of those who walk the parsed value. Does not check that the text is JSON.
bool is_nested_too_deeply(std::string_view json);

}  // namespace assistd
