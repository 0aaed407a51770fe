#include "providers/anthropic/messages_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json_text.h"
#include "providers/anthropic/message_list.h"
#include "providers/json_read.h"
#include "providers/wire_tools.h"

namespace assistd::providers {
namespace {

constexpr std::string_view json_only =
    "Answer with one JSON object and nothing else: no words before or after it, no Markdown.";

struct ThinkingPlan {
    bool adaptive = false;
    std::int64_t budget_tokens = 0;  // 0: by the model itself, or none at all
    bool any() const { return adaptive || budget_tokens > 0; }
};

// The least that the API takes as a budget for thoughts, and that is kept for the answer beside them.
constexpr std::int64_t least_tokens = 1'024;

ThinkingPlan thinking_plan(std::string_view model, std::string_view effort, std::int64_t most_tokens) {
    if (effort.empty() || effort == "none") return {};
    if (thinks_adaptively(model)) return {.adaptive = true};
    const std::int64_t wanted = effort == "high" ? 24'576 : effort == "medium" ? 8'192 : 2'048;
    const std::int64_t budget = std::min(wanted, most_tokens - least_tokens);
    return {.adaptive = false, .budget_tokens = budget < least_tokens ? 0 : budget};
}

// The budget for thoughts counts towards the whole and must be smaller than it.
std::int64_t together(std::int64_t answer, const ThinkingPlan& plan, const ReplyLimits& limits) {
    return std::min(answer + plan.budget_tokens, limits.most);
}

nlohmann::json response_format(const core::ProviderRequest& request) {
    if (request.wishes.response_format.empty()) return {};
    nlohmann::json format = nlohmann::json::parse(request.wishes.response_format, nullptr, false);
    return format.is_object() ? format : nlohmann::json();
}

void add_thinking(std::string& out, const ThinkingPlan& plan) {
    if (plan.adaptive) out += R"(,"thinking":{"type":"adaptive"})";
    if (plan.budget_tokens > 0) {
        fmt::format_to(std::back_inserter(out), R"(,"thinking":{{"type":"enabled","budget_tokens":{}}})",
                       plan.budget_tokens);
    }
}

void add_output_config(std::string& out, const ThinkingPlan& plan, std::string effort,
                       const nlohmann::json& format) {
    if (effort == "minimal") effort = "low";
    nlohmann::ordered_json config;
    if (plan.adaptive) config["effort"] = effort;
    if (text_of(format, "type") == "json_schema") {
        const nlohmann::json* named = member(format, "json_schema");
        const nlohmann::json* schema = named == nullptr ? nullptr : member(*named, "schema");
        if (schema != nullptr) config["format"] = {{"type", "json_schema"}, {"schema", *schema}};
    }
    if (!config.empty()) out += R"(,"output_config":)" + config.dump();
}

// Thinking models insist on their own temperature, others take one of the two.
void add_sampling(std::string& out, const Wishes& wishes) {
    if (wishes.temperature) {
        fmt::format_to(std::back_inserter(out), R"(,"temperature":{})", std::min(*wishes.temperature, 1.0));
    } else if (wishes.top_p) {
        fmt::format_to(std::back_inserter(out), R"(,"top_p":{})", *wishes.top_p);
    }
}

void add_tool_choice(std::string& out, const core::ProviderRequest& request, const Wishes& wishes) {
    using Kind = core::ToolChoice::Kind;
    if (!request.allow_tools) {
        out += R"(,"tool_choice":{"type":"none"})";
        return;
    }
    const core::ToolChoice& choice = wishes.tool_choice;
    if (choice.kind == Kind::automatic && wishes.parallel_tool_calls) return;
    out += R"(,"tool_choice":{"type":)";
    out += choice.kind == Kind::required ? R"("any")"
           : choice.kind == Kind::named  ? R"("tool")"
                                         : R"("auto")";
    if (choice.kind == Kind::named) append_json_member(out, "name", wire_name(choice.name));
    if (!wishes.parallel_tool_calls) out += R"(,"disable_parallel_tool_use":true)";
    out += '}';
}

// Texts of nothing but blanks are refused by the API.
void add_stop(std::string& out, const Wishes& wishes) {
    std::vector<std::string> stop = wishes.stop;
    std::erase_if(stop, [](const std::string& text) { return is_blank(text); });
    if (!stop.empty()) out += R"(,"stop_sequences":)" + json_list(stop);
}

bool is_forced(const core::ToolChoice& choice) {
    return choice.kind == core::ToolChoice::Kind::required || choice.kind == core::ToolChoice::Kind::named;
}

void add_system(std::string& out, const core::ProviderRequest& request, const nlohmann::json& format) {
    const bool wants_json = text_of(format, "type") == "json_object";
    if (is_blank(request.system) && !wants_json) return;
    out += R"(,"system":[)";
    if (!is_blank(request.system)) {
        out += R"({"type":"text")";
        append_json_member(out, "text", request.system);
        out += cache_mark;
        out += "},";
    }
    if (wants_json) {
        out += R"({"type":"text")";
        append_json_member(out, "text", json_only);
        out += "},";
    }
    close_json(out, ']');
}

}  // namespace

bool thinks_adaptively(std::string_view model) {
    constexpr std::array older = {"claude-2", "claude-3", "-4-0", "-4-1", "-4-5", "-4-2025", "-4@2025"};
    const auto says = [&](std::string_view part) { return model.find(part) != std::string_view::npos; };
    return says("claude") && !model.ends_with("-4") && std::none_of(older.begin(), older.end(), says);
}

ReplyLimits reply_limits(const ModelSettings& model) {
    // Where the config does not say what the model can give, half of its window is left to the prompt.
    ReplyLimits limits;
    limits.most = model.max_output_tokens.value_or(model.context_window / 2);
    limits.answer = std::min(model.max_output_tokens.value_or(limits.answer), limits.most);
    return limits;
}

std::int64_t most_reply_tokens(const ModelSettings& model, std::optional<std::int64_t> max_tokens) {
    const ReplyLimits limits = reply_limits(model);
    const ThinkingPlan plan = thinking_plan(model.name, effort_of(model.thinking), limits.most);
    return together(max_tokens.value_or(limits.answer), plan, limits);
}

std::string render_messages_request(const core::ProviderRequest& request, const MessagesRequestParts& parts) {
    MessageList messages(parts);
    messages.add(request.messages);
    if (!parts.paused.empty()) messages.add_paused(parts.paused);
    ThinkingPlan plan = thinking_plan(request.model, parts.wishes.effort, parts.limits.most);
    // Models with a budget refuse to go on thinking in a reply that did not begin with a thought of theirs:
    // after a change of provider in the middle of a turn they do without.
    if (!plan.adaptive && messages.reply_begun_without_thoughts()) plan = {};
    // A model that thinks may not be made to call a tool.
    if (!parts.tools.empty() && request.allow_tools && is_forced(parts.wishes.tool_choice)) plan = {};
    const nlohmann::json format = response_format(request);
    const std::int64_t answer = parts.wishes.max_tokens.value_or(parts.limits.answer);

    std::string out = R"({"stream":true)";
    append_json_member(out, "model", request.model);
    fmt::format_to(std::back_inserter(out), R"(,"max_tokens":{})", together(answer, plan, parts.limits));
    add_thinking(out, plan);
    add_output_config(out, plan, parts.wishes.effort, format);
    if (!plan.any()) add_sampling(out, parts.wishes);
    add_stop(out, parts.wishes);
    if (!parts.tools.empty()) {
        // They stay when none may be called: the history mentions them, and they are the cached prefix.
        out += R"(,"tools":)";
        out += parts.tools;
        add_tool_choice(out, request, parts.wishes);
    }
    add_system(out, request, format);
    out += R"(,"messages":)";
    out += messages.finish();
    out += '}';
    return out;
}

std::string render_messages_tools(const core::ToolSet& tools) {
    std::string out;
    if (tools.tools.empty()) return out;
    out += '[';
    for (const auto& tool : tools.tools) {
        out += R"({"name":)";
        append_json_string(out, wire_name(tool->name));
        append_json_member(out, "description", tool->description);
        out += R"(,"input_schema":)";
        out += wire_schema(tool->input_schema);
        if (tool == tools.tools.back()) out += cache_mark;
        out += "},";
    }
    close_json(out, ']');
    return out;
}

}  // namespace assistd::providers
