#pragma once
// Puts a chat completion together from the chunks of its stream, tolerant of everything that
// OpenAI-compatible servers are known to do to tool calls: no index, no id, ids sent again or changed, whole
// objects sent again, arguments null or as an object. Pure data, used by one coroutine at a time.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/ports.h"
#include "providers/reply_rules.h"
#include "upstream/sse_reader.h"

namespace assistd::providers {

class ChatReply {
  public:
    // Each sink may be null.
    explicit ChatReply(core::TextSink sink, core::TextSink thoughts = nullptr)
        : sink_(std::move(sink)), thoughts_sink_(std::move(thoughts)) {}

    // One event's data, or the whole body of a server that does not stream. Throws UpstreamError{reply} for
    // what is no chunk, for an error that the server reports in the stream, and for a reply beyond all
    // bounds.
    void take(std::string_view data);
    void take(const SseEvent& event);
    void take_whole(std::string_view body) { take(body); }
    bool done() const { return done_; }  // the server said that nothing follows

    const core::Usage& usage() const { return usage_; }  // as it was reported so far

    // After the stream's end. Throws UpstreamError{connection} when it broke off before the reply was
    // complete. No call gets an id that is in `taken_ids`; its own are added.
    core::ProviderReply finish(std::unordered_set<std::string>& taken_ids);

  private:
    struct Call {
        std::string id;
        std::string name;
        std::string arguments;
        std::optional<std::int64_t> index;
    };

    void take_chunk(const nlohmann::json& chunk);
    void take_delta(const nlohmann::json& delta);
    void take_content(const nlohmann::json& content);
    void take_calls(const nlohmann::json& calls);
    void take_call(const nlohmann::json& delta, std::size_t position, std::size_t together);
    Call& call_for(const nlohmann::json& delta, std::size_t position, std::size_t together);
    Call* known_call(const nlohmann::json& delta, std::size_t position, std::size_t together);
    void take_arguments(Call& call, const nlohmann::json& arguments, bool whole_object);
    void take_usage(const nlohmann::json& usage);
    void add_text(std::string_view text);
    std::string mapped_finish_reason() const;

    core::TextSink sink_;
    core::TextSink thoughts_sink_;
    std::string text_;
    std::string thinking_;
    std::string refusal_;
    std::vector<Call> calls_;
    std::string finish_reason_;
    std::string model_;
    core::Usage usage_{.estimated = true};  // until it is reported
    ReplyBounds bounds_;
    bool any_choice_ = false;
    bool done_ = false;
};

}  // namespace assistd::providers
