#pragma once
// What a schema comes to once its references are followed, looked at before it is handed to the judge, which
// follows them without asking how far. Pure functions; any thread.

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace assistd::tools {

// Throws Error{validation} with a sentence when a reference leads back to itself without a step into a
// property or an item, when the references multiply beyond reason, or when a pattern is none.
void check_expansion(const nlohmann::json& schema);

// Whether a group that repeats something is repeated without end itself, as in (a+)+: the matcher may then
// try every way to share a text out between the two.
bool may_take_for_ever(std::string_view pattern);

}  // namespace assistd::tools
