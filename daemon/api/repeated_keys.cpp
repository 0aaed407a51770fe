#include "api/repeated_keys.h"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace assistd::api {

using nlohmann::json;

// Each key has the one colon that stands outside of a string.
std::size_t keys_in_text(std::string_view text) {
    std::size_t keys = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (in_string && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            in_string = !in_string;
        else if (text[i] == ':' && !in_string)
            ++keys;
    }
    return keys;
}

std::string repeated_key(const std::string& text) {
    std::vector<std::set<std::string>> open;  // the keys of the objects around
    std::string repeated;
    const auto look = [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key && repeated.empty() &&
            !open.back().insert(value.get<std::string>()).second)
            repeated = value.get<std::string>();
        return true;
    };
    [[maybe_unused]] const json parsed = json::parse(text, look);
    return repeated;
}

}  // namespace assistd::api
