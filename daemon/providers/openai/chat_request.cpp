#include "providers/openai/chat_request.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "providers/json_text.h"

namespace assistd::providers {
namespace {

using core::Message;
using core::Role;

void append_text_message(std::string& out, std::string_view role, std::string_view text) {
    out += R"({"role":")";
    out += role;
    out += R"(","content":)";
    append_json_string(out, text);
    out += "},";
}

void append_tool_call(std::string& out, const core::ToolCallBlock& call) {
    out += R"({"id":)";
    append_json_string(out, call.call_id);
    out += R"(,"type":"function","function":{"name":)";
    append_json_string(out, call.name);
    out += R"(,"arguments":)";
    // Arguments that were cut off are no JSON; some servers refuse the whole request for them. The call's
    // result tells the model what was wrong.
    append_json_string(out, nlohmann::json::accept(call.arguments) ? call.arguments : "{}");
    out += "}},";
}

void close_list(std::string& out, char bracket) {
    if (out.back() == ',')
        out.back() = bracket;
    else
        out += bracket;
}

// One pass over the blocks for each part that the wire form keeps apart.
void append_assistant_message(std::string& out, const Message& message, bool in_current_turn) {
    std::string text;
    std::string thinking;
    bool calls = false;
    for (const auto& block : message.blocks) {
        if (const auto* part = std::get_if<core::TextBlock>(&block)) text += part->text;
        // A sealed thought is another provider's and means nothing here.
        if (const auto* thought = std::get_if<core::ThinkingBlock>(&block)) {
            if (thought->signature.empty()) thinking += thought->text;
        }
        calls = calls || std::holds_alternative<core::ToolCallBlock>(block);
    }
    out += R"({"role":"assistant","content":)";
    if (text.empty() && calls)
        out += "null";
    else
        append_json_string(out, text);
    // Servers that reason want their reasoning back while its tool calls are answered, and not afterwards.
    if (!thinking.empty() && calls && in_current_turn) {
        out += R"(,"reasoning_content":)";
        append_json_string(out, thinking);
    }
    if (calls) {
        out += R"(,"tool_calls":[)";
        for (const auto& block : message.blocks) {
            if (const auto* call = std::get_if<core::ToolCallBlock>(&block)) append_tool_call(out, *call);
        }
        close_list(out, ']');
    }
    out += "},";
}

void append_tool_results(std::string& out, const Message& message) {
    for (const auto& block : message.blocks) {
        const auto* result = std::get_if<core::ToolResultBlock>(&block);
        if (result == nullptr) continue;
        out += R"({"role":"tool","tool_call_id":)";
        append_json_string(out, result->call_id);
        out += R"(,"content":)";
        append_json_string(out, result->content);
        out += "},";
    }
}

void append_user_message(std::string& out, const Message& message) {
    std::string text;
    for (const auto& block : message.blocks) {
        if (const auto* part = std::get_if<core::TextBlock>(&block)) text += part->text;
        if (const auto* image = std::get_if<core::ImageBlock>(&block)) {
            text +=
                fmt::format("\n[A picture ({}) is attached that cannot be shown to you.]", image->media_type);
        }
    }
    append_text_message(out, "user", text);
}

void append_messages(std::string& out, const core::ProviderRequest& request) {
    std::size_t turn_begin = request.messages.size();
    while (turn_begin > 0 && request.messages[turn_begin - 1]->role != Role::user) --turn_begin;

    out += R"("messages":[)";
    if (!request.system.empty()) append_text_message(out, "system", request.system);
    for (std::size_t i = 0; i < request.messages.size(); ++i) {
        const Message& message = *request.messages[i];
        switch (message.role) {
            case Role::system:
                append_text_message(out, "system", message.text());
                break;
            case Role::user:
                append_user_message(out, message);
                break;
            case Role::assistant:
                append_assistant_message(out, message, i >= turn_begin);
                break;
            case Role::tool:
                append_tool_results(out, message);
                break;
        }
    }
    close_list(out, ']');
}

// A guess at the body's size that spares most of the growing.
std::size_t expected_size(const core::ProviderRequest& request, std::string_view tools) {
    std::size_t size = 512 + request.system.size() + tools.size();
    for (const auto& message : request.messages) {
        size += 64;
        for (const auto& block : message->blocks) {
            if (const auto* text = std::get_if<core::TextBlock>(&block)) size += text->text.size();
            if (const auto* call = std::get_if<core::ToolCallBlock>(&block))
                size += 96 + call->arguments.size();
            if (const auto* result = std::get_if<core::ToolResultBlock>(&block))
                size += 64 + result->content.size();
        }
    }
    return size + size / 8;
}

}  // namespace

std::string render_chat_request(const core::ProviderRequest& request, std::string_view tools,
                                const ChatDialect& dialect) {
    std::string out;
    out.reserve(expected_size(request, tools));
    out += R"({"model":)";
    append_json_string(out, request.model);
    out += R"(,"stream":true,"stream_options":{"include_usage":true})";
    if (request.max_tokens) {
        fmt::format_to(std::back_inserter(out), R"(,"{}":{})", dialect.max_tokens_key, *request.max_tokens);
    }
    if (!tools.empty()) {
        // They stay when none may be called: servers want to know the tools that the history mentions.
        out += R"(,"tools":)";
        out += tools;
        if (!request.allow_tools) out += R"(,"tool_choice":"none")";
    }
    out += ',';
    append_messages(out, request);
    out += '}';
    return out;
}

std::string render_chat_tools(const core::ToolSet& tools) {
    std::string out;
    if (tools.tools.empty()) return out;
    out += '[';
    for (const auto& tool : tools.tools) {
        out += R"({"type":"function","function":{"name":)";
        append_json_string(out, tool->name);
        out += R"(,"description":)";
        append_json_string(out, tool->description);
        out += R"(,"parameters":)";
        out += tool->input_schema;  // JSON already
        out += "}},";
    }
    close_list(out, ']');
    return out;
}

std::shared_ptr<const std::string> ChatToolsCache::text(const core::ToolSet& tools) {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries_) {
        if (entry.version == tools.version) return entry.text;
    }
    constexpr std::size_t kept = 4;  // running turns may still use the sets before the newest
    if (entries_.size() == kept) entries_.erase(entries_.begin());
    entries_.push_back({tools.version, std::make_shared<const std::string>(render_chat_tools(tools))});
    return entries_.back().text;
}

}  // namespace assistd::providers
