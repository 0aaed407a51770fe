#include "tools/schema.h"

#include <cmath>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tools/schema_expansion.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// std::regex recurses for each character that it reads, so longer texts could exhaust the stack.
constexpr std::size_t longest_matched_text = 2'000;
constexpr int deepest_reference = 32;

bool mentions(const json& schema, std::string_view keyword) {
    if (schema.is_object() && schema.contains(keyword)) return true;
    if (!schema.is_structured()) return false;
    return std::any_of(schema.begin(), schema.end(),
                       [&](const json& part) { return mentions(part, keyword); });
}

// valijson's check of "format" throws at values that are no text; the artifact format is checked when the
// artifacts are looked up.
json without_artifact_formats(json schema) {
    if (schema.is_object()) {
        const auto format = schema.find("format");
        if (format != schema.end() && *format == "artifact") schema.erase(format);
    }
    if (schema.is_structured())
        for (json& part : schema) part = without_artifact_formats(std::move(part));
    return schema;
}

json without_endless_patterns(json schema) {
    if (schema.is_object()) {
        const auto pattern = schema.find("pattern");
        if (pattern != schema.end() && pattern->is_string() &&
            may_take_for_ever(pattern->get_ref<const std::string&>()))
            schema.erase(pattern);
    }
    if (schema.is_structured())
        for (json& part : schema) part = without_endless_patterns(std::move(part));
    return schema;
}

bool wants_integer(const json& schema) {
    const auto type = schema.find("type");
    if (type == schema.end()) return false;
    if (type->is_string()) return *type == "integer";
    const auto lists = [&](const char* name) {
        return std::find(type->begin(), type->end(), name) != type->end();
    };
    return type->is_array() && lists("integer") && !lists("number");
}

// 500.0 means 500 to people and to models that write all numbers alike.
bool make_integer(json& value) {
    if (!value.is_number_float()) return false;
    const double number = value.get<double>();
    constexpr double exact = 9007199254740992.0;  // 2^53: every integer up to it is a double
    if (std::trunc(number) != number || std::abs(number) > exact) return false;
    value = static_cast<std::int64_t>(number);
    return true;
}

bool prepare_value(const json& root, const json& at, json& value, int depth);

bool prepare_members(const json& root, const json& properties, json& value, int depth) {
    bool changed = false;
    for (const auto& [name, property] : properties.items()) {
        auto member = value.find(name);
        if (member == value.end()) {
            if (!property.is_object() || !property.contains("default")) continue;
            member = value.emplace(name, property.at("default")).first;
            changed = true;
        }
        changed = prepare_value(root, property, *member, depth) || changed;
    }
    return changed;
}

bool prepare_value(const json& root, const json& at, json& value, int depth) {
    const json& schema = resolve(root, at);
    if (!schema.is_object() || depth > deepest_reference) return false;
    bool changed = wants_integer(schema) && make_integer(value);
    if (value.is_object()) {
        const auto properties = schema.find("properties");
        if (properties != schema.end() && properties->is_object())
            changed = prepare_members(root, *properties, value, depth + 1) || changed;
    } else if (value.is_array()) {
        const auto items = schema.find("items");
        if (items != schema.end() && items->is_object())
            for (json& item : value) changed = prepare_value(root, *items, item, depth + 1) || changed;
    }
    return changed;
}

void find_long_texts(const json& value, const std::string& path, std::vector<FieldError>& errors) {
    if (value.is_string() && value.get_ref<const std::string&>().size() > longest_matched_text) {
        errors.push_back({path, path + " is too long to be compared with a pattern; at most " +
                                    std::to_string(longest_matched_text) + " bytes are."});
    } else if (value.is_object()) {
        for (const auto& [name, member] : value.items())
            find_long_texts(member, join_path(path, name), errors);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) find_long_texts(value[i], join_path(path, i), errors);
    }
}

// valijson's own words, for the rare rule that explain() does not know.
std::vector<FieldError> words_of_the_judge(const valijson::ValidationResults& results,
                                           const Wording& wording) {
    std::vector<FieldError> errors;
    for (const auto& result : results) {
        std::string path;
        for (std::size_t i = 1; i < result.context.size(); ++i) {
            std::string_view step = result.context[i];  // "[name]" or "[2]"
            if (step.size() >= 2) step = step.substr(1, step.size() - 2);
            path = join_path(path, step);
        }
        const std::string subject = path.empty() ? wording.whole : path;
        errors.push_back({path, subject + " cannot be accepted: " + result.description});
    }
    if (errors.empty()) errors.push_back({"", wording.whole + " cannot be accepted."});
    return errors;
}

}  // namespace

struct CompiledSchema::Parts {
    json document;
    valijson::Schema schema;
    bool everything = false;
    bool has_patterns = false;
    // Keeps compiled patterns, which is worth a lock when there are any.
    std::mutex mutex;
    valijson::Validator validator;

    // Nothing when valijson's own checks gave up.
    std::optional<bool> judge(const json& value, valijson::ValidationResults* results) {
        const Adapter target(value);
        try {
            if (has_patterns) {
                const std::lock_guard lock(mutex);
                return validator.validate(schema, target, results);
            }
            valijson::Validator own;
            return own.validate(schema, target, results);
        } catch (const std::exception&) {
            return std::nullopt;
        }
    }
};

CompiledSchema::CompiledSchema(std::string_view text) : parts_(std::make_unique<Parts>()) {
    try {
        parts_->document = without_endless_patterns(json::parse(text));
        check_expansion(parts_->document);
        const json judged = without_artifact_formats(parts_->document);
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        const Adapter adapter(judged);
        parser.populateSchema(adapter, parts_->schema);
    } catch (const std::exception& error) {
        throw Error(ErrorCode::validation, std::string("The schema is no JSON Schema: ") + error.what());
    }
    parts_->everything = parts_->document == json::object() || parts_->document == true;
    parts_->has_patterns =
        mentions(parts_->document, "pattern") || mentions(parts_->document, "patternProperties");
}

CompiledSchema::~CompiledSchema() = default;

bool CompiledSchema::accepts_everything() const {
    return parts_->everything;
}

const nlohmann::json& CompiledSchema::document() const {
    return parts_->document;
}

bool CompiledSchema::prepare(json& value) const {
    return prepare_value(parts_->document, parts_->document, value, 0);
}

std::vector<FieldError> CompiledSchema::check(const json& value, const Wording& wording) const {
    std::vector<FieldError> errors;
    if (parts_->has_patterns) find_long_texts(value, "", errors);
    if (!errors.empty()) return errors;

    const std::optional<bool> fits = parts_->judge(value, nullptr);
    if (fits == true) return errors;
    errors = explain(parts_->document, value, wording);
    if (!errors.empty() || !fits) return errors;
    valijson::ValidationResults results;
    parts_->judge(value, &results);
    return words_of_the_judge(results, wording);
}

}  // namespace assistd::tools
