#pragma once
// Reads /etc/ld.so.cache, in which the loader finds libraries by their names. Pure but for reading the file.

#include <filesystem>
#include <map>
#include <string>

namespace assistd::check {

// Empty when there is none, or it has a form that is not known.
std::map<std::string, std::filesystem::path> read_loader_cache(const std::filesystem::path& file);

}  // namespace assistd::check
