#include "api/openai/json.h"

namespace assistd::api::openai {

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

http::Reply json_reply(const Json& json, int status) {
    return http::Reply::json(to_text(json), status);
}

std::int64_t seconds(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Json seconds_or_null(Timestamp time) {
    return time == Timestamp() ? Json() : Json(seconds(time));
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

}  // namespace assistd::api::openai
