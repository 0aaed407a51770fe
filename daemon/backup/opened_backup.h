#pragma once
// A backup that is read: is it whole, and is each file in it what its manifest says. One thread; blocks.

#include <filesystem>
#include <functional>
#include <optional>

#include "backup/manifest.h"

namespace assistd::backup {

// Reads a whole backup; with `into`, its files are written below that folder. Throws Error{invalid_request}
// with what is wrong with it; what was written by then is the caller's to remove. `between` is called after
// each piece and may throw.
Manifest open_backup(int file, const std::optional<std::filesystem::path>& into,
                     const std::function<void()>& between);

}  // namespace assistd::backup
