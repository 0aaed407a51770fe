#include "check/schema_checks.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tools/schema.h"

namespace assistd::check {
namespace {

using Json = nlohmann::json;

bool compiles(const std::string& tool, const char* which, const std::string& text, Report& report) {
    try {
        const tools::CompiledSchema schema(text);
        return true;
    } catch (const Error& error) {
        report.fail(tool, std::string("Its ") + which + " schema cannot be used: " + error.what());
        return false;
    }
}

// The property's own schema, with the definitions that it may refer to.
std::string alone(const Json& root, const Json& property) {
    Json schema = property;
    for (const char* key : {"definitions", "$defs"})
        if (root.contains(key) && !schema.contains(key)) schema[key] = root.at(key);
    return schema.dump();
}

bool defaults_fit(const core::ToolSpec& tool, Report& report) {
    const Json root = Json::parse(tool.input_schema);
    bool good = true;
    const Json properties = root.value("properties", Json::object());
    for (const auto& [name, property] : properties.items()) {
        if (!property.is_object() || !property.contains("default")) continue;
        const tools::Wording wording{"The default of " + name, "a default of " + name};
        const auto errors =
            tools::CompiledSchema(alone(root, property)).check(property.at("default"), wording);
        for (const FieldError& error : errors) report.fail(tool.name, error.message);
        good = good && errors.empty();
    }
    return good;
}

// What is allowed, but serves nobody.
void advise(const core::ToolSpec& tool, Report& report) {
    const Json properties = Json::parse(tool.input_schema).value("properties", Json::object());
    std::vector<std::string> undescribed;
    for (const auto& [name, property] : properties.items())
        if (property.is_object() && !property.contains("description")) undescribed.push_back(name);
    if (!undescribed.empty())
        report.note(tool.name, "Models are not told what " + listed(undescribed) +
                                   " means; give it a description in the input schema.");
    if (tool.output_schema == "{}")
        report.note(tool.name, "It has no output schema, so nobody notices when its results change.");
}

}  // namespace

void check_schemas(const PluginUnderTest& plugin, Report& report) {
    for (const auto& tool : plugin.manifest.tools) {
        const bool input = compiles(tool->name, "input", tool->input_schema, report);
        const bool output = compiles(tool->name, "output", tool->output_schema, report);
        if (input && output && defaults_fit(*tool, report))
            report.ok(tool->name, "Its schemas can be used, and the defaults fit them.");
        if (input) advise(*tool, report);
    }
}

}  // namespace assistd::check
