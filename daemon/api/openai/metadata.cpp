#include "api/openai/metadata.h"

#include <fmt/format.h>

#include "api/openai/errors.h"
#include "base/utf8.h"
#include "core/metadata.h"

namespace assistd::api::openai {
namespace {

constexpr std::size_t most_key_characters = 64;
constexpr std::size_t most_value_characters = 512;

// The pairs of the field, each checked.
Json read_pairs(const Field& field) {
    const Fields pairs(field);
    if (pairs.json().size() > core::most_metadata_pairs)
        refuse(field.path, fmt::format("{} may have at most {} pairs; it has {}.", field.path,
                                       core::most_metadata_pairs, pairs.json().size()));
    for (const auto& [key, value] : pairs.json().items()) {
        const std::string path = pairs.path_of(whole_characters(key, 80));
        if (count_characters(key) > most_key_characters)
            refuse(path, fmt::format("{} has a name of {} characters; {} are the most.", path,
                                     count_characters(key), most_key_characters));
        if (!value.is_null()) Field{&value, path}.text(most_value_characters);
    }
    return pairs.json();
}

}  // namespace

std::string read_metadata(const Fields& fields) {
    const auto field = fields.find("metadata");
    return field ? core::merged_metadata("{}", to_text(read_pairs(*field))) : "{}";
}

std::optional<std::string> read_metadata_patch(const Fields& fields) {
    if (fields.is_null("metadata")) return "null";
    const auto field = fields.find("metadata");
    if (!field) return std::nullopt;
    return to_text(read_pairs(*field));
}

Json render_metadata(const std::string& metadata) {
    Json pairs = Json::parse(metadata);
    for (auto& value : pairs)
        if (!value.is_string()) value = to_text(value);
    return pairs;
}

}  // namespace assistd::api::openai
