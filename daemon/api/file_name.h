#pragma once
// Names of files that people send and fetch. Pure functions; any thread.

#include <string>
#include <string_view>

namespace assistd::api {

// A name that is safe to offer as a file name on any system: the last part of a path, at most 255 bytes of
// UTF-8 without control characters, never empty.
std::string safe_file_name(std::string_view name);

// The header Content-Disposition for a download by this name (RFC 6266): in full, and in ASCII for clients
// that know nothing else.
std::string attachment(const std::string& name);

}  // namespace assistd::api
