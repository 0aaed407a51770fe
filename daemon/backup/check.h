#pragma once
// Looks at all that a state folder holds while a daemon uses it: is each database sound, do the indexes fit
// what they index, and are the artifacts' files there. Blocks; on a thread of its own.

#include <filesystem>
#include <functional>
#include <vector>

#include "core/data_care.h"

namespace assistd::backup {

struct Checked {
    core::DataReport report;
    // Contents in the folder that no artifact has, by SHA-256; the youngest are left out, which may be on
    // their way into the database.
    std::vector<std::string> orphans;
};

// Changes nothing. `between` is called after each piece of work, and may throw to give up.
Checked check(const std::filesystem::path& state, bool contents, const std::function<void()>& between);

}  // namespace assistd::backup
