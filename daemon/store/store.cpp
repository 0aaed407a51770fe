#include "store/store.h"

#include <atomic>

#include "sqlite/full_text.h"
#include "sqlite/open.h"
#include "sqlite/space.h"
#include "store/accounts.h"
#include "store/artifact_rows.h"
#include "store/artifacts.h"
#include "store/assistants.h"
#include "store/audit.h"
#include "store/call_counts.h"
#include "store/files.h"
#include "store/key_spending.h"
#include "store/open.h"
#include "store/personal_data.h"
#include "store/plugin_pins.h"
#include "store/projects.h"
#include "store/reliability.h"
#include "store/retention.h"
#include "store/search.h"
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
    return open_database(database_in(options.folder), options.synchronous_full, options.progress);
}

}  // namespace

// In the order in which they are made; what is used last goes last.
struct Storage::Parts {
    explicit Parts(const StoreOptions& options)
        : writer(open_in(options), recent,
                 {.queue_limit = options.queue_limit,
                  .most_together = options.most_together,
                  .meters = options.meters}),
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
          key_spending(writer, readers),
          assistants(writer, readers),
          threads(writer, readers, files),
          accounts(writer, readers),
          reliability(readers),
          folder(options.folder) {}

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
    SqliteKeySpending key_spending;
    SqliteAssistants assistants;
    SqliteThreads threads;
    SqliteAccounts accounts;
    SqliteReliability reliability;
    const std::filesystem::path folder;
};

Storage::Storage(const StoreOptions& options) : parts_(std::make_unique<Parts>(options)) {
    sweep_files(*parts_);  // whose removal an earlier process did not get to
}

void Storage::sweep_files(Parts& parts) {
    parts.writer.submit([&files = parts.files](WriteScope& scope) {
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
core::KeySpending& Storage::key_spending() {
    return parts_->key_spending;
}
core::Assistants& Storage::assistants() {
    return parts_->assistants;
}
core::Threads& Storage::threads() {
    return parts_->threads;
}

core::Reliability& Storage::reliability() {
    return parts_->reliability;
}

StoreState Storage::state() const {
    StoreState state;
    state.waiting_writes = parts_->writer.waiting();
    std::error_code problem;
    const auto space = std::filesystem::space(parts_->folder, problem);
    if (!problem) state.free_bytes = space.available;
    const std::string database = database_in(parts_->folder).string();
    for (const char* ending : {"", "-wal"}) {
        const std::uintmax_t size = std::filesystem::file_size(database + ending, problem);
        if (!problem) state.database_bytes += size;
    }
    return state;
}

Task<void> Storage::try_to_write() {
    return result_of(parts_->writer.submit([](WriteScope& scope) {
        scope.db.run(
            "INSERT INTO write_test (only_row, at) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE "
            "SET at = excluded.at",
            now());
    }));
}

core::AccountStore& Storage::accounts() {
    return parts_->accounts;
}

core::UsageBook& Storage::usage() {
    return parts_->usage;
}

Task<std::map<std::string, std::int64_t>> Storage::amounts_of(core::Owner user) {
    return parts_->readers.read([user = std::move(user)](Database& db) { return count_rows_of(db, user); });
}

Task<std::map<std::string, std::int64_t>> Storage::remove_rows_of(core::Owner user, AuditOfRemoved audit,
                                                                  std::string alias, int at_most) {
    auto remove = [user, audit, alias, at_most](WriteScope& scope) {
        auto removed = remove_some_rows_of(scope, user, audit, alias, at_most);
        return std::pair(std::move(removed), last_loose_file(scope.db));
    };
    const auto done = parts_->writer.submit(std::move(remove));
    auto [removed, ticket] = co_await done.wait();
    co_await sweep(parts_->writer, parts_->files, ticket);
    co_return std::move(removed);
}

Task<int> Storage::remove_conversations_of(core::Owner user, int at_most) {
    auto remove = [user, at_most](WriteScope& scope) {
        const int removed = remove_some_conversations_of(scope, user, at_most);
        return std::pair(removed, last_loose_file(scope.db));
    };
    const auto done = parts_->writer.submit(std::move(remove));
    const auto [removed, ticket] = co_await done.wait();
    if (removed > 0) co_await sweep(parts_->writer, parts_->files, ticket);
    co_return removed;
}

Task<int> Storage::remove_old(OldRows what, Timestamp before, int at_most) {
    auto remove = [what, before, at_most](WriteScope& scope) {
        const int removed = remove_old_rows(scope, what, before, at_most);
        return std::pair(removed, last_loose_file(scope.db));
    };
    const auto done = parts_->writer.submit(std::move(remove));
    const auto [removed, ticket] = co_await done.wait();
    if (removed > 0) co_await sweep(parts_->writer, parts_->files, ticket);
    co_return removed;
}

Task<std::optional<Timestamp>> Storage::newest_record() {
    return parts_->readers.read([](Database& db) { return store::newest_record(db); });
}

Task<void> Storage::remove_unneeded_files(std::vector<std::string> contents) {
    constexpr std::size_t at_once = 50;
    for (std::size_t first = 0; first < contents.size(); first += at_once) {
        const std::size_t end = std::min(contents.size(), first + at_once);
        std::vector<std::string> some(contents.begin() + static_cast<std::ptrdiff_t>(first),
                                      contents.begin() + static_cast<std::ptrdiff_t>(end));
        // Whether one is needed is asked when it is removed.
        auto loosen = [some](WriteScope& scope) {
            std::int64_t ticket = 0;
            for (const std::string& sha256 : some) ticket = loosen_file(scope.db, sha256);
            return ticket;
        };
        const auto loosened = parts_->writer.submit(std::move(loosen));
        const std::int64_t ticket = co_await loosened.wait();
        co_await sweep(parts_->writer, parts_->files, ticket);
    }
}

Task<std::int64_t> Storage::give_space_back(int pages) {
    const auto given = parts_->writer.submit(
        [pages](WriteScope& scope) { return sqlite::give_pages_back(scope.db, pages); });
    co_return co_await given.wait();
}

Task<void> Storage::wipe_what_is_deleted() {
    auto words = std::make_shared<sqlite::DeletedWords>(search_tables);
    for (bool more = true; more;) {
        const auto removed =
            parts_->writer.submit([words](WriteScope& scope) { return words->remove_some(scope.db); });
        more = co_await removed.wait();
    }
    for (std::int64_t left = 1; left > 0;) {
        constexpr int pages = 128;
        const auto given = parts_->writer.submit(
            [](WriteScope& scope) { return sqlite::give_every_page_back(scope.db, pages); });
        left = co_await given.wait();
    }
}

Task<std::shared_ptr<void>> Storage::keep_files() {
    Parts& parts = *parts_;
    parts.files.keep_all();
    std::shared_ptr<void> kept(nullptr, [&parts](std::nullptr_t) {
        parts.files.let_go();
        sweep_files(parts);
    });
    // Behind a removal that is going on.
    const OneShot<> begun = parts.writer.submit([](WriteScope& /*scope*/) {});
    co_await begun.wait();
    co_return kept;
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

bool has_uploads(const std::filesystem::path& folder) {
    Database db(database_in(folder), Database::Mode::read_only);
    return db.query("SELECT 1 FROM files UNION ALL SELECT 1 FROM artifacts WHERE kind = 'document' LIMIT 1")
        .next();
}

}  // namespace assistd::store
