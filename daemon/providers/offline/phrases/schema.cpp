#include "providers/offline/phrases/schema.h"

#include <algorithm>
#include <cmath>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::string type_name(const json& schema) {
    const auto type = schema.find("type");
    if (type == schema.end()) return schema.contains("enum") ? "string" : "";
    if (type->is_string()) return type->get<std::string>();
    if (type->is_array())
        for (const json& one : *type)
            if (one.is_string() && one != "null") return one.get<std::string>();
    return "";
}

bool is_artifact(const json& schema) {
    return schema.value("format", json()) == "artifact";
}

std::optional<double> number_at(const json& schema, const char* key) {
    const auto found = schema.find(key);
    if (found == schema.end() || !found->is_number()) return std::nullopt;
    return found->get<double>();
}

ArgumentType type_of(const std::string& name, const json& schema) {
    if (is_artifact(schema)) return ArgumentType::artifact;
    if (schema.contains("enum") && schema["enum"].is_array()) return ArgumentType::choice;
    const std::string type = type_name(schema);
    if (type == "integer") return ArgumentType::integer;
    if (type == "number") return ArgumentType::number;
    if (type == "boolean") return ArgumentType::boolean;
    if (type == "array" && schema.contains("items") && schema["items"].is_object() &&
        is_artifact(schema["items"]))
        return ArgumentType::artifacts;
    if (type == "string" && name == "study_id") return ArgumentType::study;
    if (type == "string")
        return name == "job_id" || schema.value("format", json()) == "job" ? ArgumentType::job
                                                                           : ArgumentType::string;
    return ArgumentType::other;
}

std::vector<Choice> read_choices(const json& values) {
    std::vector<Choice> choices;
    for (const json& value : values) {
        if (!value.is_string() && !value.is_number() && !value.is_boolean()) continue;
        Choice choice;
        choice.value = value;
        std::string spoken = value.is_string() ? value.get<std::string>() : value.dump();
        for (const Token& token : tokenize(spoken, 8)) choice.whole += token.text;
        std::replace(spoken.begin(), spoken.end(), '_', ' ');
        for (const Token& token : tokenize(spoken, 8)) choice.words.push_back(stem(token.text));
        if (!choice.words.empty()) choices.push_back(std::move(choice));
    }
    return choices;
}

void read_bounds(Argument& argument, const json& schema) {
    argument.minimum = number_at(schema, "minimum");
    argument.maximum = number_at(schema, "maximum");
    if (const auto open = number_at(schema, "exclusiveMinimum")) {
        argument.minimum = open;
        argument.open_minimum = true;
    }
    if (const auto open = number_at(schema, "exclusiveMaximum")) {
        argument.maximum = open;
        argument.open_maximum = true;
    }
    const bool array = argument.type == ArgumentType::artifacts;
    if (const auto least = number_at(schema, array ? "minItems" : "minLength"))
        argument.min_length = static_cast<std::size_t>(std::clamp(*least, 0.0, 1e6));
    if (const auto most = number_at(schema, array ? "maxItems" : "maxLength"))
        argument.max_length = static_cast<std::size_t>(std::clamp(*most, 0.0, 1e9));
}

Argument read_argument(const std::string& name, const json& schema) {
    Argument argument;
    argument.name = name;
    argument.type = type_of(name, schema);
    if (schema.contains("description") && schema["description"].is_string())
        argument.description = schema["description"].get<std::string>();
    while (argument.description.ends_with('.')) argument.description.pop_back();
    argument.has_default = schema.contains("default");
    argument.usual = number_at(schema, "default");
    read_bounds(argument, schema);
    if (argument.type == ArgumentType::choice) argument.choices = read_choices(schema["enum"]);
    const json& artifact = argument.type == ArgumentType::artifacts ? schema["items"] : schema;
    if (argument.takes_artifacts() && artifact.contains("x-artifact-kinds"))
        for (const json& kind : artifact["x-artifact-kinds"])
            if (kind.is_string()) argument.kinds.push_back(kind.get<std::string>());
    if (argument.type == ArgumentType::study) argument.kinds = {"study"};
    return argument;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::vector<Argument> read_arguments(const core::ToolSpec& tool) {
    const json schema = json::parse(tool.input_schema);
    std::vector<Argument> arguments;
    const auto properties = schema.find("properties");
    if (properties == schema.end() || !properties->is_object()) return arguments;
    for (const auto& [name, property] : properties->items())
        if (property.is_object()) arguments.push_back(read_argument(name, property));
    if (schema.contains("required"))
        for (const json& name : schema["required"])
            for (Argument& argument : arguments)
                if (name == argument.name) argument.required = true;
    return arguments;
}

std::string readable_number(double value) {
    if (value != std::floor(value) || std::fabs(value) >= 1e15) {
        json text = value;
        return text.dump();
    }
    std::string digits = std::to_string(static_cast<long long>(std::fabs(value)));
    for (auto at = static_cast<long>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return (value < 0 ? "-" : "") + digits;
}

std::string join_words(const std::vector<std::string>& words, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0 && i + 1 == words.size())
            out += " " + std::string(last) + " ";
        else if (i > 0)
            out += ", ";
        out += words[i];
    }
    return out;
}

std::string Argument::bounds() const {
    if (!choices.empty()) {
        std::vector<std::string> names;
        for (const Choice& choice : choices)
            names.push_back(choice.value.is_string() ? choice.value.get<std::string>() : choice.value.dump());
        return join_words(names, "or");
    }
    if (type != ArgumentType::integer && type != ArgumentType::number) return "";
    const std::string low = minimum ? readable_number(*minimum) : "";
    const std::string high = maximum ? readable_number(*maximum) : "";
    if (minimum && maximum && !open_minimum && !open_maximum) return low + " to " + high;
    std::vector<std::string> parts;
    if (minimum) parts.push_back((open_minimum ? "more than " : "at least ") + low);
    if (maximum) parts.push_back((open_maximum ? "less than " : "at most ") + high);
    return join_words(parts, "and");
}

std::string Argument::problem(const json& value) const {
    if (value.is_number() && (type == ArgumentType::integer || type == ArgumentType::number)) {
        const double number = value.get<double>();
        const std::string said = readable_number(number);
        if (type == ArgumentType::integer && number != std::floor(number))
            return said + " is not a whole number (" + name + ").";
        if (minimum && (number < *minimum || (open_minimum && number == *minimum)))
            return said + " is too small for " + name + ": it must be " + bounds() + ".";
        if (maximum && (number > *maximum || (open_maximum && number == *maximum)))
            return said + " is too large for " + name + ": it must be " + bounds() + ".";
    }
    const bool known = std::any_of(choices.begin(), choices.end(),
                                   [&](const Choice& choice) { return choice.value == value; });
    if (type == ArgumentType::choice && !known) {
        std::string spoken = name;
        std::replace(spoken.begin(), spoken.end(), '_', ' ');
        if (value.is_number())
            return "The " + spoken + " cannot be " + readable_number(value.get<double>()) + ".";
        return "There is no " + spoken + " “" +
               (value.is_string() ? value.get<std::string>() : value.dump()) + "”.";
    }
    if (value.is_string() && type == ArgumentType::string) {
        const std::size_t length = characters(value.get_ref<const std::string&>());
        if (length < min_length)
            return "The " + name + " needs at least " + std::to_string(min_length) + " characters.";
        if (max_length && length > *max_length)
            return "The " + name + " may have at most " + std::to_string(*max_length) + " characters.";
    }
    return "";
}

std::string Argument::question() const {
    std::string asked = description.empty() ? name : description;
    if (description.empty()) std::replace(asked.begin(), asked.end(), '_', ' ');
    // The description may go on with details after its first sentence.
    if (const auto end = asked.find(". "); end != std::string::npos) asked.resize(end);
    const auto begins = [&asked](std::string_view with) { return asked.starts_with(with); };
    if (begins("Number of "))
        asked = "How many " + asked.substr(10);
    else if (begins("How ") || begins("Which ") || begins("What ") || begins("Whom ") || begins("Who "))
        asked += "";
    else
        asked = "What should I use for this: " + asked;
    const std::string allowed = bounds();
    return asked + "?" +
           (allowed.empty() || asked.find(allowed) != std::string::npos ? "" : " (" + allowed + ")");
}

}  // namespace assistd::providers::offline
