#pragma once
// What stands where a file should: reading a FIFO or a device may wait for ever. Functions without state.

#include <filesystem>
#include <string>

namespace assistd {

// Such as "a FIFO", for a sentence; empty: a file, or nothing is there.
std::string odd_kind_of(const std::filesystem::path& path);

}  // namespace assistd
