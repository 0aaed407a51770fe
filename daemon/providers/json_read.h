#pragma once
// Reading JSON that a server sent and nobody checked: what is missing, null or of another type reads as
// nothing. Pure functions.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace assistd::providers {

// A member that is there and not null, else null.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

// A string member, or "".
std::string_view text_of(const nlohmann::json& object, const char* key);

// A number member as a count of something: never negative, never absurd.
std::optional<std::int64_t> count_of(const nlohmann::json& object, const char* key);

// An integer member.
std::optional<std::int64_t> integer_of(const nlohmann::json& object, const char* key);

// Servers that cut a character in two send halves of it; those are repaired. Throws UpstreamError{reply} for
// what is no JSON object.
nlohmann::json parse_object(std::string_view data);

// Whether the text is a JSON object, such as the arguments of a call must be.
bool is_json_object(std::string_view text);

}  // namespace assistd::providers
