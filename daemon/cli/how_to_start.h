#pragma once
// How a daemon that does not answer is started, in words for a sentence. Pure functions.

#include <filesystem>
#include <string>

namespace assistd::cli {

// By the folder that the programs are installed in: the service's command where there is one, run.sh where
// they were built, and the daemon's own name elsewhere.
std::string how_to_start(const std::filesystem::path& prefix);
// The same for this program's own.
std::string how_to_start();

}  // namespace assistd::cli
