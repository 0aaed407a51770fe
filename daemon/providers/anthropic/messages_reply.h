#pragma once
// Puts a reply of Anthropic's Messages together from the events of its stream. Pure data, used by one
// coroutine at a time.

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

class MessagesReply {
  public:
    // Each sink may be null.
    explicit MessagesReply(core::TextSink sink, core::TextSink thoughts = nullptr)
        : sink_(std::move(sink)), thoughts_sink_(std::move(thoughts)) {}

    // Throws UpstreamError{reply | context} for what is no event, for an error that the server reports in the
    // stream, and for a reply beyond all bounds.
    void take(const SseEvent& event) { take(event.data, event.name); }
    void take(std::string_view data, std::string_view name = {});
    void take_whole(std::string_view body);
    bool done() const { return done_; }

    // When the server took a break: its blocks, as JSON with commas between, to go on with. Else empty.
    std::string paused_blocks() const;
    core::Usage usage() const;  // as it was reported so far

    // After the stream's end. Throws UpstreamError{connection} when it broke off before the reply was
    // complete. No call gets an id that is in `taken_ids`; its own are added.
    core::ProviderReply finish(std::unordered_set<std::string>& taken_ids);

  private:
    // One content block. Their numbers count all kinds; calls are numbered by their order alone.
    struct Part {
        std::int64_t index = 0;
        std::string kind;
        std::string start;  // content_block as it came, JSON
        std::string text;   // the text, thought or arguments, from all deltas
        std::string signature;
        bool whole = false;  // its end came
    };
    struct Counts {
        std::optional<std::int64_t> input;
        std::optional<std::int64_t> cache_read;
        std::optional<std::int64_t> cache_creation;
        std::optional<std::int64_t> output;
    };

    void take_event(std::string_view type, const nlohmann::json& event);
    void take_message(const nlohmann::json& message);
    void begin_part(std::int64_t index, const nlohmann::json& block);
    void take_delta(const nlohmann::json& event);
    void take_end(const nlohmann::json& event);
    void take_usage(const nlohmann::json& usage);
    void add_text(Part& part, std::string_view text);
    void add_thought(Part& part, std::string_view text);
    Part* part_at(std::int64_t index);
    bool was_cut_off(const Part& part) const;
    std::string arguments_of(const Part& part) const;
    std::string mapped_finish_reason(bool any_calls) const;

    core::TextSink sink_;
    core::TextSink thoughts_sink_;
    std::vector<Part> parts_;
    std::string stop_reason_;
    std::string model_;
    Counts counts_;
    ReplyBounds bounds_;
    bool begun_ = false;
    bool done_ = false;
};

}  // namespace assistd::providers
