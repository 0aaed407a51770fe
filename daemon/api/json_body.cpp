#include "api/json_body.h"

#include <nlohmann/json.hpp>

#include "api/repeated_keys.h"
#include "base/json_depth.h"

namespace assistd::api {

using nlohmann::json;

namespace {

// "an array", "a number"
std::string kind_of(const json& value) {
    const std::string name = value.type_name();
    return (name == "array" || name == "object" ? "an " : "a ") + name;
}

}  // namespace

JsonBody::JsonBody(const http::Request& request, bool may_be_empty) {
    if (request.body.empty() && may_be_empty) {
        json_ = std::make_unique<json>(json::object());
        return;
    }
    if (request.body.empty())
        throw Error(ErrorCode::invalid_request, "The request needs a JSON object as its body.");
    if (is_nested_too_deeply(request.body))
        throw Error(ErrorCode::invalid_request, "The body is nested too deeply.");
    try {
        json_ = std::make_unique<json>(json::parse(request.body));
    } catch (const json::parse_error& error) {
        throw Error(ErrorCode::invalid_request,
                    "The body is no valid JSON: it breaks at byte " + std::to_string(error.byte) + ".");
    } catch (const json::out_of_range&) {
        throw Error(ErrorCode::invalid_request, "The body has a number that is too large for a double.");
    }
    if (!json_->is_object())
        throw Error(ErrorCode::invalid_request,
                    "The body must be a JSON object; it is " + kind_of(*json_) + ".");
    // The parser keeps the last of several members with one name.
    if (keys_in_text(request.body) != keys_in_value(*json_))
        throw Error(ErrorCode::invalid_request,
                    "The body has the key \"" + repeated_key(request.body) + "\" twice in one object.");
}

JsonBody::~JsonBody() = default;

const json* JsonBody::find(std::string_view field) {
    known_.emplace(field);
    const auto found = json_->find(field);
    return found == json_->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> JsonBody::text(std::string_view field, std::size_t max_size) {
    const json* value = find(field);
    if (!value) return std::nullopt;
    if (!value->is_string()) {
        wrong(field, std::string(field) + " must be a string; it is " + kind_of(*value) + ".");
        return std::nullopt;
    }
    auto text = value->get<std::string>();
    if (text.find('\0') != std::string::npos) {
        wrong(field, std::string(field) + " must not contain the character U+0000.");
        return std::nullopt;
    }
    if (text.size() > max_size) {
        wrong(field, std::string(field) + " may have at most " + std::to_string(max_size) +
                         " bytes; it has " + std::to_string(text.size()) + ".");
        return std::nullopt;
    }
    return text;
}

std::optional<bool> JsonBody::boolean(std::string_view field) {
    const json* value = find(field);
    if (!value) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    wrong(field, std::string(field) + " must be true or false; it is " + kind_of(*value) + ".");
    return std::nullopt;
}

std::optional<std::int64_t> JsonBody::number(std::string_view field, std::int64_t least, std::int64_t most) {
    const json* value = find(field);
    if (!value) return std::nullopt;
    const bool whole =
        value->is_number_integer() || (value->is_number() && *value == value->get<std::int64_t>());
    if (whole && *value >= least && *value <= most) return value->get<std::int64_t>();
    wrong(field, std::string(field) + " must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most) + ".");
    return std::nullopt;
}

std::optional<std::vector<std::string>> JsonBody::texts(std::string_view field, std::size_t max_items) {
    const json* value = find(field);
    if (!value) return std::nullopt;
    std::vector<std::string> texts;
    bool good = value->is_array() && value->size() <= max_items;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
        good = (*value)[i].is_string();
        if (good) texts.push_back((*value)[i].get<std::string>());
    }
    if (good) return texts;
    wrong(field,
          std::string(field) + " must be a list of at most " + std::to_string(max_items) + " strings.");
    return std::nullopt;
}

std::optional<std::string> JsonBody::object(std::string_view field) {
    const json* value = find(field);
    if (!value) return std::nullopt;
    if (value->is_object()) return value->dump();
    wrong(field, std::string(field) + " must be an object; it is " + kind_of(*value) + ".");
    return std::nullopt;
}

void JsonBody::wrong(std::string_view field, const std::string& sentence) {
    errors_.push_back({std::string(field), sentence});
}

bool JsonBody::has(std::string_view field) const {
    return json_->contains(field);
}

bool JsonBody::is_null(std::string_view field) const {
    const auto found = json_->find(field);
    return found != json_->end() && found->is_null();
}

std::string JsonBody::rest() {
    json rest = json::object();
    for (const auto& [name, value] : json_->items())
        if (known_.insert(name).second) rest[name] = value;
    return rest.dump();
}

void JsonBody::finish() {
    for (const auto& [name, value] : json_->items())
        if (!known_.contains(name)) wrong(name, "There is no field \"" + name + "\" here.");
    if (!errors_.empty())
        throw Error(ErrorCode::validation, "Some fields of the request are wrong.", std::move(errors_));
}

}  // namespace assistd::api
