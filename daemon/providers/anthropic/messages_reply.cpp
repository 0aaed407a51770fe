#include "providers/anthropic/messages_reply.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "providers/error_text.h"
#include "providers/json_read.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {

using nlohmann::json;

void MessagesReply::take(std::string_view data, std::string_view name) {
    if (done_ || data.empty() || data == "[DONE]") return;
    const json event = parse_object(data);
    const std::string_view type = text_of(event, "type");
    const std::string_view kind = type.empty() ? name : type;
    if (kind == "error" || member(event, "error") != nullptr) throw reported_failure(event, data);
    take_event(kind, event);
}

// Kinds that are not known yet are passed over, as the API's versioning promises that they may come.
void MessagesReply::take_event(std::string_view type, const json& event) {
    if (type == "message_start") {
        if (const json* message = member(event, "message")) take_message(*message);
    } else if (type == "content_block_start") {
        const json* block = member(event, "content_block");
        const auto index = integer_of(event, "index");
        if (block != nullptr) begin_part(index.value_or(static_cast<std::int64_t>(parts_.size())), *block);
    } else if (type == "content_block_delta") {
        take_delta(event);
    } else if (type == "content_block_stop") {
        const auto index = integer_of(event, "index");
        if (Part* part = part_at(index.value_or(-1))) part->whole = true;
    } else if (type == "message_delta") {
        take_end(event);
    } else if (type == "message_stop") {
        done_ = true;
    }
}

void MessagesReply::take_message(const json& message) {
    begun_ = true;
    if (model_.empty()) model_ = text_of(message, "model");
    if (const json* usage = member(message, "usage")) take_usage(*usage);
}

// A server that was asked to stream and does not.
void MessagesReply::take_whole(std::string_view body) {
    const json message = parse_object(body);
    if (member(message, "error") != nullptr) throw reported_failure(message, body);
    if (const json* content = member(message, "content"); content != nullptr && content->is_array()) {
        take_message(message);
        for (std::size_t i = 0; i < content->size(); ++i) {
            begin_part(static_cast<std::int64_t>(i), (*content)[i]);
            parts_.back().whole = true;
        }
    }
    stop_reason_ = text_of(message, "stop_reason");
    done_ = !stop_reason_.empty();
}

void MessagesReply::begin_part(std::int64_t index, const json& block) {
    Part part;
    part.index = index;
    part.kind = text_of(block, "type");
    part.start = block.dump();
    part.signature = text_of(block, "signature");
    bounds_.grow(part.start.size());
    parts_.push_back(std::move(part));
    if (parts_.back().kind == "thinking") add_thought(parts_.back(), text_of(block, "thinking"));
    if (parts_.back().kind == "text") add_text(parts_.back(), text_of(block, "text"));
    bounds_.check_calls(static_cast<std::size_t>(
        std::count_if(parts_.begin(), parts_.end(), [](const Part& one) { return one.kind == "tool_use"; })));
}

void MessagesReply::take_delta(const json& event) {
    const json* delta = member(event, "delta");
    Part* part = part_at(integer_of(event, "index").value_or(-1));
    if (delta == nullptr || part == nullptr) return;
    const std::string_view type = text_of(*delta, "type");
    if (type == "text_delta" && part->kind == "text") {
        add_text(*part, text_of(*delta, "text"));
        return;
    }
    if (type == "thinking_delta" && part->kind == "thinking") {
        add_thought(*part, text_of(*delta, "thinking"));
        return;
    }
    if (type == "signature_delta") {
        bounds_.grow(text_of(*delta, "signature").size());
        part->signature += text_of(*delta, "signature");
        return;
    }
    if (type != "input_json_delta") return;  // citations and what comes later
    bounds_.grow(text_of(*delta, "partial_json").size());
    part->text += text_of(*delta, "partial_json");
}

void MessagesReply::take_end(const json& event) {
    if (const json* delta = member(event, "delta")) {
        const std::string_view reason = text_of(*delta, "stop_reason");
        if (!reason.empty()) stop_reason_ = reason;
    }
    if (const json* usage = member(event, "usage")) take_usage(*usage);
}

// Each count is of the whole message so far: the last one counts.
void MessagesReply::take_usage(const json& usage) {
    const auto take = [&usage](std::optional<std::int64_t>& count, const char* key) {
        if (const auto value = count_of(usage, key)) count = value;
    };
    take(counts_.input, "input_tokens");
    take(counts_.cache_read, "cache_read_input_tokens");
    take(counts_.cache_creation, "cache_creation_input_tokens");
    take(counts_.output, "output_tokens");
}

void MessagesReply::add_text(Part& part, std::string_view text) {
    if (text.empty()) return;
    bounds_.grow(text.size());
    part.text += text;
    if (sink_) sink_(text);
}

void MessagesReply::add_thought(Part& part, std::string_view text) {
    if (text.empty()) return;
    bounds_.grow(text.size());
    part.text += text;
    if (thoughts_sink_) thoughts_sink_(text);
}

MessagesReply::Part* MessagesReply::part_at(std::int64_t index) {
    const auto found =
        std::find_if(parts_.rbegin(), parts_.rend(), [&](const Part& part) { return part.index == index; });
    return found == parts_.rend() ? nullptr : &*found;
}

bool MessagesReply::was_cut_off(const Part& part) const {
    const bool ended_early = stop_reason_ == "max_tokens" ||
                             stop_reason_ == "model_context_window_exceeded" || stop_reason_ == "refusal";
    return !part.whole || (ended_early && &part == &parts_.back());
}

// From the deltas; some servers put them into the block's start instead, where there should be a mere {}.
std::string MessagesReply::arguments_of(const Part& part) const {
    if (!part.text.empty()) return part.text;
    const json start = json::parse(part.start, nullptr, false);
    const json* input = member(start, "input");
    const bool given = input != nullptr && input->is_object() && !input->empty();
    return given ? input->dump() : std::string();
}

std::string MessagesReply::paused_blocks() const {
    std::string out;
    if (stop_reason_ != "pause_turn") return out;
    for (const Part& part : parts_) {
        json block = json::parse(part.start, nullptr, false);
        if (part.kind == "text") block["text"] = part.text;
        if (part.kind == "text" && part.text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
        if (part.kind == "thinking") block["thinking"] = part.text;
        if (!part.signature.empty()) block["signature"] = part.signature;
        if (block.contains("input")) {
            json input = json::parse(arguments_of(part), nullptr, false);
            block["input"] = input.is_object() ? std::move(input) : json::object();
        }
        if (!out.empty()) out += ',';
        out += block.dump();
    }
    return out;
}

std::string MessagesReply::mapped_finish_reason(bool any_calls) const {
    // A pause that is not followed up ends the reply before its time, too.
    for (const char* short_of_room : {"max_tokens", "model_context_window_exceeded", "pause_turn"})
        if (stop_reason_ == short_of_room) return "length";
    if (stop_reason_ == "refusal") return "content_filter";
    return any_calls ? "tool_calls" : "stop";
}

core::Usage MessagesReply::usage() const {
    core::Usage usage;
    usage.cached_tokens = counts_.cache_read.value_or(0);
    usage.cache_write_tokens = counts_.cache_creation.value_or(0);
    // What was read from the cache and written to it is not counted as input by this API.
    usage.prompt_tokens = counts_.input.value_or(0) + usage.cached_tokens + usage.cache_write_tokens;
    usage.completion_tokens = counts_.output.value_or(0);
    // What the begin of a reply says of its length is not the last word.
    usage.estimated = !counts_.input || !counts_.output || (!done_ && stop_reason_.empty());
    return usage;
}

core::ProviderReply MessagesReply::finish(std::unordered_set<std::string>& taken_ids) {
    if (!done_ && stop_reason_.empty())
        throw UpstreamError(UpstreamFault::connection, "broke off its reply in the middle");
    if (!begun_ && parts_.empty()) throw UpstreamError(UpstreamFault::reply, "sent an empty reply");
    core::ProviderReply reply;
    bool any_calls = false;
    for (const Part& part : parts_) {
        if (part.kind == "text" && !part.text.empty()) {
            reply.blocks.emplace_back(core::TextBlock{part.text});
        } else if (part.kind == "thinking" && !(part.text.empty() && part.signature.empty())) {
            reply.blocks.emplace_back(core::ThinkingBlock{part.text, part.signature});
        } else if (part.kind == "redacted_thinking") {
            const json start = json::parse(part.start, nullptr, false);
            core::ThinkingBlock thought;
            thought.redacted = text_of(start, "data");
            reply.blocks.emplace_back(std::move(thought));
        } else if (part.kind == "tool_use") {
            const json start = json::parse(part.start, nullptr, false);
            reply.blocks.emplace_back(finished_call(std::string(text_of(start, "id")),
                                                    std::string(text_of(start, "name")), arguments_of(part),
                                                    was_cut_off(part), taken_ids));
            any_calls = true;
        }
    }
    reply.finish_reason = mapped_finish_reason(any_calls);
    reply.usage = usage();
    reply.model = model_;
    return reply;
}

}  // namespace assistd::providers
