#include "providers/json_read.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_depth.h"
#include "base/json_text.h"
#include "providers/error_text.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {

using nlohmann::json;

const json* member(const json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string_view text_of(const json& object, const char* key) {
    const json* value = member(object, key);
    if (value == nullptr || !value->is_string()) return {};
    return value->get_ref<const std::string&>();
}

std::optional<std::int64_t> count_of(const json& object, const char* key) {
    const json* value = member(object, key);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    constexpr double most = 1e15;
    return static_cast<std::int64_t>(std::clamp(value->get<double>(), 0.0, most));
}

std::optional<std::int64_t> integer_of(const json& object, const char* key) {
    const json* value = member(object, key);
    if (value == nullptr || !value->is_number_integer()) return std::nullopt;
    return value->get<std::int64_t>();
}

json parse_object(std::string_view data) {
    if (is_nested_too_deeply(data))
        throw UpstreamError(UpstreamFault::reply,
                            fmt::format("sent JSON that is nested deeper than {} levels", deepest_json));
    json parsed = json::parse(data, nullptr, false);
    if (parsed.is_discarded()) parsed = json::parse(repair_json(data), nullptr, false);
    if (!parsed.is_object()) {
        const char* what = parsed.is_discarded() ? "JSON" : "a chunk";
        throw UpstreamError(UpstreamFault::reply,
                            fmt::format("sent something that is not {}: {}", what, on_one_line(data)));
    }
    return parsed;
}

bool is_json_object(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{' && json::accept(text);
}

}  // namespace assistd::providers
