#pragma once
// Results of tools that are too long for a model, cut to their beginning with a note that says so. What is
// stored stays whole. Pure functions.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/recent_histories.h"

namespace assistd::core {

// The "data" of a result that is too long: {"truncated": true, "bytes", "note", "artifact"?, "beginning"}.
// `beginning` is text, at most `kept` bytes of `content`; `handle` is where the whole is, empty: nowhere that
// the model could read.
std::string truncated_data(std::string_view content, std::size_t kept, const std::string& handle);

// Shortens the longest results until about `tokens` are saved or nothing long is left; the messages are
// replaced, not changed. Returns the estimated tokens that were saved.
std::int64_t shorten_results(std::span<MessagePtr> messages, std::int64_t tokens);

}  // namespace assistd::core
