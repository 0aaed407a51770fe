#pragma once
// Days as people name them, for options that take one.

#include <string>

namespace assistd::cli {

// "today", "yesterday" and "7d", so many days ago, as 2026-03-01: of the daemon's days, which are UTC's. What
// is none of these is left to the daemon, which says what it takes.
std::string day_named(const std::string& text);

}  // namespace assistd::cli
