#include "api/openai/chat_request.h"

#include <algorithm>
#include <limits>

#include "api/openai/errors.h"
#include "api/openai/json.h"

namespace assistd::api::openai {
namespace {

constexpr std::size_t most_tools = 128;
constexpr std::size_t most_stops = 4;

core::ToolChoice read_tool_choice(const Fields& body) {
    using Kind = core::ToolChoice::Kind;
    const auto choice = body.find("tool_choice");
    if (!choice) return {};
    if (choice->value->is_string()) {
        const std::string word = choice->choice({"none", "auto", "required"});
        return {word == "none" ? Kind::none : word == "required" ? Kind::required : Kind::automatic};
    }
    const Fields named(*choice);
    const std::string type = named.text("type", 64).value_or("function");
    if (type != "function") return {Kind::named, type};
    const auto function = named.object("function");
    if (!function)
        named.refuse("function", "must be given: {\"type\": \"function\", \"function\": {\"name\": …}}.");
    return {Kind::named, function->required_text("name", 256)};
}

std::string read_response_format(const Fields& body) {
    const auto given = body.find("response_format");
    if (!given || (given->value->is_string() && *given->value == "auto")) return {};
    const Fields format(*given);
    const std::string type = format.required("type").choice({"text", "json_object", "json_schema"});
    if (type == "text") return {};
    if (type == "json_schema") {
        const auto schema = format.object("json_schema");
        if (!schema) format.refuse("json_schema", "must be given.");
        schema->required_text("name", 64);
    }
    return to_text(*given->value);
}

// A text or up to four of them.
std::vector<std::string> read_stops(const Fields& body) {
    const auto stop = body.find("stop");
    if (!stop) return {};
    if (stop->value->is_string()) return {stop->text(1'000)};
    return body.texts("stop", most_stops, 1'000);
}

void refuse_what_is_not_done(const Fields& body) {
    if (body.integer("n", 1, 128).value_or(1) != 1) body.refuse("n", "must be 1: there is one answer.");
    if (body.has("functions") && !body.is_null("functions"))
        body.refuse("functions", "was replaced by tools.");
    for (const Field& modality : body.items("modalities", 8))
        if (modality.text(64) != "text") refuse(modality.path, modality.path + " must be \"text\".");
    if (body.boolean("logprobs").value_or(false))
        body.refuse("logprobs", "must be false: probabilities of tokens are not told.");
}

// Where the exchange is kept: the header, or metadata.conversation_id.
std::string read_conversation(const http::Request& request, const Fields& body) {
    const auto header = request.header("X-Conversation-ID");
    if (header && !header->empty()) return *header;
    const auto metadata = body.object("metadata");
    return metadata ? metadata->text("conversation_id", 512).value_or("") : "";
}

}  // namespace

core::ModelWishes read_wishes(const Fields& body) {
    core::ModelWishes wishes;
    wishes.temperature = body.number("temperature", 0, 2);
    wishes.top_p = body.number("top_p", 0, 1);
    wishes.reasoning_effort =
        body.choice("reasoning_effort", {"none", "minimal", "low", "medium", "high", "xhigh"}).value_or("");
    if (wishes.reasoning_effort == "xhigh") wishes.reasoning_effort = "high";
    wishes.response_format = read_response_format(body);
    wishes.tool_choice = read_tool_choice(body);
    wishes.parallel_tool_calls = body.boolean("parallel_tool_calls").value_or(true);
    return wishes;
}

core::ClientTool read_function(const Fields& tool) {
    const auto function = tool.object("function");
    if (!function) tool.refuse("function", "must be given.");
    core::ClientTool read;
    read.name = function->required_text("name", 64);
    const auto is_plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
    if (!std::all_of(read.name.begin(), read.name.end(), is_plain))
        function->refuse("name", "may have letters, digits, \"_\" and \"-\".");
    read.description = function->text("description", 1 << 20).value_or("");
    const auto parameters = function->object("parameters");
    read.parameters = parameters ? to_text(parameters->json()) : R"({"type":"object","properties":{}})";
    return read;
}

ChatRequest read_chat_request(const http::Request& request, const HandedOut& handed_out) {
    const Json json = read_body(request);
    const Fields body(json);
    ChatRequest read;
    read.model = body.required_text("model", 512);
    refuse_what_is_not_done(body);
    core::TurnOptions& options = read.options;
    options.wishes = read_wishes(body);
    constexpr std::int64_t most = std::numeric_limits<int>::max();
    auto tokens = body.integer("max_completion_tokens", 1, most);
    if (!tokens) tokens = body.integer("max_tokens", 1, most);
    if (tokens) options.wishes.max_tokens = static_cast<int>(*tokens);
    options.wishes.frequency_penalty = body.number("frequency_penalty", -2, 2);
    options.wishes.presence_penalty = body.number("presence_penalty", -2, 2);
    constexpr std::int64_t most_exact = std::int64_t{1} << 53;
    options.wishes.seed = body.integer("seed", -most_exact, most_exact);
    options.wishes.stop = read_stops(body);
    for (const Fields& tool : body.objects("tools", most_tools)) {
        if (tool.required_text("type", 64) != "function") tool.refuse("type", "must be \"function\".");
        core::ClientTool function = read_function(tool);
        if (options.is_client_tool(function.name))
            tool.refuse("function.name", "is \"" + function.name + "\", as another tool's is.");
        options.client_tools.push_back(std::move(function));
    }
    read.stream = body.boolean("stream").value_or(false);
    if (const auto stream = body.object("stream_options"))
        read.stream_usage = stream->boolean("include_usage").value_or(false);
    read.conversation = read_conversation(request, body);
    read.said = read_chat_messages(body, handed_out);
    options.instructions = read.said.instructions;
    return read;
}

}  // namespace assistd::api::openai
