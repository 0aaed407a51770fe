#include "api/openai/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace assistd::api::openai {

std::optional<std::string> QueryKeys::text(std::string_view key) const {
    const std::vector<std::string> given = texts(key);
    if (given.size() > 1) refuse(std::string(key), fmt::format("{} is given more than once.", key));
    if (given.empty() || given.front().empty()) return std::nullopt;
    return given.front();
}

std::optional<std::int64_t> QueryKeys::integer(std::string_view key, std::int64_t least,
                                               std::int64_t most) const {
    const auto given = text(key);
    if (!given) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
    if (error == std::errc() && end == given->data() + given->size() && number >= least && number <= most)
        return number;
    refuse(std::string(key), fmt::format("{} must be a whole number from {} to {}; it is \"{}\".", key, least,
                                         most, whole_characters(*given, 80)));
}

std::optional<std::string> QueryKeys::choice(std::string_view key,
                                             std::initializer_list<std::string_view> names) const {
    const auto given = text(key);
    if (!given) return std::nullopt;
    const Json value = *given;
    return Field{&value, std::string(key)}.choice(names);
}

std::vector<std::string> QueryKeys::texts(std::string_view key) const {
    std::vector<std::string> texts;
    for (const auto& [name, value] : request_.query)
        if (name == key) texts.push_back(value);
    return texts;
}

void QueryKeys::refuse_id(std::string_view key, std::string_view given, std::string_view of_what) {
    refuse(std::string(key), fmt::format("{} must be the id of {}; \"{}\" is none.", key, of_what,
                                         whole_characters(given, 80)));
}

}  // namespace assistd::api::openai
