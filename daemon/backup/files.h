#pragma once
// Reading and writing files, with sentences about what fails. Functions; any thread.

#include <filesystem>
#include <string_view>

#include "base/unique_fd.h"

namespace assistd::backup {

// All of them throw Error{unavailable}; `path` is for the sentence.

// A file for reading and writing that is gone when it is closed, on the folder's file system.
UniqueFd unnamed_file(const std::filesystem::path& folder);
// None at the end.
std::size_t read_some(int file, char* to, std::size_t size, const std::filesystem::path& path);
void write_all(int file, std::string_view bytes, const std::filesystem::path& path);

}  // namespace assistd::backup
