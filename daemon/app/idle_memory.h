#pragma once
// Gives memory back to the system once no turn has begun or ended for a while: what is kept only to make the
// next turn quicker goes, and what the allocator holds of it.

#include "base/async.h"
#include "core/context_manager.h"
#include "core/turn_service.h"
#include "store/store.h"
#include "upstream/http_client.h"

namespace assistd::app {

// What lives as long as the daemon and can do with less.
struct IdleMemory {
    const core::TurnService& turns;
    core::ContextManager& contexts;
    store::Storage& storage;
    HttpClient& http_client;
};

// Runs until its io_context ends.
Task<void> give_memory_back_when_idle(IdleMemory memory);

}  // namespace assistd::app
