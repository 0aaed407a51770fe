#include "tools/schema_sentences.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>

#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

constexpr int deepest_reference = 64;

std::size_t code_points(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
}

std::string count_of(std::size_t count, const std::string& noun) {
    if (noun == "property") return std::to_string(count) + (count == 1 ? " property" : " properties");
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string with_article(const std::string& type) {
    if (type == "null") return type;
    return (type == "integer" || type == "array" || type == "object" ? "an " : "a ") + type;
}

bool is_a(const json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return type != "null" || value.is_null();
}

// "the string \"five\"", "an array": what stands where something else is wanted.
std::string kind_and_value(const json& value) {
    if (value.is_null()) return "null";
    if (value.is_array()) return "an array";
    if (value.is_object()) return "an object";
    const std::string kind = value.is_string() ? "string" : value.is_boolean() ? "boolean" : "number";
    return "the " + kind + " " + shown(value);
}

std::vector<std::string> strings_of(const json& value) {
    std::vector<std::string> texts;
    if (value.is_string()) texts.push_back(value.get<std::string>());
    if (value.is_array())
        for (const json& item : value)
            if (item.is_string()) texts.push_back(item.get<std::string>());
    return texts;
}

std::optional<std::size_t> count_in(const json& schema, const char* keyword) {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_number() || found->get<double>() < 0) return std::nullopt;
    return found->get<std::size_t>();
}

bool matches(const std::string& text, const std::string& pattern) {
    return std::regex_search(text, std::regex(pattern));
}

// Walks a schema and a value side by side and writes one sentence for each broken rule.
class Explainer {
  public:
    Explainer(const json& root, const Wording& wording) : root_(root), wording_(wording) {}

    std::vector<FieldError> errors;

    void walk(const json& at, const json& value, const std::string& path) {
        if (at.is_boolean()) {
            if (!at.get<bool>()) add(path, "is not allowed.");
            return;
        }
        const json& schema = resolve(root_, at);
        if (!schema.is_object() || depth_ > deepest_reference) return;
        ++depth_;
        const std::size_t before = errors.size();
        type(schema, value, path);
        // A value of the wrong type breaks most other rules too; one sentence is enough.
        if (errors.size() == before) {
            fixed_values(schema, value, path);
            if (value.is_number()) number(schema, value, path);
            if (value.is_string()) text(schema, value.get_ref<const std::string&>(), path);
            if (value.is_array()) array(schema, value, path);
            if (value.is_object()) object(schema, value, path);
            combinations(schema, value, path);
        }
        --depth_;
    }

  private:
    void add(const std::string& path, const std::string& rest) {
        errors.push_back({path, (path.empty() ? wording_.whole : path) + " " + rest});
    }

    // What a part of the schema says to a value, without keeping it.
    std::vector<FieldError> try_out(const json& schema, const json& value, const std::string& path) {
        Explainer other(root_, wording_);
        other.depth_ = depth_;
        other.walk(schema, value, path);
        return std::move(other.errors);
    }
    bool fits(const json& schema, const json& value) { return try_out(schema, value, "").empty(); }

    void wrong_type(const std::vector<std::string>& types, const json& value, const std::string& path) {
        std::vector<std::string> wanted;
        for (const std::string& type : types) wanted.push_back(with_article(type));
        const std::string is = path.empty() ? ", not " : "; it is ";  // "The arguments" are several
        add(path, "must be " + listed(wanted, "or") + is + kind_and_value(value) + ".");
    }

    void type(const json& schema, const json& value, const std::string& path) {
        const auto found = schema.find("type");
        if (found == schema.end()) return;
        const std::vector<std::string> types = strings_of(*found);
        for (const std::string& type : types)
            if (is_a(value, type)) return;
        if (!types.empty()) wrong_type(types, value, path);
    }

    void fixed_values(const json& schema, const json& value, const std::string& path) {
        const auto one = schema.find("const");
        if (one != schema.end() && *one != value)
            add(path, "must be " + shown(*one) + "; it is " + shown(value) + ".");
        const auto some = schema.find("enum");
        if (some == schema.end() || !some->is_array()) return;
        if (std::find(some->begin(), some->end(), value) != some->end()) return;
        std::vector<std::string> allowed;
        for (const json& item : *some) allowed.push_back(shown(item));
        const std::string one_of = allowed.size() > 1 ? "one of " : "";
        add(path, "must be " + one_of + listed(allowed, "or") + "; it is " + shown(value) + ".");
    }

    void number(const json& schema, const json& value, const std::string& path) {
        const double number = value.get<double>();
        const auto bound = [&](const char* keyword, const char* words, auto broken) {
            const auto found = schema.find(keyword);
            if (found == schema.end() || !found->is_number() || !broken(number, found->get<double>())) return;
            add(path, std::string("must be ") + words + " " + number_text(*found) + "; it is " +
                          shown(value) + ".");
        };
        bound("minimum", "at least", std::less<double>());
        bound("exclusiveMinimum", "more than", std::less_equal<double>());
        bound("maximum", "at most", std::greater<double>());
        bound("exclusiveMaximum", "less than", std::greater_equal<double>());
        bound("multipleOf", "a multiple of",
              [&](double, double) { return !is_multiple(value, schema.at("multipleOf")); });
    }

    // As the judge sees it: integers exactly, other numbers within rounding.
    static bool is_multiple(const json& value, const json& divisor) {
        if (divisor.get<double>() == 0) return true;
        if (divisor.is_number_integer()) {
            const double whole = std::trunc(value.get<double>());
            if (std::abs(whole) > 9e18) return true;
            return value.get<std::int64_t>() % divisor.get<std::int64_t>() == 0;
        }
        const double rest = std::remainder(value.get<double>(), divisor.get<double>());
        return std::abs(rest) <= std::numeric_limits<double>::epsilon();
    }

    void count(const json& schema, const char* least, const char* most, std::size_t has,
               const std::string& noun, const std::string& path) {
        const auto minimum = count_in(schema, least);
        const auto maximum = count_in(schema, most);
        if (minimum && has < *minimum)
            add(path,
                "must have at least " + count_of(*minimum, noun) + "; it has " + std::to_string(has) + ".");
        if (maximum && has > *maximum)
            add(path,
                "must have at most " + count_of(*maximum, noun) + "; it has " + std::to_string(has) + ".");
    }

    void text(const json& schema, const std::string& value, const std::string& path) {
        count(schema, "minLength", "maxLength", code_points(value), "character", path);
        const auto pattern = schema.find("pattern");
        if (pattern != schema.end() && pattern->is_string() && !matches(value, pattern->get<std::string>()))
            add(path,
                "must match the pattern " + pattern->get<std::string>() + "; it is " + shown(value) + ".");
        const auto format = schema.find("format");
        if (format != schema.end()) this->format(*format, value, path);
    }

    void format(const json& format, const std::string& value, const std::string& path) {
        const std::string date = "[0-9]+-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])";
        const std::string time =
            "([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-"
            "9])";
        const auto must = [&](const char* name, const std::string& pattern, const char* example) {
            if (format == name && !matches(value, "^" + pattern + "$"))
                add(path, std::string("must be a ") + name + " such as " + example + "; it is " +
                              shown(value) + ".");
        };
        must("date", date, "2026-03-01");
        must("time", time, "12:30:00Z");
        must("date-time", date + "[Tt]" + time, "2026-03-01T12:30:00Z");
    }

    void array(const json& schema, const json& value, const std::string& path) {
        count(schema, "minItems", "maxItems", value.size(), "item", path);
        unique(schema, value, path);
        items(schema, value, path);
        const auto contains = schema.find("contains");
        if (contains == schema.end()) return;
        const bool found =
            std::any_of(value.begin(), value.end(), [&](const json& item) { return fits(*contains, item); });
        if (!found) add(path, "must contain at least one item of the wanted form; it has none.");
    }

    void unique(const json& schema, const json& value, const std::string& path) {
        const auto wanted = schema.find("uniqueItems");
        if (wanted == schema.end() || *wanted != true) return;
        for (std::size_t i = 0; i < value.size(); ++i)
            for (std::size_t j = i + 1; j < value.size(); ++j)
                if (value[i] == value[j])
                    return add(path, "must not have the same item twice; items " + std::to_string(i) +
                                         " and " + std::to_string(j) + " are both " + shown(value[i]) + ".");
    }

    void items(const json& schema, const json& value, const std::string& path) {
        const auto items = schema.find("items");
        if (items == schema.end()) return;
        const bool tuple = items->is_array();
        for (std::size_t i = 0; i < value.size(); ++i) {
            const std::string here = join_path(path, i);
            if (!tuple) {
                walk(*items, value[i], here);
            } else if (i < items->size()) {
                walk((*items)[i], value[i], here);
            } else if (schema.contains("additionalItems")) {
                const json& additional = schema.at("additionalItems");
                if (additional == false)
                    add(here, "is one item too many; there may be " + std::to_string(items->size()) + ".");
                else
                    walk(additional, value[i], here);
            }
        }
    }

    void object(const json& schema, const json& value, const std::string& path) {
        for (const std::string& name : strings_of(schema.value("required", json::array())))
            if (!value.contains(name))
                errors.push_back({join_path(path, name), join_path(path, name) + " is missing."});
        count(schema, "minProperties", "maxProperties", value.size(), "property", path);
        for (const auto& [name, member] : value.items()) this->member(schema, name, member, path);
        dependencies(schema, value, path);
    }

    void member(const json& schema, const std::string& name, const json& value, const std::string& path) {
        const std::string here = join_path(path, name);
        bool known = false;
        const auto properties = schema.find("properties");
        if (properties != schema.end() && properties->contains(name)) {
            known = true;
            walk(properties->at(name), value, here);
        }
        const auto patterns = schema.find("patternProperties");
        if (patterns != schema.end() && patterns->is_object())
            for (const auto& [pattern, part] : patterns->items()) {
                if (!matches(name, pattern)) continue;
                known = true;
                walk(part, value, here);
            }
        const auto additional = schema.find("additionalProperties");
        if (!known && additional != schema.end()) {
            if (*additional == false)
                unknown(schema, here, path);
            else
                walk(*additional, value, here);
        }
        const auto names = schema.find("propertyNames");
        if (names != schema.end() && !fits(*names, json(name)))
            add(here, "is not a name that is allowed here.");
    }

    void unknown(const json& schema, const std::string& here, const std::string& path) {
        std::vector<std::string> names;
        const auto properties = schema.find("properties");
        if (properties != schema.end())
            for (const auto& property : properties->items()) names.push_back(property.key());
        const std::string role = path.empty() ? wording_.member : "a field of " + path;
        const std::string takes = names.empty() ? "none" : listed(names, "and");
        add(here, "is not " + role + "; it takes " + takes + ".");
    }

    void dependencies(const json& schema, const json& value, const std::string& path) {
        const auto found = schema.find("dependencies");
        if (found == schema.end() || !found->is_object()) return;
        for (const auto& [name, needed] : found->items()) {
            if (!value.contains(name)) continue;
            if (!needed.is_array()) {
                walk(needed, value, path);
                continue;
            }
            for (const std::string& other : strings_of(needed))
                if (!value.contains(other))
                    add(join_path(path, other), "is missing; " + join_path(path, name) + " needs it.");
        }
    }

    void combinations(const json& schema, const json& value, const std::string& path) {
        if (const auto all = schema.find("allOf"); all != schema.end())
            for (const json& part : *all) walk(part, value, path);
        if (const auto any = schema.find("anyOf"); any != schema.end())
            alternatives(*any, value, path, false);
        if (const auto one = schema.find("oneOf"); one != schema.end()) alternatives(*one, value, path, true);
        if (const auto no = schema.find("not"); no != schema.end() && fits(*no, value))
            add(path, "has a form that is not allowed; it is " + shown(value) + ".");
        if (const auto condition = schema.find("if"); condition != schema.end()) {
            const auto part = schema.find(fits(*condition, value) ? "then" : "else");
            if (part != schema.end()) walk(*part, value, path);
        }
    }

    // None of them fits: the one that comes nearest says what to change. When each wants another type, they
    // are told together.
    void alternatives(const json& parts, const json& value, const std::string& path, bool only_one) {
        std::size_t fitting = 0;
        std::optional<std::vector<FieldError>> nearest;
        std::vector<std::string> types;
        for (const json& part : parts) {
            std::vector<FieldError> found = try_out(part, value, path);
            if (found.empty()) ++fitting;
            if (found.empty()) continue;
            const json& schema = resolve(root_, part);
            const std::vector<std::string> wanted =
                strings_of(schema.is_object() ? schema.value("type", json()) : json());
            const bool of_type =
                wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                              [&](const auto& type) { return is_a(value, type); });
            if (!of_type)
                types.insert(types.end(), wanted.begin(), wanted.end());
            else if (!nearest || found.size() < nearest->size())
                nearest = std::move(found);
        }
        if (fitting > 1 && only_one)
            add(path, "fits more than one of the forms of which it must fit exactly one.");
        if (fitting > 0) return;
        if (nearest)
            errors.insert(errors.end(), nearest->begin(), nearest->end());
        else if (!types.empty())
            wrong_type(types, value, path);
        else
            add(path, "fits none of the forms that are allowed.");
    }

    const json& root_;
    const Wording& wording_;
    int depth_ = 0;
};

}  // namespace

Wording wording_of_arguments(std::string_view tool) {
    return {"The arguments", "an argument of " + std::string(tool)};
}

Wording wording_of_result(std::string_view tool) {
    return {"The data", "a field of the result of " + std::string(tool)};
}

std::vector<FieldError> explain(const json& schema, const json& value, const Wording& wording) {
    Explainer explainer(schema, wording);
    explainer.walk(schema, value, "");
    return std::move(explainer.errors);
}

const json& resolve(const json& root, const json& schema) {
    const json* at = &schema;
    for (int step = 0; step < 8 && at->is_object(); ++step) {
        const auto reference = at->find("$ref");
        if (reference == at->end() || !reference->is_string()) break;
        const std::string& text = reference->get_ref<const std::string&>();
        if (!text.starts_with('#')) break;
        const json::json_pointer pointer(text.substr(1));
        if (!root.contains(pointer)) break;
        at = &root.at(pointer);
    }
    return *at;
}

}  // namespace assistd::tools
