#pragma once
// Files on their way to the daemon and from it. One thread.

#include <string>

#include "cli/commands.h"

namespace assistd::cli {

// Uploads a file to "/documents" or "/artifacts"; returns what the daemon says of it.
Json upload(const Context& context, const std::string& to, const std::string& path);

// The artifact's own name, when nothing in this folder has it.
std::string free_name_of(const Context& context, const std::string& handle);

// Downloads an artifact to `path`, "-" for standard output, by way of a file beside it, so that a download
// that breaks or is stopped with Ctrl-C leaves nothing behind under either name. What is no file, a device or
// a pipe, is written to itself, and a link is followed. Returns its size.
long long download(const Context& context, const std::string& handle, const std::string& path);

}  // namespace assistd::cli
