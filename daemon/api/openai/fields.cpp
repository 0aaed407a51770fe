#include "api/openai/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "api/openai/errors.h"
#include "api/repeated_keys.h"
#include "base/json_depth.h"
#include "base/utf8.h"

namespace assistd::api::openai {
namespace {

// Objects keep their keys in order and look them up one by one, so one with very many would take long.
constexpr int most_keys = 1'000;

std::string kind_of(const Json& value) {
    if (value.is_null()) return "null";
    const std::string name = value.type_name();
    return (name == "array" || name == "object" ? "an " : "a ") + name;
}

[[noreturn]] void refuse_type(const Field& field, std::string_view wanted) {
    refuse(field.path, fmt::format("{} must be {}; it is {}.", field.path, wanted, kind_of(*field.value)));
}

// Of a JSON text that is not nested too deeply: whether an object in it has more keys than that.
bool has_too_many_keys(std::string_view text) {
    std::array<int, deepest_json + 1> keys{};
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\')
            ++i;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if ((c == '{' || c == '[') && depth + 1 < keys.size())
            keys[++depth] = 0;
        else if ((c == '}' || c == ']') && depth > 0)
            --depth;
        else if (c == ':' && ++keys[depth] > most_keys)
            return true;
    }
    return false;
}

Json parse(const std::string& text) {
    if (is_nested_too_deeply(text)) throw Error(ErrorCode::invalid_request, "The body is nested too deeply.");
    if (has_too_many_keys(text))
        throw Error(ErrorCode::invalid_request,
                    fmt::format("An object of the body has more than {} keys.", most_keys));
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw Error(ErrorCode::invalid_request,
                    fmt::format("The body is no valid JSON: it breaks at byte {}.", error.byte));
    } catch (const Json::out_of_range&) {
        throw Error(ErrorCode::invalid_request, "The body has a number that is too large for a double.");
    }
}

}  // namespace

Json read_body(const http::Request& request, bool may_be_empty) {
    const bool blank = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank && may_be_empty) return Json::object();
    if (blank) throw Error(ErrorCode::invalid_request, "The request needs a JSON object as its body.");
    Json json = parse(request.body);
    if (!json.is_object())
        throw Error(ErrorCode::invalid_request,
                    "The body must be a JSON object; it is " + kind_of(json) + ".");
    if (keys_in_text(request.body) != keys_in_value(json))
        throw Error(ErrorCode::invalid_request,
                    "The body has the key \"" + repeated_key(request.body) + "\" twice in one object.");
    return json;
}

std::string Field::text(std::size_t most_characters) const {
    if (!value->is_string()) refuse_type(*this, "a string");
    auto text = value->get<std::string>();
    if (text.find('\0') != std::string::npos) refuse(path, path + " must not contain the character U+0000.");
    const std::size_t characters = count_characters(text);
    if (characters > most_characters)
        refuse(path, fmt::format("{} may have at most {} characters; it has {}.", path, most_characters,
                                 characters));
    return text;
}

double Field::number(double least, double most) const {
    if (!value->is_number()) refuse_type(*this, "a number");
    const double number = value->get<double>();
    if (!(number >= least && number <= most))
        refuse(path, fmt::format("{} must be from {} to {}; it is {}.", path, least, most, number));
    return number;
}

std::int64_t Field::integer(std::int64_t least, std::int64_t most) const {
    if (!value->is_number()) refuse_type(*this, "a whole number");
    // 20.0 is one too.
    const double exact = value->get<double>();
    if (exact != std::floor(exact) || exact < static_cast<double>(least) || exact > static_cast<double>(most))
        refuse(path, fmt::format("{} must be a whole number from {} to {}; it is {}.", path, least, most,
                                 value->dump()));
    return value->is_number_float() ? static_cast<std::int64_t>(exact) : value->get<std::int64_t>();
}

bool Field::boolean() const {
    if (!value->is_boolean()) refuse_type(*this, "true or false");
    return value->get<bool>();
}

std::string Field::choice(std::initializer_list<std::string_view> names) const {
    if (!value->is_string()) refuse_type(*this, "a string");
    const auto& given = value->get_ref<const std::string&>();
    if (std::find(names.begin(), names.end(), given) != names.end()) return given;
    std::string list;
    for (const std::string_view name : names)
        list.append(list.empty() ? "" : ", ").append("\"").append(name).append("\"");
    refuse(path, fmt::format("{} must be one of {}; it is \"{}\".", path, list, whole_characters(given, 80)));
}

std::vector<Field> Field::items(std::size_t most) const {
    if (!value->is_array()) refuse_type(*this, "a list");
    if (value->size() > most)
        refuse(path, fmt::format("{} may have at most {} items; it has {}.", path, most, value->size()));
    std::vector<Field> items;
    items.reserve(value->size());
    for (std::size_t i = 0; i < value->size(); ++i)
        items.push_back({&(*value)[i], fmt::format("{}[{}]", path, i)});
    return items;
}

Fields::Fields(const Json& object, std::string path) : object_(&object), path_(std::move(path)) {
    if (!object.is_object()) refuse_type({&object, path_}, "an object");
}

bool Fields::has(std::string_view name) const {
    return object_->contains(name);
}

bool Fields::is_null(std::string_view name) const {
    const auto found = object_->find(name);
    return found != object_->end() && found->is_null();
}

std::string Fields::path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

std::optional<Field> Fields::find(std::string_view name) const {
    const auto found = object_->find(name);
    if (found == object_->end() || found->is_null()) return std::nullopt;
    return Field{&*found, path_of(name)};
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t most_characters) const {
    const auto field = find(name);
    if (!field) return std::nullopt;
    return field->text(most_characters);
}

std::optional<double> Fields::number(std::string_view name, double least, double most) const {
    const auto field = find(name);
    if (!field) return std::nullopt;
    return field->number(least, most);
}

std::optional<std::int64_t> Fields::integer(std::string_view name, std::int64_t least,
                                            std::int64_t most) const {
    const auto field = find(name);
    if (!field) return std::nullopt;
    return field->integer(least, most);
}

std::optional<bool> Fields::boolean(std::string_view name) const {
    const auto field = find(name);
    if (!field) return std::nullopt;
    return field->boolean();
}

std::optional<std::string> Fields::choice(std::string_view name,
                                          std::initializer_list<std::string_view> names) const {
    const auto field = find(name);
    if (!field) return std::nullopt;
    return field->choice(names);
}

std::optional<Fields> Fields::object(std::string_view name) const {
    const auto field = find(name);
    if (!field) return std::nullopt;
    return Fields(*field);
}

std::vector<Field> Fields::items(std::string_view name, std::size_t most) const {
    const auto field = find(name);
    return field ? field->items(most) : std::vector<Field>();
}

std::vector<Fields> Fields::objects(std::string_view name, std::size_t most) const {
    std::vector<Fields> objects;
    for (const Field& item : items(name, most)) objects.emplace_back(item);
    return objects;
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t most,
                                       std::size_t most_characters) const {
    std::vector<std::string> texts;
    for (const Field& item : items(name, most)) texts.push_back(item.text(most_characters));
    return texts;
}

Field Fields::required(std::string_view name) const {
    const auto field = find(name);
    if (field) return *field;
    const std::string path = path_of(name);
    openai::refuse(path, path + (has(name) ? " must not be null." : " is missing."));
}

std::string Fields::required_text(std::string_view name, std::size_t most_characters) const {
    std::string text = required(name).text(most_characters);
    if (text.empty()) refuse(name, "must not be empty.");
    return text;
}

void Fields::refuse(std::string_view name, const std::string& what) const {
    const std::string path = path_of(name);
    openai::refuse(path, path + " " + what);
}

}  // namespace assistd::api::openai
