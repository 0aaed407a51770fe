#include "providers/ollama/ollama_reply.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "providers/error_text.h"
#include "providers/json_read.h"
#include "upstream/line_reader.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {

using nlohmann::json;

void OllamaReply::take(std::string_view line) {
    if (done_ || line.find_first_not_of(" \t") == std::string_view::npos) return;
    const json chunk = parse_object(line);
    if (member(chunk, "error") != nullptr) throw reported_failure(chunk, line);
    if (model_.empty()) model_ = text_of(chunk, "model");
    if (const json* message = member(chunk, "message")) take_message(*message);
    if (const auto count = count_of(chunk, "prompt_eval_count")) prompt_tokens_ = count;
    if (const auto count = count_of(chunk, "eval_count")) completion_tokens_ = count;
    const json* done = member(chunk, "done");
    if (done == nullptr || !done->is_boolean() || !done->get<bool>()) return;
    done_ = true;
    done_reason_ = text_of(chunk, "done_reason");
}

void OllamaReply::take_whole(std::string_view body) {
    if (json::accept(body)) return take(body);
    LineReader lines(body.size());
    const LineReader::Sink sink = [this](std::string_view line) { take(line); };
    lines.feed(body, sink);
    lines.finish(sink);
}

void OllamaReply::take_message(const json& message) {
    const std::string_view thinking = text_of(message, "thinking");
    const std::string_view text = text_of(message, "content");
    bounds_.grow(thinking.size() + text.size());
    thinking_ += thinking;
    text_ += text;
    if (thoughts_sink_ && !thinking.empty()) thoughts_sink_(thinking);
    if (sink_ && !text.empty()) sink_(text);
    const json* calls = member(message, "tool_calls");
    if (calls == nullptr || !calls->is_array()) return;
    for (const json& call : *calls) take_call(call);
}

// Calls come whole, several in a chunk or one in each.
void OllamaReply::take_call(const json& call) {
    const json* function = member(call, "function");
    if (function == nullptr) return;
    bounds_.check_calls(calls_.size() + 1);
    Call taken{std::string(text_of(call, "id")), std::string(text_of(*function, "name")), {}};
    if (const json* arguments = member(*function, "arguments"))
        taken.arguments = arguments->is_string() ? arguments->get<std::string>() : arguments->dump();
    bounds_.grow(taken.id.size() + taken.name.size() + taken.arguments.size());
    calls_.push_back(std::move(taken));
}

core::Usage OllamaReply::usage() const {
    core::Usage usage;
    // A prompt that was cached as a whole is not counted.
    usage.prompt_tokens = prompt_tokens_.value_or(0);
    usage.completion_tokens = completion_tokens_.value_or(0);
    usage.estimated = !prompt_tokens_ || !completion_tokens_;
    return usage;
}

core::ProviderReply OllamaReply::finish(std::unordered_set<std::string>& taken_ids) {
    if (!done_) throw UpstreamError(UpstreamFault::connection, "broke off its reply in the middle");
    // A model that is only loaded or unloaded has said nothing.
    if (text_.empty() && thinking_.empty() && calls_.empty() &&
        (done_reason_ == "load" || done_reason_ == "unload"))
        throw UpstreamError(UpstreamFault::reply, "sent an empty reply");
    core::ProviderReply reply;
    if (!thinking_.empty()) reply.blocks.emplace_back(core::ThinkingBlock{std::move(thinking_), {}});
    if (!text_.empty()) reply.blocks.emplace_back(core::TextBlock{std::move(text_)});
    const bool cut_off = done_reason_ == "length";
    reply.finish_reason = cut_off ? "length" : calls_.empty() ? "stop" : "tool_calls";
    for (Call& call : calls_) {
        reply.blocks.emplace_back(finished_call(std::move(call.id), std::move(call.name),
                                                std::move(call.arguments), false, taken_ids));
    }
    reply.usage = usage();
    reply.model = std::move(model_);
    return reply;
}

}  // namespace assistd::providers
