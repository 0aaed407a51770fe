#pragma once
// The items of a thread, page by page, out of its messages. Coroutines for one request each.

#include "api/chatkit/items.h"
#include "api/services.h"
#include "core/listing.h"

namespace assistd::api::chatkit {

struct ItemQuery {
    core::Owner owner;
    ConversationId thread;
    core::Order order = core::Order::descending;
    std::optional<ItemId> after;
    int limit = 20;
};

// {"data", "has_more", "after"?}. Throws Error{not_found}, and Error{validation} for a cursor that is no
// item.
Task<Json> page_of_items(const Services& services, ItemQuery query, Setting setting);

// What is known of a message's calls but for their results.
Task<CallFacts> facts_of(const Services& services, core::Owner owner, core::Message message);

// One message of a thread of the owner's, shown or not found.
Task<core::Message> message_of(const Services& services, core::Owner owner, ConversationId thread,
                               MessageId id);

}  // namespace assistd::api::chatkit
