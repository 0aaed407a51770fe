#pragma once
// Analyses as artifacts: what is said of each, and how the same one is found again instead of being made
// twice. Used on the call's thread.

#include <optional>
#include <string>
#include <string_view>

#include "assistd/plugin.hpp"

namespace assistd::analysis {

// As in plugin.json. What another version found is not taken for an answer.
inline constexpr std::string_view plugin_version = "1.9.0";

// What makes two analyses the same one.
struct AnalysisKey {
    std::string type;    // "box_counting", "fraktal", "correlation"
    std::string tool;    // that makes it
    std::string source;  // the handle that it is made from
    Json parameters;     // as they are used: everything that the result depends on
};

// The metadata of an analysis with this result: all of its data, its key, its name and its line for people.
Json metadata_of(const AnalysisKey& key, const Result& result, const std::string& name);
// The data again.
Json data_of(Json metadata);

// The result of the newest stored analysis with this key, which then is what the call's result is about.
// Nothing when there is none, or when the daemon cannot tell.
std::optional<Result> stored_result(const Call& call, const AnalysisKey& key);

}  // namespace assistd::analysis
