#pragma once
// Names that nobody can guess, for what whoever knows the name may use. Pure; any thread.

#include <string>

namespace assistd::api {

// 32 hexadecimal digits from the system's random source. Throws Error{unavailable} without one.
std::string random_id();

}  // namespace assistd::api
