#pragma once
// One message of a conversation: a role and an ordered list of blocks. The same form is stored, shown by
// every door and given to every provider. Value types.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "core/citations.h"

namespace assistd::core {

enum class Role { system, user, assistant, tool };

struct TextBlock {
    std::string text;
};
// A model's reasoning. `signature` is the provider's seal: both are replayed unchanged, to the provider that
// made them and to no other. A redacted thought has only `redacted`, which nobody but its provider can read.
struct ThinkingBlock {
    std::string text;
    std::string signature;
    std::string provider = {};  // its name in the config
    std::string redacted = {};
};
// `call_id` is the provider's own, unique within the conversation; `arguments` is JSON text as the model
// wrote it.
struct ToolCallBlock {
    std::string call_id;
    std::string name;
    std::string arguments;
};
// `content` is JSON text, exactly as the model sees it: {"success": …}.
struct ToolResultBlock {
    std::string call_id;
    std::string name;
    std::string content;
    bool success = false;
};
// A picture that the user attached, kept as an artifact. One that came with a request of which nothing is
// kept has its bytes with it, as base64, and an id of its own.
struct ImageBlock {
    ArtifactId artifact;
    std::string media_type;
    std::string detail = {};  // how closely it is to be looked at: low, high; empty: as the model likes
    std::string data = {};
};
using Block = std::variant<TextBlock, ThinkingBlock, ToolCallBlock, ToolResultBlock, ImageBlock>;

// Token counts as the provider reported them, or the daemon's own estimate of what it left out; `cost` in US
// dollars where the config knows prices.
struct Usage {
    std::int64_t prompt_tokens = 0;
    std::int64_t completion_tokens = 0;
    std::int64_t cached_tokens = 0;  // the part of prompt_tokens that the provider had cached
    double cost = 0;
    // The part of prompt_tokens that the provider put into its cache. Not stored: it is only a matter of
    // cost.
    std::int64_t cache_write_tokens = 0;
    // The part of completion_tokens that the model thought with, where its provider counts it. Not stored.
    std::int64_t reasoning_tokens = 0;
    bool estimated = false;  // some of it

    std::int64_t total_tokens() const { return prompt_tokens + completion_tokens; }
    Usage& operator+=(const Usage& other) {
        prompt_tokens += other.prompt_tokens;
        completion_tokens += other.completion_tokens;
        cached_tokens += other.cached_tokens;
        cache_write_tokens += other.cache_write_tokens;
        reasoning_tokens += other.reasoning_tokens;
        cost += other.cost;
        estimated = estimated || other.estimated;
        return *this;
    }
};

struct Message {
    MessageId id;
    ConversationId conversation;
    TurnId turn;                // nil for notices, and for what a client put into the conversation
    std::int64_t sequence = 0;  // position in the conversation, from 1, given by the store
    int replies = 1;            // of a user's message: how many turns have answered it
    Role role = Role::user;
    std::vector<Block> blocks;
    Timestamp created_at;
    // What its client keeps with it, as JSON text: an object of texts, and the files that came with it. Each
    // of those has a text block at the end of the blocks, which tells models of it.
    std::string metadata = "{}";
    std::string attachments = "[]";

    // Set on assistant messages only.
    std::string provider;       // that answered, by its name in the config
    std::string model;          // as the provider named it
    std::string finish_reason;  // stop, tool_calls, length, content_filter; error, cancelled
    std::string limit_reached;  // why it was asked for without tools, as in Turn
    std::string feedback;       // its owner's: positive, negative; empty: none
    Usage usage;
    // The last TurnEvent that had been emitted when this was stored: replays are numbered from it.
    std::int64_t event_id = 0;
    std::vector<Citation> citations;  // what its text rests on, where it says so
    std::string pieces;               // in which the text was told (pieces.h); empty when it was told at once

    std::string text() const;      // all text blocks joined
    std::string thoughts() const;  // the text of all thinking blocks joined
    std::vector<ToolCallBlock> tool_calls() const;
};

std::string_view name_of(Role role);

}  // namespace assistd::core
