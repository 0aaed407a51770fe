#pragma once
// How ChatKit writes ids. A thread is a conversation, and its items are made of that conversation's messages:
// a message of the assistant's that says something and calls tools is several items, whose ids all name the
// message. Values and pure functions.

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace assistd::api::chatkit {

namespace prefix {
inline constexpr std::string_view thread = "thr_";
inline constexpr std::string_view attachment = "atc_";
}  // namespace prefix

// In the order in which the items of one message come.
enum class ItemKind { thoughts, message, workflow, question, client_call };

struct ItemId {
    ItemKind kind = ItemKind::message;
    MessageId message;
    std::size_t call = 0;  // of questions and client calls: which of the message's calls it is about

    std::string text() const;
    static std::optional<ItemId> parse(std::string_view text);
    auto operator<=>(const ItemId&) const = default;
};

}  // namespace assistd::api::chatkit
