#include "api/assistants/run_request.h"

#include <algorithm>

#include "api/assistants/assistant_fields.h"
#include "api/assistants/thread_files.h"
#include "api/assistants/tools.h"
#include "api/openai/chat_request.h"
#include "api/openai/ids.h"
#include "api/openai/metadata.h"
#include "core/assistant_options.h"

namespace assistd::api::assistants {
namespace {

using openai::Fields;
namespace prefix = openai::prefix;

constexpr std::size_t most_tools_of_run = 20;
constexpr std::size_t longest_instructions = 256'000;  // characters
constexpr std::int64_t fewest_tokens = 256;
constexpr std::int64_t most_tokens = 1'000'000'000;
// How long a run may take, the waiting for its client included.
constexpr std::chrono::minutes lifetime{10};

void take_limits(const Fields& body, core::TurnOptions& options, Json& echo) {
    const auto prompt = body.integer("max_prompt_tokens", fewest_tokens, most_tokens);
    const auto completion = body.integer("max_completion_tokens", fewest_tokens, most_tokens);
    options.max_prompt_tokens = prompt.value_or(0);
    options.max_completion_tokens = completion.value_or(0);
    if (prompt) echo["max_prompt_tokens"] = *prompt;
    if (completion) echo["max_completion_tokens"] = *completion;
    const auto truncation = body.object("truncation_strategy");
    if (!truncation) return;
    const std::string type = truncation->required("type").choice({"auto", "last_messages"});
    const auto last = truncation->integer("last_messages", 1, 1'000'000);
    if (type == "last_messages" && !last) truncation->refuse("last_messages", "must be given.");
    if (type == "last_messages") options.last_messages = static_cast<int>(*last);
    echo["truncation_strategy"] = {{"type", type},
                                   {"last_messages", type == "auto" ? Json() : Json(last.value_or(0))}};
}

// What the run does not say is the assistant's.
void take_wishes(const Fields& body, core::TurnOptions& options, Json& echo) {
    const core::ModelWishes of_assistant = options.wishes;
    core::ModelWishes& wishes = options.wishes;
    wishes = openai::read_wishes(body);
    if (!wishes.temperature) wishes.temperature = of_assistant.temperature;
    if (!wishes.top_p) wishes.top_p = of_assistant.top_p;
    if (wishes.reasoning_effort.empty()) wishes.reasoning_effort = of_assistant.reasoning_effort;
    if (!body.has("response_format")) wishes.response_format = of_assistant.response_format;
    echo["temperature"] = openai::or_null(wishes.temperature);
    echo["top_p"] = openai::or_null(wishes.top_p);
    echo["reasoning_effort"] = openai::text_or_null(wishes.reasoning_effort);
    echo["parallel_tool_calls"] = wishes.parallel_tool_calls;
    if (const auto choice = body.find("tool_choice")) echo["tool_choice"] = *choice->value;
    if (!wishes.response_format.empty()) echo["response_format"] = Json::parse(wishes.response_format);
}

void check_tool_choice(const Fields& body, const core::TurnOptions& options) {
    const core::ToolChoice& choice = options.wishes.tool_choice;
    if (choice.kind == core::ToolChoice::Kind::required && options.client_tools.empty() && options.tools &&
        options.tools->empty())
        body.refuse("tool_choice", "is \"required\", and the run has no tools.");
    if (choice.kind != core::ToolChoice::Kind::named || options.is_client_tool(choice.name)) return;
    const bool ours = options.tools && std::find(options.tools->begin(), options.tools->end(), choice.name) !=
                                           options.tools->end();
    if (!ours)
        body.refuse("tool_choice",
                    "names \"" + choice.name + "\", which is not among the tools of this run.");
}

}  // namespace

Task<RunRequest> read_run(const Services& services, core::Owner owner, Fields body) {
    const std::string named = body.required_text("assistant_id", 256);
    const auto id = AssistantId::parse(named, prefix::assistant);
    if (!id) throw openai::nothing_found("assistant", named);
    const core::Assistant assistant = co_await services.assistants.find(owner, *id);

    const auto offered = services.tools.offered_to(owner);
    RunRequest run;
    Json echo = Json::object();
    core::TurnOptions& options = run.options;
    options = core::options_of(assistant, *offered);
    run.model = body.text("model", 512).value_or(assistant.model);
    if (const auto instead = body.text("instructions", longest_instructions)) options.instructions = *instead;
    const auto more = body.text("additional_instructions", longest_instructions);
    if (more && !more->empty()) options.instructions += (options.instructions.empty() ? "" : "\n\n") + *more;
    echo["model"] = run.model;
    echo["instructions"] = options.instructions;

    std::string tools = assistant.tools;
    if (body.find("tools")) {
        tools = read_tools(body, has_code_interpreter(services), most_tools_of_run);
        options.tools.emplace();
        options.client_tools.clear();
        core::take_tools(tools, *offered, options);
    }
    echo["tools"] = Json::parse(tools);
    take_limits(body, options, echo);
    take_wishes(body, options, echo);
    check_tool_choice(body, options);
    options.expires_at = now() + lifetime;
    options.echo = openai::to_text(echo);
    run.metadata = openai::read_metadata(body);
    run.stream = body.boolean("stream").value_or(false);
    co_return run;
}

Task<void> take_resources(const Services& services, core::Owner owner, Fields body, RunRequest& run) {
    if (!body.has("tool_resources")) co_return;
    Additions none{std::move(owner)};  // no store is described here
    const std::string given = read_tool_resources(body, false);
    const std::string resources = co_await settle_resources(services, none, given);
    run.options.vector_stores.clear();
    core::take_vector_stores(resources, run.options);
}

}  // namespace assistd::api::assistants
