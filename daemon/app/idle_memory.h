#pragma once
// Gives memory back to the system.

#include "base/async.h"
#include "core/context_manager.h"
#include "core/turn_service.h"
#include "store/store.h"
#include "upstream/http_client.h"

namespace assistd::app {

// From now on a large block - a request with all tools and a long conversation, a file - is the system's
// again when it is let go of, and not a hole in a heap. Before there are threads.
void give_large_blocks_back_at_once();

// What lives as long as the daemon and can do with less.
struct IdleMemory {
    const core::TurnService& turns;
    core::ContextManager& contexts;
    store::Storage& storage;
    HttpClient& http_client;
};

// Once no turn has begun or ended for a while, what is kept only to make the next turn quicker goes, and what
// the allocator holds of it. Runs until its io_context ends.
Task<void> give_memory_back_when_idle(IdleMemory memory);

}  // namespace assistd::app
