#include "providers/anthropic/message_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.h"
#include "providers/anthropic/messages_request.h"
#include "providers/json_read.h"
#include "providers/wire_tools.h"

namespace assistd::providers {
namespace {

using core::Role;

constexpr std::string_view blanks = " \t\r\n\v\f";
constexpr std::string_view beginning_left_out = "[The beginning of this conversation is left out.]";

}  // namespace

bool is_blank(std::string_view text) {
    return text.find_first_not_of(blanks) == std::string_view::npos;
}

std::string wire_call_id(const std::string& id) {
    return wire_name(id);  // the same letters, and as many
}

void MessageList::add(std::span<const std::shared_ptr<const core::Message>> messages) {
    const Transcript transcript(messages);
    const auto& entries = transcript.entries();
    for (const TranscriptEntry& entry : entries) {
        const bool is_last = &entry == &entries.back() && parts_.paused.empty();
        add_entry(entry, is_last);
    }
}

void MessageList::add_entry(const TranscriptEntry& entry, bool is_last) {
    switch (entry.role) {
        case Role::system:
            return add_notice(entry);
        case Role::user:
            return add_user(entry);
        case Role::assistant:
            return add_assistant(entry, is_last);
        case Role::tool:
            return add_results(entry);
    }
}

void MessageList::add_paused(std::string_view blocks) {
    begin_block("assistant");
    out_ += blocks;
    end_block();
}

// There is no such role in the middle of a conversation: the user's side says it.
void MessageList::add_notice(const TranscriptEntry& entry) {
    for (const core::Block* block : entry.blocks) {
        const std::string& text = std::get<core::TextBlock>(*block).text;
        if (!is_blank(text)) add_text("user", fmt::format("<system-notice>\n{}\n</system-notice>", text));
    }
}

void MessageList::add_user(const TranscriptEntry& entry) {
    for (const core::Block* block : entry.blocks) {
        if (const auto* text = std::get_if<core::TextBlock>(block))
            add_text("user", text->text);
        else
            add_image(std::get<core::ImageBlock>(*block));
    }
}

void MessageList::add_assistant(const TranscriptEntry& entry, bool is_last) {
    bool thought_first = false;
    bool any = false;
    for (const core::Block* block : entry.blocks) {
        if (const auto* thought = std::get_if<core::ThinkingBlock>(block)) {
            // They matter to the calls that they led to. Anywhere else they may be left out.
            const bool added = entry.calls_tools && add_thought(*thought);
            thought_first = thought_first || (added && !any);
            any = any || added;
        } else if (const auto* text = std::get_if<core::TextBlock>(block)) {
            std::string_view kept = text->text;
            // A last word of the assistant's must not end with blanks.
            if (is_last && block == entry.blocks.back())
                kept = kept.substr(0, kept.find_last_not_of(blanks) + 1);
            any = any || !is_blank(kept);
            add_text("assistant", kept);
        } else {
            add_call(std::get<core::ToolCallBlock>(*block));
            any = true;
        }
    }
    if (entry.calls_tools && entry.in_current_turn) thoughtless_ = !thought_first;
}

void MessageList::add_results(const TranscriptEntry& entry) {
    for (const core::Block* block : entry.blocks) {
        const auto& result = std::get<core::ToolResultBlock>(*block);
        begin_block("user");
        out_ += R"({"type":"tool_result")";
        append_json_member(out_, "tool_use_id", wire_call_id(result.call_id));
        if (!is_blank(result.content)) append_json_member(out_, "content", result.content);
        if (!result.success) out_ += R"(,"is_error":true)";
        out_ += '}';
        end_block();
    }
}

void MessageList::add_text(std::string_view role, std::string_view text) {
    if (is_blank(text)) return;
    begin_block(role);
    out_ += R"({"type":"text")";
    append_json_member(out_, "text", text);
    out_ += '}';
    end_block();
}

void MessageList::add_image(const core::ImageBlock& image) {
    const bool shown = parts_.images != nullptr && parts_.images->contains(image.artifact);
    if (!shown) return add_text("user", image_note(image));
    begin_block("user");
    out_ += R"({"type":"image","source":{"type":"base64")";
    append_json_member(out_, "media_type", image.media_type);
    append_json_member(out_, "data", parts_.images->at(image.artifact));
    out_ += "}}";
    end_block();
}

void MessageList::add_call(const core::ToolCallBlock& call) {
    begin_block("assistant");
    out_ += R"({"type":"tool_use")";
    append_json_member(out_, "id", wire_call_id(call.call_id));
    append_json_member(out_, "name", wire_name(call.name));
    out_ += R"(,"input":)";
    // Arguments that were cut off are no object; the call's result says what was wrong with them.
    out_ += is_json_object(call.arguments) ? call.arguments : "{}";
    out_ += '}';
    end_block();
}

// False for a thought that this provider did not seal: it would refuse it.
bool MessageList::add_thought(const core::ThinkingBlock& thought) {
    if (thought.provider != parts_.provider) return false;
    if (!thought.redacted.empty()) {
        begin_block("assistant");
        out_ += R"({"type":"redacted_thinking")";
        append_json_member(out_, "data", thought.redacted);
    } else if (!thought.signature.empty()) {
        begin_block("assistant");
        out_ += R"({"type":"thinking")";
        append_json_member(out_, "thinking", thought.text);
        append_json_member(out_, "signature", thought.signature);
    } else {
        return false;
    }
    out_ += '}';
    end_block();
    return true;
}

void MessageList::begin_block(std::string_view role) {
    if (role_ == role) {
        out_ += ',';
        return;
    }
    if (role_.empty() && role == "assistant") add_text("user", beginning_left_out);
    close_message();
    if (out_.size() > 1) out_ += ',';
    out_ += R"({"role":")";
    out_ += role;
    out_ += R"(","content":[)";
    role_ = role;
}

void MessageList::end_block() {
    block_end_ = out_.size() - 1;
}

void MessageList::close_message() {
    if (role_.empty()) return;
    if (role_ == "user") marks_ = {marks_[1], block_end_};
    out_ += "]}";
    role_ = {};
}

// The newest user message is marked so that it is cached, the one before so that what was cached there is
// found again even when many blocks have come since.
std::string MessageList::finish() {
    close_message();
    out_ += ']';
    for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark)
        if (*mark > 0) out_.insert(*mark, cache_mark);
    return std::move(out_);
}

}  // namespace assistd::providers
