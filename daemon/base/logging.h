#pragma once
// Structured enough logging: one line per event on standard error, "level message key=value …".
// Thread-safe. Secrets never reach it: whoever holds a key never formats it.

#include <spdlog/spdlog.h>

namespace assistd::log {

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

// Sends every later line to standard error; `level` is one of debug, info, warn, error.
void start(const std::string& level);
void set_level(const std::string& level);  // from now on

}  // namespace assistd::log
