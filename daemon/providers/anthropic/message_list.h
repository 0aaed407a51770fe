#pragma once
// The "messages" of a request to Anthropic, put together block by block: consecutive blocks of one role
// become one message, and where the newest user messages end is marked for the cache. Used for one request.

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "providers/transcript.h"

namespace assistd::providers {

struct MessagesRequestParts;

inline constexpr std::string_view cache_mark = R"(,"cache_control":{"type":"ephemeral"})";

bool is_blank(std::string_view text);

// Anthropic takes only letters, digits, "_" and "-" in a call's id; other makers' ids have more.
std::string wire_call_id(const std::string& id);

class MessageList {
  public:
    explicit MessageList(const MessagesRequestParts& parts) : parts_(parts) {}

    void add(std::span<const std::shared_ptr<const core::Message>> messages);
    void add_paused(std::string_view blocks);
    // Whether the reply that the request goes on with has called tools without a thought before.
    bool reply_begun_without_thoughts() const { return thoughtless_; }
    std::string finish();  // once, at the end

  private:
    void add_entry(const TranscriptEntry& entry, bool is_last);
    void add_notice(const TranscriptEntry& entry);
    void add_user(const TranscriptEntry& entry);
    void add_assistant(const TranscriptEntry& entry, bool is_last);
    void add_results(const TranscriptEntry& entry);
    void add_text(std::string_view role, std::string_view text);
    void add_image(const core::ImageBlock& image);
    void add_call(const core::ToolCallBlock& call);
    bool add_thought(const core::ThinkingBlock& thought);

    void begin_block(std::string_view role);
    void end_block();
    void close_message();

    const MessagesRequestParts& parts_;
    std::string out_ = "[";
    std::string_view role_;  // of the message that is open
    bool thoughtless_ = false;
    std::array<std::size_t, 2> marks_{};  // where the blocks end that end the last two user messages
    std::size_t block_end_ = 0;
};

}  // namespace assistd::providers
