#include "api/chatkit/input.h"

#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "api/openai/model_named.h"
#include "base/blank.h"
#include "core/assistant_options.h"

namespace assistd::api::chatkit {
namespace {

using openai::Fields;

constexpr std::size_t longest_text = 1 << 20;
constexpr std::size_t longest_name = 256;
constexpr std::size_t most_parts = 100;
constexpr std::size_t most_attachments = 20;

std::string read_content(const Fields& input) {
    std::string text;
    for (const Fields& part : input.objects("content", most_parts)) {
        const std::string type = part.required("type").choice({"input_text", "input_tag"});
        if (type == "input_tag") part.required_text("id", longest_name);
        text += part.required("text").text(longest_text);
    }
    return text;
}

std::string text_in(const Json& json, const char* field) {
    const auto found = json.find(field);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Who answers: the assistant that the options name, or the thread's, or none.
Task<void> take_options(const Services& services, const core::Conversation& thread, const Json& options,
                        core::TurnRequest& request) {
    auto wished = std::make_shared<core::TurnOptions>();
    const std::string model = text_in(options, "model");
    auto id = AssistantId::parse(model, openai::prefix::assistant);
    const bool named = id.has_value();
    if (!id) id = AssistantId::parse(thread.assistant_id);
    std::optional<core::Assistant> assistant;
    try {
        if (id) assistant = co_await services.assistants.find(request.owner, *id);
    } catch (const Error& error) {
        // One that was deleted since is no assistant.
        if (error.code() != ErrorCode::not_found) throw;
        if (named)
            openai::refuse("params.input.inference_options.model", "There is no assistant " + model + ".");
    }
    std::string wanted = named ? "" : model;
    if (assistant) {
        *wished = core::options_of(*assistant, *services.tools.offered_to(request.owner));
        core::take_vector_stores(thread.tool_resources, *wished);
        core::settle_search(*wished);
        // A ChatKit client is asked for one result at a time.
        if (!wished->client_tools.empty()) wished->wishes.parallel_tool_calls = false;
        if (wanted.empty() && thread.model.empty()) wanted = assistant->model;
    }
    if (const auto choice = options.find("tool_choice"); choice != options.end() && choice->is_object())
        wished->wishes.tool_choice = {core::ToolChoice::Kind::named, text_in(*choice, "id")};
    if (!wanted.empty()) {
        const core::ProviderChoice choice = openai::model_named(services, wanted);
        request.provider = choice.provider_name;
        request.model = choice.model;
    }
    if (*wished != *core::usual_options()) request.options = std::move(wished);
}

void check_tool_choice(const Services& services, const core::TurnRequest& request) {
    const core::ToolChoice& choice = request.options->wishes.tool_choice;
    if (choice.kind != core::ToolChoice::Kind::named || request.options->is_client_tool(choice.name)) return;
    if (!services.tools.offered_to(request.owner)->find(choice.name))
        openai::refuse("params.input.inference_options.tool_choice.id",
                       "There is no tool \"" + choice.name + "\".");
}

}  // namespace

UserInput read_input(const Fields& params) {
    params.required("input");
    const Fields fields = *params.object("input");
    for (const char* name : {"content", "attachments", "inference_options"}) fields.required(name);
    UserInput input;
    input.text = read_content(fields);
    input.attachments = fields.texts("attachments", most_attachments);
    input.quoted_text = fields.text("quoted_text", longest_text).value_or("");
    if (const auto options = fields.object("inference_options")) {
        options->text("model", longest_name);
        if (const auto choice = options->object("tool_choice")) choice->required_text("id", longest_name);
        input.inference_options = options->json();
    }
    if (is_blank(input.text) && input.attachments.empty()) fields.refuse("content", "must not be blank");
    return input;
}

std::optional<AssistantId> assistant_named(const UserInput& input) {
    return AssistantId::parse(text_in(input.inference_options, "model"), openai::prefix::assistant);
}

Task<core::TurnRequest> turn_for(const Services& services, core::Owner owner, core::Conversation thread,
                                 UserInput input) {
    core::TurnRequest request;
    request.owner = std::move(owner);
    request.conversation = thread.id;
    Json metadata = Json::object();
    if (!input.quoted_text.empty()) {
        request.content = quotation(input.quoted_text);
        metadata["quoted_text"] = input.quoted_text;
    }
    request.content += input.text;
    if (!input.inference_options.empty()) metadata["inference_options"] = to_text(input.inference_options);
    request.message_metadata = to_text(metadata);
    for (const std::string& given : input.attachments) {
        const auto id = ArtifactId::parse(given, prefix::attachment);
        std::optional<core::Artifact> file;
        try {
            if (id) file = co_await services.artifacts.find(request.owner, id->text());
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
        }
        if (!file)
            openai::refuse("params.input.attachments",
                           "There is no attachment " + given + "; it must be uploaded before it is sent.");
        request.attachments.push_back(std::move(*file));
    }
    co_await take_options(services, thread, input.inference_options, request);
    check_tool_choice(services, request);
    co_return request;
}

Task<core::TurnRequest> turn_again(const Services& services, core::Owner owner, core::Conversation thread,
                                   core::Message message) {
    core::TurnRequest request;
    request.owner = std::move(owner);
    request.conversation = thread.id;
    request.again = true;
    request.back_to = message.id;
    const Json metadata = Json::parse(message.metadata, nullptr, false);
    Json options =
        metadata.is_object() ? Json::parse(text_in(metadata, "inference_options"), nullptr, false) : Json();
    if (!options.is_object()) options = Json::object();
    co_await take_options(services, thread, options, request);
    co_return request;
}

}  // namespace assistd::api::chatkit
