#include "api/openai/completion.h"

#include <algorithm>

#include "api/openai/chat_messages.h"
#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "base/json_text.h"

namespace assistd::api::openai {
namespace {

std::int64_t count_characters(std::string_view text) {
    return std::ranges::count_if(text,
                                 [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
}

std::string frame(const Json& json) {
    return "data: " + to_text(json) + "\n\n";
}

Json render_calls(const std::vector<core::ToolCallBlock>& calls) {
    Json list = Json::array();
    for (const core::ToolCallBlock& call : calls)
        list.push_back({{"id", call.call_id},
                        {"type", "function"},
                        {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    return list;
}

}  // namespace

Completion::Completion(const core::Turn& turn, std::string model, std::int64_t after)
    : options_(turn.options),
      id_("chatcmpl-" + turn.id.uuid.hex()),
      created_(seconds(turn.created_at)),
      model_(std::move(model)),
      after_(after) {
    head_ = R"(data: {"id":")" + id_ + R"(","object":"chat.completion.chunk","created":)" +
            std::to_string(created_) + R"(,"model":)" + to_text(Json(model_)) +
            R"(,"system_fingerprint":null,"choices":[)";
}

std::string Completion::see(const core::TurnEvent& event) {
    if (event.id <= after_) return {};
    if (const auto* piece = std::get_if<core::MessageDelta>(&event.body)) {
        std::string told;
        const bool goes_on = !text_.empty() && piece->message != speaking_;
        speaking_ = piece->message;
        if (goes_on) told += text_chunk(between_messages);
        if (goes_on) speaking_from_ = count_characters(text_);
        return told + text_chunk(piece->text);
    }
    if (const auto* thought = std::get_if<core::ThoughtDelta>(&event.body)) return thought_chunk(*thought);
    if (const auto* message = std::get_if<core::MessageCompleted>(&event.body)) {
        begun_ = true;
        usage_ += message->message->usage;
        finish_reason_ = message->message->finish_reason;
        annotate(*message->message);
        return thoughts_chunk(*message->message) + calls_chunks(*message->message);
    }
    if (std::holds_alternative<core::ToolCallStarted>(event.body)) begun_ = true;
    if (std::holds_alternative<core::ClientCallsRequired>(event.body)) waits_ = over_ = true;
    if (const auto* end = std::get_if<core::TurnEnded>(&event.body)) {
        ended_ = *end->turn;
        over_ = true;
        // What was said in earlier requests was counted there.
        if (after_ == 0) usage_ = ended_->usage;
    }
    return {};
}

// Clients know citations of addresses only, and some refuse all others: a file's is that of its content, and
// what it is beside that stands next to it.
void Completion::annotate(const core::Message& message) {
    if (message.id != speaking_) return;
    for (const core::Citation& citation : message.citations) {
        const std::string file = citation.file.text(prefix::file);
        Json of_file = {{"file_id", file},
                        {"filename", citation.file_name},
                        {"index", annotations_.size()},
                        {"quote", citation.quote}};
        if (citation.page) of_file["page"] = *citation.page;
        annotations_.push_back({{"type", "url_citation"},
                                {"url_citation",
                                 {{"start_index", speaking_from_ + citation.start_index},
                                  {"end_index", speaking_from_ + citation.end_index},
                                  {"title", citation.file_name},
                                  {"url", "/v1/files/" + file + "/content"}}},
                                {"file_citation", std::move(of_file)}});
    }
}

std::string Completion::first_chunk() {
    if (std::exchange(role_told_, true)) return {};
    return chunk({{"role", "assistant"}, {"content", ""}});
}

// Nearly all chunks are pieces of text: they are put together without a JSON value in between.
std::string Completion::text_chunk(std::string_view text) {
    begun_ = true;
    text_ += text;
    std::string out = first_chunk();
    out += head_;
    out += R"({"index":0,"delta":{"content":)";
    append_json_string(out, text);
    out += R"(},"logprobs":null,"finish_reason":null}]})";
    out += "\n\n";
    return out;
}

std::string Completion::thought_chunk(const core::ThoughtDelta& thought) {
    begun_ = true;
    thinking_ = thought.message;
    std::string out = first_chunk();
    return out + chunk({{"reasoning_content", thought.text}});
}

// Those of a whole message, as far as they were not told while it was thought.
std::string Completion::thoughts_chunk(const core::Message& message) {
    const std::string thoughts = message.thoughts();
    thoughts_ += thoughts;
    if (thoughts.empty() || thinking_ == message.id) return {};
    std::string out = first_chunk();
    return out + chunk({{"reasoning_content", thoughts}});
}

// The daemon's own calls are no business of the client's.
std::string Completion::calls_chunks(const core::Message& message) {
    std::string out;
    for (const core::ToolCallBlock& call : message.tool_calls()) {
        if (!options_->is_client_tool(call.name)) continue;
        const std::size_t index = calls_.size();
        calls_.push_back(call);
        out += first_chunk();
        const Json begin = {{"index", index},
                            {"id", call.call_id},
                            {"type", "function"},
                            {"function", {{"name", call.name}, {"arguments", ""}}}};
        const Json rest = {{"index", index}, {"function", {{"arguments", call.arguments}}}};
        out += chunk({{"tool_calls", Json::array({begin})}});
        out += chunk({{"tool_calls", Json::array({rest})}});
    }
    return out;
}

std::string Completion::chunk(const Json& delta, const Json& finish_reason) const {
    const Json choice = {
        {"index", 0}, {"delta", delta}, {"logprobs", nullptr}, {"finish_reason", finish_reason}};
    return head_ + to_text(choice) + "]}\n\n";
}

std::string Completion::finish_reason() const {
    if (finish_reason_ == "length" || finish_reason_ == "content_filter") return finish_reason_;
    if (!calls_.empty()) return "tool_calls";
    if (ended_ && ended_->limit_reached.ends_with("_tokens") && text_.empty()) return "length";
    return "stop";
}

Json Completion::usage() const {
    return {{"prompt_tokens", usage_.prompt_tokens},
            {"completion_tokens", usage_.completion_tokens},
            {"total_tokens", usage_.total_tokens()},
            {"prompt_tokens_details", {{"cached_tokens", usage_.cached_tokens}}},
            {"completion_tokens_details", {{"reasoning_tokens", usage_.reasoning_tokens}}}};
}

std::string Completion::closing(bool with_usage) {
    std::string out = first_chunk();
    Json last = Json::object();
    if (!annotations_.empty()) last["annotations"] = annotations_;
    out += chunk(last, finish_reason());
    if (with_usage) out += head_ + R"(],"usage":)" + to_text(usage()) + "}\n\n";
    return out + "data: [DONE]\n\n";
}

std::string Completion::error_frame(const Error& error) {
    return frame({{"error", error_body(error)}});
}

std::optional<Error> Completion::failure() const {
    if (waits_) return std::nullopt;
    if (!ended_)
        return Error(ErrorCode::unavailable, "The daemon is shutting down.")
            .with_retry_after(std::chrono::seconds(5));
    if (ended_->state == core::TurnState::completed) return std::nullopt;
    if (ended_->state == core::TurnState::cancelled)
        return Error(ErrorCode::conflict, "The turn was cancelled.");
    Error error(code_of(ended_->error_code), ended_->error_message);
    if (ended_->retry_after) error.with_retry_after(*ended_->retry_after);
    return error;
}

Json Completion::whole() const {
    Json message = {{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
    if (!text_.empty() || calls_.empty()) message["content"] = text_;
    if (!thoughts_.empty()) message["reasoning_content"] = thoughts_;
    if (!annotations_.empty()) message["annotations"] = annotations_;
    if (!calls_.empty()) message["tool_calls"] = render_calls(calls_);
    const Json choice = {{"index", 0},
                         {"message", std::move(message)},
                         {"logprobs", nullptr},
                         {"finish_reason", finish_reason()}};
    return {{"id", id_},
            {"object", "chat.completion"},
            {"created", created_},
            {"model", model_},
            {"choices", Json::array({choice})},
            {"usage", usage()},
            {"system_fingerprint", nullptr}};
}

}  // namespace assistd::api::openai
