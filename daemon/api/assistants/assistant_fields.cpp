#include "api/assistants/assistant_fields.h"

#include <algorithm>

#include "api/assistants/tools.h"
#include "api/openai/errors.h"
#include "api/openai/metadata.h"
#include "api/openai/model_named.h"

namespace assistd::api::assistants {
namespace {

using openai::Fields;

constexpr std::size_t most_name = 256;
constexpr std::size_t most_description = 512;
constexpr std::size_t most_instructions = 256'000;

std::string read_model(const Services& services, const Fields& fields) {
    std::string model = fields.required_text("model", most_name);
    try {
        openai::model_named(services, model);
    } catch (const Error& error) {
        openai::refuse("model", error.what());
    }
    return model;
}

// Set when the field is there: to `read(name)`, or to nothing for null.
template <class T, class Read>
void set_if_given(const Fields& fields, std::string_view name, std::optional<T>& into, const Read& read) {
    if (fields.has(name)) into = read(name);
}

// Of a new one, or of a change.
core::AssistantChange read_fields(const Services& services, const Fields& fields, bool is_new) {
    core::AssistantChange change;
    const auto text = [&](std::size_t most) {
        return [&fields, most](std::string_view name) { return fields.text(name, most).value_or(""); };
    };
    if (fields.has("model")) change.model = read_model(services, fields);
    set_if_given(fields, "name", change.name, text(most_name));
    set_if_given(fields, "description", change.description, text(most_description));
    set_if_given(fields, "instructions", change.instructions, text(most_instructions));
    set_if_given(fields, "tools", change.tools,
                 [&](std::string_view) { return read_tools(fields, has_code_interpreter(services)); });
    set_if_given(fields, "tool_resources", change.tool_resources,
                 [&](std::string_view) { return read_tool_resources(fields, is_new); });
    set_if_given(fields, "response_format", change.response_format,
                 [&](std::string_view) { return read_response_format(fields); });
    set_if_given(fields, "temperature", change.temperature,
                 [&](std::string_view name) { return fields.number(name, 0, 2); });
    set_if_given(fields, "top_p", change.top_p,
                 [&](std::string_view name) { return fields.number(name, 0, 1); });
    set_if_given(fields, "reasoning_effort", change.reasoning_effort, [&](std::string_view name) {
        return fields.choice(name, {"none", "minimal", "low", "medium", "high", "xhigh"}).value_or("");
    });
    change.metadata = openai::read_metadata_patch(fields);
    return change;
}

}  // namespace

core::AssistantChange read_assistant_change(const Services& services, const Fields& fields) {
    return read_fields(services, fields, false);
}

core::Assistant read_assistant(const Services& services, const core::Owner& owner, const Fields& fields) {
    fields.required("model");
    const core::AssistantChange given = read_fields(services, fields, true);
    core::Assistant assistant;
    assistant.id = AssistantId::make();
    assistant.owner = owner;
    assistant.created_at = now();
    assistant.model = given.model.value_or("");
    assistant.name = given.name.value_or("");
    assistant.description = given.description.value_or("");
    assistant.instructions = given.instructions.value_or("");
    assistant.tools = given.tools.value_or("[]");
    assistant.tool_resources = given.tool_resources.value_or("{}");
    assistant.response_format = given.response_format.value_or("");
    assistant.temperature = given.temperature.value_or(std::nullopt);
    assistant.top_p = given.top_p.value_or(std::nullopt);
    assistant.reasoning_effort = given.reasoning_effort.value_or("");
    assistant.metadata = openai::read_metadata(fields);
    return assistant;
}

bool has_code_interpreter(const Services& services) {
    const auto tools = services.tools.all();
    return std::any_of(tools->tools.begin(), tools->tools.end(),
                       [](const auto& tool) { return tool->name == "code_interpreter"; });
}

}  // namespace assistd::api::assistants
