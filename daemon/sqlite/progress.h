#pragma once
// How whoever opens a database is told that an upgrade goes on, which takes as long as the database is large.

#include <functional>
#include <string>

namespace assistd::sqlite {

// Called again and again on the opening thread, with what is being done ("Copying … before its upgrade").
// Throws nothing. May be empty.
using Progress = std::function<void(const std::string& doing)>;

}  // namespace assistd::sqlite
