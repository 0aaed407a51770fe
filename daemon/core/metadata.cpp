#include "core/metadata.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace assistd::core {

std::string merged_metadata(const std::string& before, const std::string& patch) {
    const auto changes = nlohmann::ordered_json::parse(patch);
    if (changes.is_null()) return "{}";
    auto pairs = nlohmann::ordered_json::parse(before);
    // Other doors keep what they like: only growing beyond the limit is refused.
    const std::size_t most = std::max(most_metadata_pairs, pairs.size());
    for (const auto& [key, value] : changes.items()) {
        if (value.is_null())
            pairs.erase(key);
        else
            pairs[key] = value;
    }
    if (pairs.size() > most) {
        const std::string sentence = "metadata may have at most " + std::to_string(most_metadata_pairs) +
                                     " pairs; with what is there already it would have " +
                                     std::to_string(pairs.size()) + ".";
        throw Error(ErrorCode::validation, sentence, {{"metadata", sentence}});
    }
    return pairs.dump();
}

}  // namespace assistd::core
