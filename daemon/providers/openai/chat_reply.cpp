#include "providers/openai/chat_reply.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "providers/error_text.h"
#include "providers/json_read.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {
namespace {

using nlohmann::json;

const json* function_of(const json& call) {
    return member(call, "function");
}

bool is_whole_object(std::string_view arguments) {
    return arguments.starts_with('{') && json::accept(arguments);
}

}  // namespace

void ChatReply::take(std::string_view data) {
    if (done_ || data.empty()) return;
    if (data == "[DONE]") {
        done_ = true;
        return;
    }
    const json chunk = parse_object(data);
    if (member(chunk, "error") != nullptr || text_of(chunk, "object") == "error")
        throw reported_failure(chunk, data);
    take_chunk(chunk);
}

void ChatReply::take(const SseEvent& event) {
    if (event.name == "error") throw reported_failure(parse_object(event.data), event.data);
    take(event.data);
}

void ChatReply::take_chunk(const json& chunk) {
    if (model_.empty()) model_ = text_of(chunk, "model");
    if (const json* usage = member(chunk, "usage")) take_usage(*usage);
    if (const json* groq = member(chunk, "x_groq")) {
        if (const json* usage = member(*groq, "usage")) take_usage(*usage);
    }
    const json* choices = member(chunk, "choices");
    if (choices == nullptr || !choices->is_array()) return;
    for (const json& choice : *choices) {
        if (!choice.is_object() || count_of(choice, "index").value_or(0) != 0)
            continue;  // one reply was asked for
        any_choice_ = true;
        const json* delta = member(choice, "delta");
        if (delta == nullptr) delta = member(choice, "message");  // not streamed
        if (delta != nullptr) take_delta(*delta);
        const std::string_view reason = text_of(choice, "finish_reason");
        if (!reason.empty()) finish_reason_ = reason;
    }
}

void ChatReply::take_delta(const json& delta) {
    std::string_view thinking = text_of(delta, "reasoning_content");
    if (thinking.empty()) thinking = text_of(delta, "reasoning");
    bounds_.grow(thinking.size());
    thinking_ += thinking;
    if (thoughts_sink_ && !thinking.empty()) thoughts_sink_(thinking);
    if (const json* content = member(delta, "content")) take_content(*content);
    const std::string_view refusal = text_of(delta, "refusal");
    if (!refusal.empty()) {
        refusal_ += refusal;
        add_text(refusal);  // it is what the model says
    }
    if (const json* calls = member(delta, "tool_calls")) take_calls(*calls);
}

void ChatReply::take_content(const json& content) {
    if (content.is_string()) {
        add_text(content.get_ref<const std::string&>());
    } else if (content.is_array()) {
        for (const json& part : content) {
            if (text_of(part, "type") == "text") add_text(text_of(part, "text"));
        }
    }
}

void ChatReply::take_calls(const json& calls) {
    if (!calls.is_array()) return;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (calls[i].is_object()) take_call(calls[i], i, calls.size());
    }
}

void ChatReply::take_call(const json& delta, std::size_t position, std::size_t together) {
    Call& call = call_for(delta, position, together);
    const std::string_view id = text_of(delta, "id");
    const json* function = function_of(delta);
    const std::string_view name = function == nullptr ? std::string_view() : text_of(*function, "name");
    if (call.id.empty()) call.id = id;  // the first one counts, later ones may differ
    if (call.name.empty()) call.name = name;
    const json* arguments = function == nullptr ? nullptr : member(*function, "arguments");
    if (arguments != nullptr) take_arguments(call, *arguments, !id.empty() && !name.empty());
    bounds_.grow(id.size() + name.size());
}

ChatReply::Call& ChatReply::call_for(const json& delta, std::size_t position, std::size_t together) {
    if (Call* call = known_call(delta, position, together)) return *call;
    bounds_.check_calls(calls_.size() + 1);
    Call call;
    call.index = integer_of(delta, "index");
    return calls_.emplace_back(std::move(call));
}

// Which call a delta goes on with; null: it begins a new one.
ChatReply::Call* ChatReply::known_call(const json& delta, std::size_t position, std::size_t together) {
    const std::optional<std::int64_t> number = integer_of(delta, "index");
    const std::string_view id = text_of(delta, "id");
    const json* function = function_of(delta);
    const std::string_view name = function == nullptr ? std::string_view() : text_of(*function, "name");

    if (number) {
        // Newest first: a server that numbers every call 0 goes on with the one it began last.
        const auto found = std::find_if(calls_.rbegin(), calls_.rend(),
                                        [&](const Call& call) { return call.index == number; });
        if (found == calls_.rend()) {
            const bool nameless = id.empty() && name.empty() && !calls_.empty();
            return nameless ? &calls_.back() : nullptr;  // arguments that are numbered unlike their call
        }
        const bool another =
            !id.empty() && !name.empty() && id != found->id && is_whole_object(found->arguments);
        if (!another) return &*found;
        const auto same_id =
            std::find_if(calls_.begin(), calls_.end(), [&](const Call& call) { return call.id == id; });
        return same_id == calls_.end() ? nullptr : &*same_id;
    }
    if (!id.empty()) {
        const auto same_id =
            std::find_if(calls_.begin(), calls_.end(), [&](const Call& call) { return call.id == id; });
        if (same_id != calls_.end()) return &*same_id;
        if (!name.empty() || calls_.empty()) return nullptr;
    }
    if (calls_.empty()) return nullptr;
    if (!name.empty()) {
        // The name again and again, or the next call?
        Call& last = calls_.back();
        return together == 1 && last.name == name && !is_whole_object(last.arguments) ? &last : nullptr;
    }
    if (together > 1 && position < calls_.size()) return &calls_[position];
    return &calls_.back();
}

void ChatReply::take_arguments(Call& call, const json& arguments, bool whole_object) {
    if (!arguments.is_string()) {
        if (arguments.is_object()) call.arguments = arguments.dump();
        return;
    }
    const auto& piece = arguments.get_ref<const std::string&>();
    bounds_.grow(piece.size());
    // Some servers send the call anew with all of its arguments so far.
    const bool anew = whole_object && call.arguments.starts_with('{') && piece.starts_with(call.arguments);
    if (anew)
        call.arguments = piece;
    else
        call.arguments += piece;
}

void ChatReply::take_usage(const json& usage) {
    if (!usage.is_object()) return;
    // The last report counts: some servers send one with every chunk.
    const auto prompt = count_of(usage, "prompt_tokens");
    const auto completion = count_of(usage, "completion_tokens");
    usage_.estimated = !prompt || !completion;
    usage_.prompt_tokens = prompt.value_or(0);
    usage_.completion_tokens = completion.value_or(0);
    usage_.cached_tokens = count_of(usage, "prompt_cache_hit_tokens").value_or(0);
    if (const json* details = member(usage, "prompt_tokens_details")) {
        usage_.cached_tokens = count_of(*details, "cached_tokens").value_or(0);
        usage_.cache_write_tokens = count_of(*details, "cache_write_tokens").value_or(0);
    }
    if (const json* details = member(usage, "completion_tokens_details"))
        usage_.reasoning_tokens = count_of(*details, "reasoning_tokens").value_or(0);
    const json* cost = member(usage, "cost");
    if (cost != nullptr && cost->is_number()) usage_.cost = cost->get<double>();
}

void ChatReply::add_text(std::string_view text) {
    if (text.empty()) return;
    bounds_.grow(text.size());
    text_ += text;
    if (sink_) sink_(text);
}

std::string ChatReply::mapped_finish_reason() const {
    if (finish_reason_ == "length" || finish_reason_ == "max_tokens" || finish_reason_ == "model_length")
        return "length";
    if (finish_reason_ == "content_filter" || !refusal_.empty()) return "content_filter";
    // What the reply holds counts for more than its name: several servers say "stop" and mean their tool
    // calls.
    return calls_.empty() ? "stop" : "tool_calls";
}

core::ProviderReply ChatReply::finish(std::unordered_set<std::string>& taken_ids) {
    if (!done_ && finish_reason_.empty()) {
        throw UpstreamError(UpstreamFault::connection, "broke off its reply in the middle");
    }
    if (!any_choice_) throw UpstreamError(UpstreamFault::reply, "sent an empty reply");
    core::ProviderReply reply;
    if (!thinking_.empty()) reply.blocks.emplace_back(core::ThinkingBlock{std::move(thinking_), {}});
    if (!text_.empty()) reply.blocks.emplace_back(core::TextBlock{std::move(text_)});
    reply.finish_reason = mapped_finish_reason();
    for (Call& call : calls_) {
        const bool cut_off = reply.finish_reason != "tool_calls" && &call == &calls_.back();
        reply.blocks.emplace_back(finished_call(std::move(call.id), std::move(call.name),
                                                std::move(call.arguments), cut_off, taken_ids));
    }
    reply.usage = usage_;
    reply.model = std::move(model_);
    return reply;
}

}  // namespace assistd::providers
