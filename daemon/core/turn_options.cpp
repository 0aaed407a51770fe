#include "core/turn_options.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assistd::core {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view choices[] = {"auto", "none", "required", "named"};

// Only what differs from the usual options is written: most turns have none.
template <class T>
void put(Json& json, const char* name, const T& value, const T& usual) {
    if (value != usual) json[name] = value;
}
template <class T>
void put(Json& json, const char* name, const std::optional<T>& value) {
    if (value) json[name] = *value;
}
template <class T>
void take(const Json& json, const char* name, T& value) {
    if (const auto found = json.find(name); found != json.end()) found->get_to(value);
}
template <class T>
void take(const Json& json, const char* name, std::optional<T>& value) {
    if (const auto found = json.find(name); found != json.end()) value = found->get<T>();
}

void put_wishes(Json& json, const ModelWishes& wishes) {
    const ModelWishes usual;
    put(json, "max_tokens", wishes.max_tokens);
    put(json, "temperature", wishes.temperature);
    put(json, "top_p", wishes.top_p);
    put(json, "frequency_penalty", wishes.frequency_penalty);
    put(json, "presence_penalty", wishes.presence_penalty);
    put(json, "seed", wishes.seed);
    put(json, "stop", wishes.stop, usual.stop);
    put(json, "reasoning_effort", wishes.reasoning_effort, usual.reasoning_effort);
    put(json, "response_format", wishes.response_format, usual.response_format);
    if (wishes.tool_choice != usual.tool_choice) {
        json["tool_choice"] = choices[static_cast<std::size_t>(wishes.tool_choice.kind)];
        put(json, "tool_choice_name", wishes.tool_choice.name, usual.tool_choice.name);
    }
    put(json, "parallel_tool_calls", wishes.parallel_tool_calls, usual.parallel_tool_calls);
}

void take_wishes(const Json& json, ModelWishes& wishes) {
    take(json, "max_tokens", wishes.max_tokens);
    take(json, "temperature", wishes.temperature);
    take(json, "top_p", wishes.top_p);
    take(json, "frequency_penalty", wishes.frequency_penalty);
    take(json, "presence_penalty", wishes.presence_penalty);
    take(json, "seed", wishes.seed);
    take(json, "stop", wishes.stop);
    take(json, "reasoning_effort", wishes.reasoning_effort);
    take(json, "response_format", wishes.response_format);
    const std::string choice = json.value("tool_choice", "auto");
    const auto found = std::find(std::begin(choices), std::end(choices), choice);
    if (found != std::end(choices))
        wishes.tool_choice.kind = static_cast<ToolChoice::Kind>(found - std::begin(choices));
    take(json, "tool_choice_name", wishes.tool_choice.name);
    take(json, "parallel_tool_calls", wishes.parallel_tool_calls);
}

}  // namespace

bool TurnOptions::is_client_tool(std::string_view name) const {
    return std::any_of(client_tools.begin(), client_tools.end(),
                       [&](const ClientTool& tool) { return tool.name == name; });
}

const TurnOptionsPtr& usual_options() {
    static const TurnOptionsPtr usual = std::make_shared<const TurnOptions>();
    return usual;
}

TurnOptionsPtr unattended(TurnOptions options) {
    options.unattended = true;
    return std::make_shared<const TurnOptions>(std::move(options));
}

std::string text_of(const TurnOptions& options) {
    const TurnOptions& usual = *usual_options();
    if (options == usual) return {};
    Json json = Json::object();
    put_wishes(json, options.wishes);
    put(json, "assistant_id", options.assistant_id, usual.assistant_id);
    put(json, "echo", options.echo, usual.echo);
    put(json, "instructions", options.instructions, usual.instructions);
    put(json, "plain_prompt", options.plain_prompt, usual.plain_prompt);
    put(json, "tools", options.tools);
    for (const ClientTool& tool : options.client_tools)
        json["client_tools"].push_back(
            {{"name", tool.name}, {"description", tool.description}, {"parameters", tool.parameters}});
    put(json, "client_calls_end_it", options.client_calls_end_it, usual.client_calls_end_it);
    put(json, "unattended", options.unattended, usual.unattended);
    for (const VectorStoreId store : options.vector_stores) json["vector_stores"].push_back(store.text());
    put(json, "search_results", options.search_results, usual.search_results);
    put(json, "search_threshold", options.search_threshold, usual.search_threshold);
    put(json, "last_messages", options.last_messages, usual.last_messages);
    put(json, "max_prompt_tokens", options.max_prompt_tokens, usual.max_prompt_tokens);
    put(json, "max_completion_tokens", options.max_completion_tokens, usual.max_completion_tokens);
    if (options.expires_at != usual.expires_at) json["expires_at"] = to_micros(options.expires_at);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

TurnOptionsPtr options_from(std::string_view text) {
    if (text.empty()) return usual_options();
    const Json json = Json::parse(text);
    auto options = std::make_shared<TurnOptions>();
    take_wishes(json, options->wishes);
    take(json, "assistant_id", options->assistant_id);
    take(json, "echo", options->echo);
    take(json, "instructions", options->instructions);
    take(json, "plain_prompt", options->plain_prompt);
    take(json, "tools", options->tools);
    if (const auto tools = json.find("client_tools"); tools != json.end())
        for (const Json& tool : *tools)
            options->client_tools.push_back({tool.at("name").get<std::string>(),
                                             tool.at("description").get<std::string>(),
                                             tool.at("parameters").get<std::string>()});
    take(json, "client_calls_end_it", options->client_calls_end_it);
    take(json, "unattended", options->unattended);
    if (const auto stores = json.find("vector_stores"); stores != json.end())
        for (const Json& store : *stores)
            options->vector_stores.push_back(VectorStoreId::parse(store.get<std::string>()).value());
    take(json, "search_results", options->search_results);
    take(json, "search_threshold", options->search_threshold);
    take(json, "last_messages", options->last_messages);
    take(json, "max_prompt_tokens", options->max_prompt_tokens);
    take(json, "max_completion_tokens", options->max_completion_tokens);
    if (const auto time = json.find("expires_at"); time != json.end())
        options->expires_at = from_micros(time->get<std::int64_t>());
    return options;
}

}  // namespace assistd::core
