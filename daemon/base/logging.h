#pragma once
// The daemon's log: one line per event, "sentence key=value …". Where it goes and how a line looks:
// log_output.h. What a line belongs to is added by itself (activity.h). Thread-safe. Secrets never reach it:
// whoever holds a key never formats it.

#include <spdlog/spdlog.h>

#include <string>

namespace assistd::log {

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

void set_level(const std::string& level);  // from now on

}  // namespace assistd::log
