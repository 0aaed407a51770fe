#pragma once
// What is done for the databases when nobody asks for anything: the space of what was deleted goes back to
// the disk, a few pages at a time.

#include "base/async.h"
#include "core/turn_service.h"
#include "knowledge/knowledge_base.h"
#include "store/store.h"

namespace assistd::app {

// What lives as long as the daemon.
struct Upkeep {
    const core::TurnService& turns;
    store::Storage& storage;
    knowledge::KnowledgeBase& knowledge;
};

// Runs until its io_context ends.
Task<void> give_space_back_when_idle(Upkeep upkeep);

}  // namespace assistd::app
