#pragma once
// The pairs of texts that clients keep with assistants, threads, messages and runs. Pure functions.

#include <string>

namespace assistd::core {

inline constexpr std::size_t most_metadata_pairs = 16;

// A JSON object with the pairs of another merged into it: a null removes its key, and the JSON text "null"
// removes all. Throws Error{validation} for the field "metadata" when there would be too many pairs.
std::string merged_metadata(const std::string& before, const std::string& patch);

}  // namespace assistd::core
