#include "knowledge/attributes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assistd::knowledge {
namespace {

using Kind = core::AttributeFilter::Kind;

const core::AttributeValue* value_of(const Attributes* attributes, const std::string& key) {
    if (attributes == nullptr) return nullptr;
    const auto found = attributes->find(key);
    return found == attributes->end() ? nullptr : &found->second;
}

// Values of different types are neither less nor greater.
bool is_ordered(Kind kind, const core::AttributeValue& left, const core::AttributeValue& right) {
    if (left.index() != right.index()) return false;
    switch (kind) {
        case Kind::gt:
            return left > right;
        case Kind::gte:
            return left >= right;
        case Kind::lt:
            return left < right;
        default:
            return left <= right;
    }
}

bool compares(const core::AttributeFilter& filter, const core::AttributeValue* value) {
    const auto equal = [value](const core::AttributeValue& one) { return *value == one; };
    const bool negated = filter.kind == Kind::ne || filter.kind == Kind::nin;
    if (value == nullptr) return negated;
    switch (filter.kind) {
        case Kind::gt:
        case Kind::gte:
        case Kind::lt:
        case Kind::lte:
            return std::ranges::any_of(filter.values, [&](const core::AttributeValue& one) {
                return is_ordered(filter.kind, *value, one);
            });
        default:
            return std::ranges::any_of(filter.values, equal) != negated;
    }
}

}  // namespace

std::shared_ptr<const Attributes> parse_attributes(std::string_view json) {
    if (json.empty() || json == "{}") return nullptr;
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object()) return nullptr;
    auto attributes = std::make_shared<Attributes>();
    for (const auto& [key, value] : object.items()) {
        if (value.is_string())
            attributes->emplace(key, value.get<std::string>());
        else if (value.is_boolean())
            attributes->emplace(key, value.get<bool>());
        else if (value.is_number())
            attributes->emplace(key, value.get<double>());
    }
    return attributes;
}

bool matches(const core::AttributeFilter& filter, const Attributes* attributes) {
    const auto part_matches = [attributes](const core::AttributeFilter& part) {
        return matches(part, attributes);
    };
    if (filter.kind == Kind::all_of) return std::ranges::all_of(filter.parts, part_matches);
    if (filter.kind == Kind::any_of) return std::ranges::any_of(filter.parts, part_matches);
    return compares(filter, value_of(attributes, filter.key));
}

}  // namespace assistd::knowledge
