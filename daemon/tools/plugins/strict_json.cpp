#include "tools/plugins/strict_json.h"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/error.h"

namespace assistd::tools {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence);
}

// Follows the events of nlohmann's parser and only counts.
class DepthCounter : public nlohmann::json_sax<Json> {
  public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return ++depth_ <= max_json_depth; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override { return ++depth_ <= max_json_depth; }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

  private:
    bool leave() {
        --depth_;
        return true;
    }
    int depth_ = 0;
};

constexpr std::array schema_types = {"null", "boolean", "object", "array", "number", "integer", "string"};
constexpr std::array number_keywords = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
                                        "multipleOf"};
constexpr std::array count_keywords = {"minLength", "maxLength",     "minItems",
                                       "maxItems",  "minProperties", "maxProperties"};
constexpr std::array text_keywords = {"title", "description", "format", "pattern", "$ref", "$schema", "$id"};
constexpr std::array flag_keywords = {"uniqueItems", "deprecated", "readOnly", "writeOnly"};
constexpr std::array schema_keywords = {
    "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"};
constexpr std::array schema_list_keywords = {"allOf", "anyOf", "oneOf"};
constexpr std::array schema_map_keywords = {"properties", "patternProperties", "definitions", "$defs"};

bool is_one_of(const auto& names, const std::string& name) {
    return std::ranges::find(names, name) != std::end(names);
}

bool is_list_of_texts(const Json& value) {
    return value.is_array() &&
           std::ranges::all_of(value, [](const Json& entry) { return entry.is_string(); });
}

bool is_type(const Json& value) {
    if (value.is_string()) return is_one_of(schema_types, value.get_ref<const std::string&>());
    return is_list_of_texts(value) && !value.empty() && std::ranges::all_of(value, is_type);
}

void check_keyword(const std::string& key, const Json& value, const std::string& where) {
    const auto need = [&](bool fits, const char* what) {
        if (!fits) refuse(where + "." + key + " must be " + what + ".");
    };
    const auto each = [&] {
        for (std::size_t i = 0; i < value.size(); ++i)
            check_schema(value[i], where + "." + key + "[" + std::to_string(i) + "]");
    };
    if (key == "type")
        need(is_type(value), "a JSON Schema type or a list of them");
    else if (is_one_of(number_keywords, key))
        need(value.is_number(), "a number");
    else if (is_one_of(count_keywords, key))
        need(value.is_number_unsigned(), "a whole number, not negative");
    else if (is_one_of(text_keywords, key))
        need(value.is_string(), "text");
    else if (is_one_of(flag_keywords, key))
        need(value.is_boolean(), "true or false");
    else if (key == "required" || key == "x-artifact-kinds")
        need(is_list_of_texts(value), "a list of texts");
    else if (key == "enum")
        need(value.is_array() && !value.empty(), "a list with at least one value");
    else if (is_one_of(schema_keywords, key))
        check_schema(value, where + "." + key);
    else if (key == "items") {
        if (value.is_array())
            each();
        else
            check_schema(value, where + ".items");
    } else if (is_one_of(schema_list_keywords, key)) {
        need(value.is_array() && !value.empty(), "a list of schemas");
        each();
    } else if (is_one_of(schema_map_keywords, key)) {
        need(value.is_object(), "an object of schemas");
        for (const auto& [name, schema] : value.items()) check_schema(schema, where + "." + key + "." + name);
    }
}

}  // namespace

Json parse_strictly(std::string_view text) {
    std::vector<std::set<std::string>> keys;  // of the objects that are open
    const auto watch = [&](int depth, Json::parse_event_t event, const Json& value) {
        if (depth > max_json_depth) refuse("it is nested too deep.");
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            refuse("the key \"" + value.get<std::string>() + "\" stands twice in one object.");
        return true;
    };
    try {
        return Json::parse(text, watch);
    } catch (const Json::parse_error& error) {
        refuse("it is no JSON: " + std::string(error.what()) + ".");
    }
}

bool is_json(std::string_view text, bool object) {
    if (object) {
        const auto first = text.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos || text[first] != '{') return false;
    }
    DepthCounter counter;
    return Json::sax_parse(text, &counter);
}

void check_schema(const Json& schema, const std::string& where) {
    if (schema.is_boolean()) return;
    if (!schema.is_object()) refuse(where + " must be a JSON Schema (an object).");
    for (const auto& [key, value] : schema.items()) check_keyword(key, value, where);
}

}  // namespace assistd::tools
