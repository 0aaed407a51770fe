#pragma once
// What each kind of model server streams, and what comes of it, for the providers' tests.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "providers/anthropic/messages_reply.h"
#include "providers/ollama/ollama_reply.h"
#include "providers/openai/chat_reply.h"
#include "providers/wire_reply.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {

using Events = std::vector<std::string>;

// Anthropic's events.
inline std::string message_start(const std::string& usage = R"({"input_tokens":10,"output_tokens":1})") {
    return R"({"type":"message_start","message":{"type":"message","role":"assistant","model":"claude-x","content":[],"usage":)" +
           usage + "}}";
}
inline std::string block_start(int index, const std::string& block) {
    return R"({"type":"content_block_start","index":)" + std::to_string(index) + R"(,"content_block":)" +
           block + "}";
}
inline std::string block_delta(int index, const std::string& delta) {
    return R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":)" + delta + "}";
}
inline std::string block_stop(int index) {
    return R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}";
}
inline std::string message_delta(const std::string& stop_reason,
                                 const std::string& usage = R"({"output_tokens":5})") {
    return R"({"type":"message_delta","delta":{"stop_reason":")" + stop_reason +
           R"(","stop_sequence":null},"usage":)" + usage + "}";
}
inline const std::string message_stop = R"({"type":"message_stop"})";

inline Events text_block(int index, const std::string& text) {
    return {block_start(index, R"({"type":"text","text":""})"),
            block_delta(index, R"({"type":"text_delta","text":)" + nlohmann::json(text).dump() + "}"),
            block_stop(index)};
}
// A call whose arguments come in these pieces.
inline Events tool_block(int index, const std::string& id, const std::string& name, const Events& pieces) {
    Events events{block_start(
        index, R"({"type":"tool_use","id":")" + id + R"(","name":")" + name + R"(","input":{}})")};
    for (const std::string& piece : pieces)
        events.push_back(block_delta(
            index, R"({"type":"input_json_delta","partial_json":)" + nlohmann::json(piece).dump() + "}"));
    events.push_back(block_stop(index));
    return events;
}
inline Events joined(const std::vector<Events>& parts) {
    Events all;
    for (const Events& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}
// A whole reply with these blocks.
inline Events claude_says(const std::vector<Events>& blocks, const std::string& stop_reason) {
    return joined({{message_start()}, joined(blocks), {message_delta(stop_reason), message_stop}});
}

// Ollama's lines.
inline std::string line(const std::string& message) {
    return R"({"model":"llama","created_at":"x","message":{"role":"assistant",)" + message +
           R"(},"done":false})";
}
inline std::string last_line(const std::string& reason = "stop",
                             const std::string& counts = R"(,"prompt_eval_count":9,"eval_count":3)") {
    return R"({"model":"llama","message":{"role":"assistant","content":""},"done":true,"done_reason":")" +
           reason + "\"" + counts + "}";
}

template <class Reply>
core::ProviderReply finished(Reply& reply, std::unordered_set<std::string> taken = {}) {
    return reply.finish(taken);
}
inline core::ProviderReply openai_reply(const Events& events) {
    ChatReply reply(nullptr);
    for (const auto& event : events) reply.take(event);
    return finished(reply);
}
inline core::ProviderReply anthropic_reply(const Events& events, std::unordered_set<std::string> taken = {}) {
    MessagesReply reply(nullptr);
    for (const auto& event : events) reply.take(event);
    return finished(reply, std::move(taken));
}
inline core::ProviderReply ollama_reply(const Events& lines, std::unordered_set<std::string> taken = {}) {
    OllamaReply reply(nullptr);
    for (const auto& one : lines) reply.take(one);
    return finished(reply, std::move(taken));
}

// The blocks, one text each: "text …", "thought … sealed", "redacted data", "call id name arguments".
inline std::vector<std::string> shown(const core::ProviderReply& reply) {
    std::vector<std::string> all;
    for (const core::Block& block : reply.blocks) {
        if (const auto* text = std::get_if<core::TextBlock>(&block)) all.push_back("text " + text->text);
        if (const auto* thought = std::get_if<core::ThinkingBlock>(&block))
            all.push_back(thought->redacted.empty() ? "thought " + thought->text + " " + thought->signature
                                                    : "redacted " + thought->redacted);
        if (const auto* call = std::get_if<core::ToolCallBlock>(&block))
            all.push_back("call " + call->call_id + " " + call->name + " " + call->arguments);
    }
    return all;
}

inline std::vector<core::ToolCallBlock> calls_in(const core::ProviderReply& reply) {
    std::vector<core::ToolCallBlock> calls;
    for (const core::Block& block : reply.blocks)
        if (const auto* call = std::get_if<core::ToolCallBlock>(&block)) calls.push_back(*call);
    return calls;
}

// What is thrown, else an UpstreamError that says so.
template <class Work>
UpstreamError failure_of(Work work) {
    try {
        work();
    } catch (const UpstreamError& error) {
        return error;
    }
    return {UpstreamFault::busy, "nothing was thrown"};
}

}  // namespace assistd::providers
