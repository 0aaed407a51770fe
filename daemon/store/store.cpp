#include "store/store.h"

#include <atomic>

#include "sqlite/open.h"
#include "store/accounts.h"
#include "store/artifact_rows.h"
#include "store/artifacts.h"
#include "store/assistants.h"
#include "store/audit.h"
#include "store/call_counts.h"
#include "store/files.h"
#include "store/open.h"
#include "store/plugin_pins.h"
#include "store/projects.h"
#include "store/sqlite_store.h"
#include "store/studies.h"
#include "store/threads.h"
#include "store/usage.h"

namespace assistd::store {
namespace {

constexpr std::size_t file_threads = 2;

std::filesystem::path database_in(const std::filesystem::path& folder) {
    return folder / "assistd.db";
}

Database open_in(const StoreOptions& options) {
    sqlite::prepare_folder(options.folder);
    return open_database(database_in(options.folder), options.synchronous_full);
}

}  // namespace

// In the order in which they are made; what is used last goes last.
struct Storage::Parts {
    explicit Parts(const StoreOptions& options)
        : writer(open_in(options), recent,
                 {.queue_limit = options.queue_limit, .most_together = options.most_together}),
          files(options.folder / "artifacts", options.reserve_bytes),
          readers(database_in(options.folder), options.readers, options.queue_limit),
          file_workers(file_threads, options.queue_limit),
          store(writer, readers, recent, files),
          artifacts(writer, readers, file_workers, files, options.queue_limit),
          uploads(writer, readers, artifacts, files),
          projects(writer, readers),
          usage(writer, readers),
          audit(writer, readers),
          studies(writer, readers),
          plugin_pins(writer, readers),
          call_counts(writer, readers),
          assistants(writer, readers),
          threads(writer, readers, files),
          accounts(writer, readers) {}

    RecentConversations recent;
    Writer writer;
    ArtifactFiles files;
    Readers readers;
    WorkerPool file_workers;
    SqliteStore store;
    SqliteArtifacts artifacts;
    SqliteFiles uploads;
    SqliteProjects projects;
    SqliteUsageBook usage;
    SqliteAuditLog audit;
    SqliteStudies studies;
    SqlitePluginPins plugin_pins;
    SqliteCallCounts call_counts;
    SqliteAssistants assistants;
    SqliteThreads threads;
    SqliteAccounts accounts;
};

Storage::Storage(const StoreOptions& options) : parts_(std::make_unique<Parts>(options)) {
    // Files whose removal an earlier process did not get to.
    parts_->writer.submit([&files = parts_->files](WriteScope& scope) {
        sweep_loose_files(scope, files, last_loose_file(scope.db));
    });
}

Storage::~Storage() = default;

core::Store& Storage::store() {
    return parts_->store;
}
core::Artifacts& Storage::artifacts() {
    return parts_->artifacts;
}
core::Files& Storage::files() {
    return parts_->uploads;
}
core::Projects& Storage::projects() {
    return parts_->projects;
}
core::AuditLog& Storage::audit() {
    return parts_->audit;
}
core::PluginPins& Storage::plugin_pins() {
    return parts_->plugin_pins;
}
core::StudyStore& Storage::studies() {
    return parts_->studies;
}
core::CallCounts& Storage::call_counts() {
    return parts_->call_counts;
}
core::Assistants& Storage::assistants() {
    return parts_->assistants;
}
core::Threads& Storage::threads() {
    return parts_->threads;
}

core::AccountStore& Storage::accounts() {
    return parts_->accounts;
}

core::UsageBook& Storage::usage() {
    return parts_->usage;
}

Task<bool> Storage::goes_on() {
    const auto taken_up = std::make_shared<std::atomic<bool>>(false);
    try {
        const OneShot<> write =
            parts_->writer.submit_patiently([taken_up](WriteScope&) { *taken_up = true; });
        co_await write.wait();
    } catch (const Error&) {
        // Somebody else's write that it was committed with: that the disk is full is no reason to end.
        if (!*taken_up) co_return false;
    }
    try {
        co_await parts_->readers.read([](Database&) {});
    } catch (const Error&) {
        co_return false;
    }
    co_return true;
}

Task<void> Storage::release_memory() {
    parts_->recent.clear();
    const OneShot<> readers = parts_->readers.release_memory();
    const OneShot<> writer = parts_->writer.submit([](WriteScope& scope) { scope.db.release_memory(); });
    co_await readers.wait();
    co_await writer.wait();
}

std::unique_ptr<Storage> open_store(const StoreOptions& options) {
    return std::make_unique<Storage>(options);
}

}  // namespace assistd::store
