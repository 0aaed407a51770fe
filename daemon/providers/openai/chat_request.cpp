#include "providers/openai/chat_request.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "providers/json_read.h"
#include "providers/transcript.h"
#include "providers/wire_tools.h"

namespace assistd::providers {
namespace {

using core::Role;

class ChatWriter {
  public:
    ChatWriter(const core::ProviderRequest& request, const ChatRequestParts& parts)
        : request_(request), parts_(parts) {}

    std::string write();

  private:
    void add_wishes();
    void add_tool_choice();
    void add_messages();
    void add_text_message(std::string_view role, std::string_view text);
    void add_user_message(const TranscriptEntry& entry);
    void add_user_parts(const TranscriptEntry& entry);
    void add_assistant_message(const TranscriptEntry& entry);
    void add_tool_call(const core::ToolCallBlock& call);
    void add_tool_results(const TranscriptEntry& entry);
    const std::string* shown(const core::Block& block) const;

    const core::ProviderRequest& request_;
    const ChatRequestParts& parts_;
    std::string out_;
};

std::string text_of_entry(const TranscriptEntry& entry) {
    std::string text;
    for (const core::Block* block : entry.blocks)
        if (const auto* part = std::get_if<core::TextBlock>(block)) text += part->text;
    return text;
}

void ChatWriter::add_text_message(std::string_view role, std::string_view text) {
    out_ += R"({"role":")";
    out_ += role;
    out_ += '"';
    append_json_member(out_, "content", text);
    out_ += "},";
}

void ChatWriter::add_tool_call(const core::ToolCallBlock& call) {
    out_ += R"({"type":"function")";
    append_json_member(out_, "id", call.call_id);
    out_ += R"(,"function":{"name":)";
    append_json_string(out_, wire_name(call.name));
    // Arguments that were cut off are no JSON; some servers refuse the whole request for them. The call's
    // result tells the model what was wrong.
    append_json_member(out_, "arguments", nlohmann::json::accept(call.arguments) ? call.arguments : "{}");
    out_ += "}},";
}

// One pass over the blocks for each part that the wire form keeps apart.
void ChatWriter::add_assistant_message(const TranscriptEntry& entry) {
    const std::string text = text_of_entry(entry);
    std::string thinking;
    for (const core::Block* block : entry.blocks) {
        const auto* thought = std::get_if<core::ThinkingBlock>(block);
        // A sealed thought, or another provider's, means nothing here.
        if (thought == nullptr || !thought->signature.empty()) continue;
        if (thought->provider.empty() || thought->provider == parts_.provider) thinking += thought->text;
    }
    if (text.empty() && !entry.calls_tools) return;
    out_ += R"({"role":"assistant","content":)";
    if (text.empty())
        out_ += "null";
    else
        append_json_string(out_, text);
    // Servers that reason want their reasoning back while its tool calls are answered, and not afterwards.
    if (!thinking.empty() && entry.calls_tools && entry.in_current_turn)
        append_json_member(out_, "reasoning_content", thinking);
    if (entry.calls_tools) {
        out_ += R"(,"tool_calls":[)";
        for (const core::Block* block : entry.blocks)
            if (const auto* call = std::get_if<core::ToolCallBlock>(block)) add_tool_call(*call);
        close_json(out_, ']');
    }
    out_ += "},";
}

void ChatWriter::add_tool_results(const TranscriptEntry& entry) {
    for (const core::Block* block : entry.blocks) {
        const auto& result = std::get<core::ToolResultBlock>(*block);
        out_ += R"({"role":"tool")";
        append_json_member(out_, "tool_call_id", result.call_id);
        append_json_member(out_, "content", result.content);
        out_ += "},";
    }
}

// The base64 of a picture that the model can see.
const std::string* ChatWriter::shown(const core::Block& block) const {
    const auto* image = std::get_if<core::ImageBlock>(&block);
    if (image == nullptr || parts_.images == nullptr) return nullptr;
    const auto found = parts_.images->find(image->artifact);
    return found == parts_.images->end() ? nullptr : &found->second;
}

void ChatWriter::add_user_message(const TranscriptEntry& entry) {
    for (const core::Block* block : entry.blocks)
        if (shown(*block) != nullptr) return add_user_parts(entry);
    std::string text;
    for (const core::Block* block : entry.blocks) {
        if (const auto* part = std::get_if<core::TextBlock>(block)) text += part->text;
        if (const auto* image = std::get_if<core::ImageBlock>(block)) text += "\n" + image_note(*image);
    }
    add_text_message("user", text);
}

void ChatWriter::add_user_parts(const TranscriptEntry& entry) {
    out_ += R"({"role":"user","content":[)";
    for (const core::Block* block : entry.blocks) {
        const auto* image = std::get_if<core::ImageBlock>(block);
        if (const std::string* picture = shown(*block)) {
            out_ += R"({"type":"image_url","image_url":{"url":"data:)";
            out_ += image->media_type + ";base64," + *picture + R"("}},)";
            continue;
        }
        const auto* part = std::get_if<core::TextBlock>(block);
        const std::string text = image != nullptr ? image_note(*image) : part != nullptr ? part->text : "";
        if (text.empty()) continue;
        out_ += R"({"type":"text")";
        append_json_member(out_, "text", text);
        out_ += "},";
    }
    close_json(out_, ']');
    out_ += "},";
}

void ChatWriter::add_messages() {
    out_ += R"("messages":[)";
    if (!request_.system.empty()) add_text_message("system", request_.system);
    const Transcript transcript(request_.messages);
    for (const TranscriptEntry& entry : transcript.entries()) {
        switch (entry.role) {
            case Role::system:
                add_text_message("system", text_of_entry(entry));
                break;
            case Role::user:
                add_user_message(entry);
                break;
            case Role::assistant:
                add_assistant_message(entry);
                break;
            case Role::tool:
                add_tool_results(entry);
                break;
        }
    }
    close_json(out_, ']');
}

void ChatWriter::add_wishes() {
    const Wishes& wishes = parts_.wishes;
    const auto add = [this](std::string_view name, auto value) {
        fmt::format_to(std::back_inserter(out_), R"(,"{}":{})", name, value);
    };
    if (wishes.max_tokens) add(parts_.dialect.max_tokens_key, *wishes.max_tokens);
    if (wishes.temperature) add("temperature", *wishes.temperature);
    if (wishes.top_p) add("top_p", *wishes.top_p);
    if (wishes.frequency_penalty) add("frequency_penalty", *wishes.frequency_penalty);
    if (wishes.presence_penalty) add("presence_penalty", *wishes.presence_penalty);
    if (wishes.seed) add("seed", *wishes.seed);
    if (!wishes.stop.empty()) add("stop", json_list(wishes.stop));
    if (!wishes.effort.empty()) append_json_member(out_, "reasoning_effort", wishes.effort);
    if (is_json_object(request_.wishes.response_format))
        add("response_format", request_.wishes.response_format);
}

void ChatWriter::add_tool_choice() {
    const core::ToolChoice& choice = parts_.wishes.tool_choice;
    if (!request_.allow_tools) {
        out_ += R"(,"tool_choice":"none")";
        return;
    }
    if (choice.kind == core::ToolChoice::Kind::required) out_ += R"(,"tool_choice":"required")";
    if (choice.kind == core::ToolChoice::Kind::named) {
        out_ += R"(,"tool_choice":{"type":"function","function":{"name":)";
        append_json_string(out_, wire_name(choice.name));
        out_ += "}}";
    }
    if (!parts_.wishes.parallel_tool_calls) out_ += R"(,"parallel_tool_calls":false)";
}

// A guess at the body's size that spares most of the growing.
std::size_t expected_size(const core::ProviderRequest& request, const ChatRequestParts& parts) {
    std::size_t size = 512 + request.system.size() + parts.tools.size();
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

std::string ChatWriter::write() {
    out_.reserve(expected_size(request_, parts_));
    out_ += R"({"stream":true,"stream_options":{"include_usage":true})";
    append_json_member(out_, "model", request_.model);
    add_wishes();
    if (!parts_.tools.empty()) {
        // They stay when none may be called: servers want to know the tools that the history mentions.
        out_ += R"(,"tools":)";
        out_ += parts_.tools;
        add_tool_choice();
    }
    out_ += ',';
    add_messages();
    out_ += '}';
    return std::move(out_);
}

}  // namespace

std::string render_chat_request(const core::ProviderRequest& request, const ChatRequestParts& parts) {
    return ChatWriter(request, parts).write();
}

}  // namespace assistd::providers
