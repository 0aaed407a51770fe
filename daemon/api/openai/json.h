#pragma once
// JSON as the OpenAI doors write it: keys in the order in which they are documented, and null where there is
// nothing. Pure functions.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/time.h"
#include "http/reply.h"

namespace assistd::api::openai {

using Json = nlohmann::ordered_json;

// What is no UTF-8 is replaced: it may come from a tool.
std::string to_text(const Json& json);
http::Reply json_reply(const Json& json, int status = 200);

// Seconds since 1970, and null for a time that has not come.
Json seconds_or_null(Timestamp time);
std::int64_t seconds(Timestamp time);

Json text_or_null(const std::string& text);
template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

}  // namespace assistd::api::openai
