#include "api/query.h"

#include <charconv>

namespace assistd::api {

std::optional<std::string> Query::text(std::string_view key) {
    known_.emplace(key);
    std::optional<std::string> value;
    for (const auto& [name, given] : request_.query) {
        if (name != key) continue;
        if (value) {
            wrong(key, std::string(key) + " is given more than once.");
            return std::nullopt;
        }
        value = given;
    }
    return value;
}

std::optional<bool> Query::boolean(std::string_view key) {
    const auto value = text(key);
    if (!value) return std::nullopt;
    if (*value == "true") return true;
    if (*value == "false") return false;
    wrong(key, std::string(key) + " must be true or false; it is \"" + *value + "\".");
    return std::nullopt;
}

std::optional<std::int64_t> Query::number(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto value = text(key);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    if (error == std::errc() && end == value->data() + value->size() && number >= least && number <= most)
        return number;
    wrong(key, std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
                   std::to_string(most) + "; it is \"" + *value + "\".");
    return std::nullopt;
}

int Query::limit() {
    return static_cast<int>(number("limit", 1, 100).value_or(20));
}

std::string Query::cursor() {
    return text("cursor").value_or("");
}

void Query::wrong(std::string_view key, const std::string& sentence) {
    errors_.push_back({std::string(key), sentence});
}

void Query::finish() {
    for (const auto& [name, value] : request_.query)
        if (!known_.contains(name)) wrong(name, "There is no query key \"" + name + "\" here.");
    if (!errors_.empty())
        throw Error(ErrorCode::validation, "Some headers or query keys are wrong.", std::move(errors_));
}

}  // namespace assistd::api
