#pragma once
// The daemon's storage as app/ sees it: open_store() finds or makes the state folder, and the result
// implements the core's ports for what is kept on it. The ports may be used from any thread. Owned by app/;
// destroyed after everything that uses the ports, it commits what is queued and closes the database. The
// io_context must live longer: the store's threads may hold executors of it until they end.

#include <filesystem>
#include <map>
#include <memory>

#include "core/account.h"
#include "core/assistant.h"
#include "core/files.h"
#include "core/key_spending.h"
#include "core/meters.h"
#include "core/plugin_pin.h"
#include "core/ports.h"
#include "core/reliability.h"
#include "core/study_store.h"
#include "core/thread.h"
#include "sqlite/progress.h"

namespace assistd::store {

enum class AuditOfRemoved;
enum class OldRows;

struct StoreOptions {
    std::filesystem::path folder;  // the state folder: assistd.db and artifacts/ are in it
    // False: what was acknowledged last may be lost in a power cut (not by a crash of the daemon).
    bool synchronous_full = true;
    std::size_t most_together = SIZE_MAX;  // writes in one commit
    int readers = 2;                       // connections, each with a thread
    std::uint64_t reserve_bytes = 0;       // of the disk, that new artifacts leave free
    std::size_t queue_limit = 8'192;       // waiting writes; and as many waiting reads
    std::shared_ptr<core::Meters> meters = std::make_shared<core::Meters>();  // never null
    sqlite::Progress progress = {};                                           // of an upgrade of the database
};

struct StoreState {
    std::size_t waiting_writes = 0;
    std::uint64_t free_bytes = 0;      // of the disk, for the daemon
    std::uint64_t database_bytes = 0;  // with its log
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
    core::KeySpending& key_spending();
    core::Assistants& assistants();
    core::Threads& threads();
    core::Reliability& reliability();
    StoreState state() const;  // looked at, not asked for: it costs nothing
    // Writes and commits something, as any write does. Throws Error{unavailable} with the reason when it
    // cannot.
    Task<void> try_to_write();
    // At most so many rows of everything that a user has but for conversations; how many of which table. See
    // personal_data.h.
    Task<std::map<std::string, std::int64_t>> remove_rows_of(core::Owner user, AuditOfRemoved audit,
                                                             std::string alias, int at_most);
    // The user's conversations, with all that belongs to them, at most so many; how many there were.
    Task<int> remove_conversations_of(core::Owner user, int at_most);
    // What deleted rows leave in the database: the words that they were found by, and pages. A few
    // milliseconds of the writer's time at once.
    Task<void> wipe_what_is_deleted();
    // How many rows of what a user has, but for the account and for rows that are parts of others.
    Task<std::map<std::string, std::int64_t>> amounts_of(core::Owner user);
    // Of contents by their SHA-256: those that no artifact has, by then.
    Task<void> remove_unneeded_files(std::vector<std::string> contents);
    // Of everybody, the oldest first, at most so many; returns how many there were. See retention.h.
    Task<int> remove_old(OldRows what, Timestamp before, int at_most);
    // How late it was at least when this was used last. See retention.h.
    Task<std::optional<Timestamp>> newest_record();
    // Gives at most so many pages of the database that deleted rows have left back to the disk, a few
    // milliseconds of the writer's time. Returns how many are left.
    Task<std::int64_t> give_space_back(int pages);
    // Until the last copy of what it gives goes, no file of an artifact is removed. Those whose time came
    // meanwhile go then.
    Task<std::shared_ptr<void>> keep_files();
    core::AccountStore& accounts();
    // Whether its writing thread and one that reads took something up, however that ended. It waits until
    // they do, but for a queue that is full.
    Task<bool> goes_on();
    // Empties the caches: of rows, and of the database's connections.
    Task<void> release_memory();

  private:
    struct Parts;
    static void sweep_files(Parts& parts);
    std::unique_ptr<Parts> parts_;
};

// Throws Error{unavailable} whose sentence says what is wrong with the folder or the database and what to do.
std::unique_ptr<Storage> open_store(const StoreOptions& options);

// Whether anybody has uploaded files or documents, in a state folder whose database is at the newest schema.
// It waits for the disk.
bool has_uploads(const std::filesystem::path& folder);

}  // namespace assistd::store
