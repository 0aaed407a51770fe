#pragma once
// The daemon's storage as app/ sees it: open_store() finds or makes the state folder, and the result
// implements the core's ports for what is kept on it. The ports may be used from any thread. Owned by app/;
// destroyed after everything that uses the ports, it commits what is queued and closes the database. The
// io_context must live longer: the store's threads may hold executors of it until they end.

#include <filesystem>
#include <memory>

#include "core/account.h"
#include "core/assistant.h"
#include "core/files.h"
#include "core/plugin_pin.h"
#include "core/ports.h"
#include "core/study_store.h"
#include "core/thread.h"

namespace assistd::store {

struct StoreOptions {
    std::filesystem::path folder;  // the state folder: assistd.db and artifacts/ are in it
    // False: what was acknowledged last may be lost in a power cut (not by a crash of the daemon).
    bool synchronous_full = true;
    std::size_t most_together = SIZE_MAX;  // writes in one commit
    int readers = 2;                       // connections, each with a thread
    std::uint64_t reserve_bytes = 0;       // of the disk, that new artifacts leave free
    std::size_t queue_limit = 8'192;       // waiting writes; and as many waiting reads
};

class Storage {
  public:
    explicit Storage(const StoreOptions& options);
    ~Storage();

    core::Store& store();
    core::Artifacts& artifacts();
    core::Files& files();
    core::Projects& projects();
    core::UsageBook& usage();
    core::AuditLog& audit();
    core::StudyStore& studies();
    core::PluginPins& plugin_pins();
    core::CallCounts& call_counts();
    core::Assistants& assistants();
    core::Threads& threads();
    core::AccountStore& accounts();
    // Whether its writing thread and one that reads took something up, however that ended. It waits until
    // they do, but for a queue that is full.
    Task<bool> goes_on();
    // Empties the caches: of rows, and of the database's connections.
    Task<void> release_memory();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Throws Error{unavailable} whose sentence says what is wrong with the folder or the database and what to do.
std::unique_ptr<Storage> open_store(const StoreOptions& options);

}  // namespace assistd::store
