#include "tools/mcp/mcp_headers.h"

#include <algorithm>
#include <set>

#include "base/base64.h"
#include "base/error.h"

namespace assistd::tools::mcp {
namespace {

bool is_token(const std::string& text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

bool is_mentioned(const Json& schema) {
    if (schema.is_object() && schema.contains("x-mcp-header")) return true;
    return schema.is_structured() && std::any_of(schema.begin(), schema.end(), is_mentioned);
}

[[noreturn]] void refuse(const std::string& words) {
    throw Error(ErrorCode::validation, "Its input schema has an x-mcp-header that " + words + ".");
}

HeaderArgument read(const Json& property, std::vector<std::string> path, std::set<std::string>& taken) {
    const std::string name = text_in(property, "x-mcp-header");
    if (!is_token(name)) refuse("is no name of a header");
    const std::string type = text_in(property, "type");
    if (type != "string" && type != "integer" && type != "boolean")
        refuse("stands at something else than a string, an integer or a boolean");
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    if (!taken.insert(lower).second) refuse("is there twice");
    return {std::move(path), name};
}

void find(const Json& schema, const std::vector<std::string>& path, std::set<std::string>& taken,
          std::vector<HeaderArgument>& found) {
    if (!schema.is_object()) return;
    if (schema.contains("x-mcp-header")) {
        if (path.empty()) refuse("stands at the whole schema");
        found.push_back(read(schema, path, taken));
    }
    for (const auto& [key, part] : schema.items()) {
        if (key == "properties" && part.is_object()) {
            for (const auto& [name, property] : part.items()) {
                std::vector<std::string> deeper = path;
                deeper.push_back(name);
                find(property, deeper, taken, found);
            }
        } else if (key != "default" && key != "examples" && key != "enum" && key != "const" &&
                   is_mentioned(part)) {
            refuse("stands where no single argument is meant");
        }
    }
}

}  // namespace

std::vector<HeaderArgument> header_arguments(const Json& input_schema) {
    std::vector<HeaderArgument> found;
    std::set<std::string> taken;
    if (is_mentioned(input_schema)) find(input_schema, {}, taken, found);
    return found;
}

std::vector<std::string> headers_for(const std::string& name, const std::vector<HeaderArgument>& arguments,
                                     const Json& values) {
    std::vector<std::string> lines;
    if (!name.empty()) lines.push_back("Mcp-Name: " + header_value(name));
    for (const HeaderArgument& argument : arguments) {
        const Json* value = &values;
        for (const std::string& step : argument.path) value = &member(*value, step.c_str());
        std::string text;
        if (value->is_string())
            text = value->get<std::string>();
        else if (value->is_boolean() || value->is_number_integer())
            text = value->dump();
        else
            continue;
        lines.push_back("Mcp-Param-" + argument.header + ": " + header_value(text));
    }
    return lines;
}

std::string header_value(const std::string& text) {
    const auto is_plain = [](char c) { return c == '\t' || (c >= 0x20 && c <= 0x7E); };
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    const bool as_it_is = !text.empty() && std::all_of(text.begin(), text.end(), is_plain) &&
                          !is_blank(text.front()) && !is_blank(text.back()) &&
                          !(text.starts_with("=?base64?") && text.ends_with("?="));
    return as_it_is ? text : "=?base64?" + to_base64(text) + "?=";
}

}  // namespace assistd::tools::mcp
