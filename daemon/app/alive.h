#pragma once
// What the watchdog looks at: the threads that run turns and studies, the store's writing and reading
// threads, and the door, which is asked as a client would ask it.

#include <memory>

#include "app/service_manager.h"
#include "app/watchdog.h"
#include "core/turn_service.h"
#include "http/server.h"
#include "store/store.h"

namespace assistd::app {

struct Alive {
    const ServiceManager& service;
    std::vector<IoThreads> threads;  // the first one's are where this waits for answers
    store::Storage& storage;
    const http::Server& server;
    const core::TurnService& turns;
};

// Null when nobody watches. Its end comes before that of all of these.
std::unique_ptr<Watchdog> watch(const Alive& alive);

}  // namespace assistd::app
