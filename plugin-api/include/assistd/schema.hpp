#pragma once
// Checks a value against the part of JSON Schema that assistd/fields.hpp writes, in the daemon's words. The
// daemon has checked a call's arguments already; this is for tests and for hosts that do not. Any thread.

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "assistd/failure.hpp"

namespace assistd::detail {

// Where a value stands among the arguments; only becomes text when there is something to say.
struct Place {
    const Place* parent = nullptr;
    std::string_view member;
    std::size_t index = 0;

    Place at(std::string_view name) const { return {this, name, 0}; }
    Place at(std::size_t item) const { return {this, {}, item}; }
    std::string text() const {
        if (!parent) return "";
        const std::string before = parent->text();
        if (member.data() == nullptr) return before + "[" + std::to_string(index) + "]";
        return (before.empty() ? "" : before + ".") + std::string(member);
    }
};

// 10.0 as 10, as people write it.
inline Json as_written(const Json& value) {
    if (!value.is_number_float()) return value;
    const double number = value.get<double>();
    const bool whole = std::trunc(number) == number && std::abs(number) < 1e15;
    return whole ? Json(static_cast<std::int64_t>(number)) : value;
}

// JSON text of a value, cut to a length that a sentence bears.
inline std::string shown(const Json& value) {
    std::string text = as_written(value).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() <= 60) return text;
    std::size_t end = 60;
    while ((text[end] & 0xc0) == 0x80) --end;  // not within a code point
    return text.substr(0, end) + "…";
}

class SchemaCheck {
  public:
    using Matches = bool (*)(const std::string& text, const std::string& pattern);

    // Without `matches`, patterns are left to the daemon: a regex engine is much to compile.
    explicit SchemaCheck(Matches matches = nullptr) : matches_(matches) {}

    std::vector<WrongArgument> errors;

    void value(const Json& schema, const Json& value, const Place& place) {
        const std::size_t before = errors.size();
        type(schema, value, place);
        if (errors.size() > before) return;  // a wrong type breaks most other rules too
        choice(schema, value, place);
        if (value.is_number()) number(schema, value, place);
        if (value.is_string()) text(schema, value.get_ref<const std::string&>(), place);
        if (value.is_array()) array(schema, value, place);
        if (value.is_object()) object(schema, value, place);
    }
    void add(const Place& place, const std::string& rest) {
        const std::string field = place.text();
        errors.push_back({field, (field.empty() ? "The arguments" : field) + " " + rest});
    }

  private:
    void type(const Json& schema, const Json& value, const Place& place) {
        const auto found = schema.find("type");
        if (found == schema.end() ||
            (found->is_string() && is_a(value, found->get_ref<const std::string&>())))
            return;
        const Json types = found->is_array() ? *found : Json::array({*found});
        std::string wanted;
        for (const Json& each : types) {
            const std::string type = each;
            if (is_a(value, type)) return;
            const bool vowel = type == "integer" || type == "array" || type == "object";
            wanted += (wanted.empty() ? "" : " or ") + std::string(vowel ? "an " : "a ") + type;
        }
        add(place,
            "must be " + wanted + (place.parent ? "; it is " : "; they are ") + described(value) + ".");
    }
    static bool is_a(const Json& value, const std::string& type) {
        if (type == "integer") return value.is_number_integer();
        if (type == "boolean" || type == "string" || type == "array" || type == "object" || type == "null")
            return value.type_name() == type;
        return value.is_number();
    }
    static std::string described(const Json& value) {
        if (value.is_null()) return "null";
        if (value.is_array()) return "an array";
        if (value.is_object()) return "an object";
        return std::string("the ") + value.type_name() + " " + shown(value);
    }

    void choice(const Json& schema, const Json& value, const Place& place) {
        const auto found = schema.find("enum");
        if (found == schema.end() || std::find(found->begin(), found->end(), value) != found->end()) return;
        std::string list;
        for (std::size_t i = 0; i < found->size(); ++i)
            list += (i == 0 ? "" : i + 1 == found->size() ? " or " : ", ") + shown((*found)[i]);
        add(place,
            (found->size() > 1 ? "must be one of " : "must be ") + list + "; it is " + shown(value) + ".");
    }

    void number(const Json& schema, const Json& value, const Place& place) {
        const auto bound = [&](const char* keyword, const char* words, auto broken) {
            const auto found = schema.find(keyword);
            if (found == schema.end() || !broken(value, *found)) return;
            add(place,
                std::string("must be ") + words + " " + shown(*found) + "; it is " + shown(value) + ".");
        };
        bound("minimum", "at least", std::less<Json>());
        bound("exclusiveMinimum", "more than", std::less_equal<Json>());
        bound("maximum", "at most", std::greater<Json>());
        bound("exclusiveMaximum", "less than", std::greater_equal<Json>());
    }

    void text(const Json& schema, const std::string& value, const Place& place) {
        const auto starts_code_point = [](char byte) { return (byte & 0xc0) != 0x80; };
        if (schema.contains("minLength") || schema.contains("maxLength"))
            count(schema, "minLength", "maxLength",
                  static_cast<std::size_t>(std::count_if(value.begin(), value.end(), starts_code_point)),
                  "character", place);
        const auto pattern = schema.find("pattern");
        if (pattern == schema.end() || !matches_) return;
        if (!matches_(value, pattern->get<std::string>()))
            add(place,
                "must match the pattern " + pattern->get<std::string>() + "; it is " + shown(value) + ".");
    }

    void array(const Json& schema, const Json& value, const Place& place) {
        count(schema, "minItems", "maxItems", value.size(), "item", place);
        if (schema.value("uniqueItems", false)) unique(value, place);
        const auto items = schema.find("items");
        if (items == schema.end()) return;
        for (std::size_t i = 0; i < value.size(); ++i) this->value(*items, value[i], place.at(i));
    }
    void unique(const Json& value, const Place& place) {
        for (std::size_t i = 0; i < value.size(); ++i)
            for (std::size_t j = i + 1; j < value.size(); ++j)
                if (value[i] == value[j])
                    return add(place, "must not have the same item twice; items " + std::to_string(i) +
                                          " and " + std::to_string(j) + " are both " + shown(value[i]) + ".");
    }
    void count(const Json& schema, const char* least, const char* most, std::size_t has, const char* noun,
               const Place& place) {
        const auto must = [&](const char* words, std::size_t bound) {
            add(place, std::string("must have ") + words + " " + std::to_string(bound) + " " + noun +
                           (bound == 1 ? "" : "s") + "; it has " + std::to_string(has) + ".");
        };
        if (schema.contains(least) && has < schema.at(least)) must("at least", schema.at(least));
        if (schema.contains(most) && has > schema.at(most)) must("at most", schema.at(most));
    }

    void object(const Json& schema, const Json& value, const Place& place) {
        if (const auto required = schema.find("required"); required != schema.end())
            for (const Json& name : *required)
                if (const auto& key = name.get_ref<const std::string&>(); !value.contains(key))
                    add(place.at(key), "is missing.");
        const auto properties = schema.find("properties");
        const auto others = schema.find("additionalProperties");
        for (const auto& [name, member] : value.items()) {
            const Place here = place.at(name);
            if (properties != schema.end() && properties->contains(name))
                this->value(properties->at(name), member, here);
            else if (others != schema.end() && others->is_object())
                this->value(*others, member, here);
            else if (others != schema.end() && *others == false)
                unknown(*properties, here, place);
        }
    }
    void unknown(const Json& properties, const Place& here, const Place& place) {
        std::string names;
        std::size_t at = 0;
        for (const auto& property : properties.items()) {
            names += (at == 0 ? "" : at + 1 == properties.size() ? " and " : ", ") + property.key();
            ++at;
        }
        const std::string role = place.parent ? "a field of " + place.text() : "an argument of this tool";
        add(here, "is not " + role + "; it takes " + (names.empty() ? "none" : names) + ".");
    }

    Matches matches_;
};

}  // namespace assistd::detail
