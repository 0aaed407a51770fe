#pragma once
// A conversation and what lists and changes of it look like. Value types.

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace assistd::core {

// Who owns a resource. Until authentication comes there is one built-in user, "local"; every query names its
// owner already, and another owner's resource is not found.
using Owner = std::string;

// Who named a conversation. A model may replace what the first message gave, and nobody what the user gave.
enum class TitleSource { none, first_message, model, user };

// Whether it takes messages. A locked one is meant to be opened again.
enum class ConversationState { open, locked, closed };

// A part of a text, in one line, with what was found in it.
struct Excerpt {
    struct Mark {
        std::int64_t begin = 0;  // in code points
        std::int64_t end = 0;
        friend bool operator==(const Mark&, const Mark&) = default;
    };
    std::string text;
    std::vector<Mark> marks;

    friend bool operator==(const Excerpt&, const Excerpt&) = default;
};

// The newest message in which a search found its words.
struct SearchHit {
    MessageId message;
    Excerpt excerpt;

    friend bool operator==(const SearchHit&, const SearchHit&) = default;
};

struct Conversation {
    ConversationId id;
    Owner owner;
    std::string project_id;  // empty: none
    std::string title;
    TitleSource title_source = TitleSource::none;
    bool title_is_news = false;  // no turn's stream has told it yet
    std::string provider;        // empty: the configured default
    std::string model;
    std::string assistant_id;
    std::string metadata = "{}";        // a JSON object, kept as given
    std::string door;                   // where it was begun (thread.h); empty: by the conversation API
    std::string tool_resources = "{}";  // JSON: the files that tools are given
    bool archived = false;
    ConversationState state = ConversationState::open;
    std::string state_reason;  // for people; empty: none was given
    Timestamp created_at;
    Timestamp updated_at;
    // Kept by the store with every message.
    std::int64_t message_count = 0;
    std::string last_message_preview;  // at most 100 characters (code points)
    // Told by Store::conversations() only.
    std::string first_message_preview = {};  // of one without a title: what the user said first
    std::optional<SearchHit> hit = {};       // of a search, unless it was found by its title alone

    friend bool operator==(const Conversation&, const Conversation&) = default;
};

// What a list asks for; newest update first.
struct ConversationQuery {
    Owner owner;
    std::optional<std::string> project_id;
    std::optional<bool> archived;
    std::optional<std::string> door;  // that it was begun by
    std::string search;               // full text over titles and messages; empty: all
    int limit = 20;
    std::string cursor;  // as an earlier page's `next` gave it; empty: the first page
};

// Only the fields that are set are changed.
struct ConversationChange {
    std::optional<std::string> title;
    std::optional<std::string> project_id;  // empty: none any more
    std::optional<std::string> metadata;
    std::optional<std::string> provider;
    std::optional<std::string> model;
    std::optional<bool> archived;
    std::optional<ConversationState> state;
    std::optional<std::string> state_reason;
};

std::string_view name_of(TitleSource source);
std::string_view name_of(ConversationState state);

// Throws Error{conflict}, with the reason, when the conversation is locked or closed.
void check_takes_messages(const Conversation& conversation);

// One page of a list. `next` is opaque and empty on the last page.
template <class T>
struct Page {
    std::vector<T> items;
    std::string next;
};

}  // namespace assistd::core
