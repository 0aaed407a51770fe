#pragma once
// Puts a reply of Ollama's /api/chat together from the lines of its stream. Pure data, used by one coroutine
// at a time.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/ports.h"
#include "providers/reply_rules.h"

namespace assistd::providers {

class OllamaReply {
  public:
    // Each sink may be null.
    explicit OllamaReply(core::TextSink sink, core::TextSink thoughts = nullptr)
        : sink_(std::move(sink)), thoughts_sink_(std::move(thoughts)) {}

    // One line. Throws UpstreamError{reply | context} for what is no chunk, for an error that the server
    // reports in the stream, and for a reply beyond all bounds.
    void take(std::string_view line);
    void take_whole(std::string_view body);  // one chunk, or all lines at once
    bool done() const { return done_; }

    core::Usage usage() const;  // as it was reported so far

    // After the stream's end. Throws UpstreamError{connection} when it broke off before the reply was
    // complete. No call gets an id that is in `taken_ids`; its own are added.
    core::ProviderReply finish(std::unordered_set<std::string>& taken_ids);

  private:
    struct Call {
        std::string id;
        std::string name;
        std::string arguments;
    };

    void take_message(const nlohmann::json& message);
    void take_call(const nlohmann::json& call);

    core::TextSink sink_;
    core::TextSink thoughts_sink_;
    std::string text_;
    std::string thinking_;
    std::vector<Call> calls_;
    std::string done_reason_;
    std::string model_;
    std::optional<std::int64_t> prompt_tokens_;
    std::optional<std::int64_t> completion_tokens_;
    ReplyBounds bounds_;
    bool done_ = false;
};

}  // namespace assistd::providers
