#pragma once
// The messages of a request as every model server can take them: the results of one reply stand together
// right behind it, in call order; a call without a result and a result without a call are left out, and so is
// a message with nothing in it. Points into the request's messages.

#include <memory>
#include <span>
#include <vector>

#include "core/message.h"

namespace assistd::providers {

struct TranscriptEntry {
    core::Role role = core::Role::user;
    bool in_current_turn = false;  // after the last user message
    bool calls_tools = false;
    std::span<const core::Block* const> blocks;  // never empty
};

class Transcript {
  public:
    explicit Transcript(std::span<const std::shared_ptr<const core::Message>> messages);
    Transcript(const Transcript&) = delete;
    Transcript& operator=(const Transcript&) = delete;

    const std::vector<TranscriptEntry>& entries() const { return entries_; }

  private:
    using Messages = std::span<const std::shared_ptr<const core::Message>>;

    void add_message(const core::Message& message, bool in_current_turn);
    void add_reply(Messages from_reply, bool in_current_turn);
    void close_entry(core::Role role, bool in_current_turn, bool calls_tools = false);

    std::vector<const core::Block*> blocks_;
    std::vector<std::size_t> ends_;  // of each entry in blocks_
    std::vector<TranscriptEntry> entries_;
};

}  // namespace assistd::providers
