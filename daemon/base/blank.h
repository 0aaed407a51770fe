#pragma once
// Whether a text says anything. Pure; any thread.

#include <string_view>

namespace assistd {

// Nothing but the white space of any script, and marks that show nothing.
bool is_blank(std::string_view text);

}  // namespace assistd
