#include "sqlite/space.h"

#include <sqlite3.h>

#include <algorithm>
#include <thread>

namespace assistd::sqlite {
namespace {

// What is needed again soon stays: so many, or this share of all.
constexpr std::int64_t kept_pages = 256;
constexpr std::int64_t kept_share = 20;

std::int64_t number(Database& db, const char* query) {
    Rows rows = db.query(query);
    rows.next();
    return rows.integer(0);
}

std::int64_t give_back(Database& db, int pages, std::int64_t kept) {
    constexpr std::int64_t incremental = 2;
    if (number(db, "PRAGMA auto_vacuum") != incremental) return 0;
    const std::int64_t spare = std::max<std::int64_t>(0, number(db, "PRAGMA freelist_count") - kept);
    if (spare == 0) return 0;
    // One page for each row.
    Rows given = db.query("PRAGMA incremental_vacuum");
    for (int page = 0; page < pages && given.next(); ++page) continue;
    return std::max<std::int64_t>(0, spare - pages);
}

}  // namespace

std::int64_t give_pages_back(Database& db, int pages) {
    return give_back(db, pages, std::max(kept_pages, number(db, "PRAGMA page_count") / kept_share));
}

std::int64_t give_every_page_back(Database& db, int pages) {
    return give_back(db, pages, 0);
}

bool empty_log(const std::filesystem::path& file, const std::stop_token& stop, int tries) {
    using namespace std::chrono_literals;
    constexpr auto between_tries = 100ms;
    Database db(file, Database::Mode::read_write);
    // A connection that has read nothing knows of no log, and finds that all is well.
    number(db, "SELECT count(*) FROM sqlite_schema");
    // Whoever writes waits meanwhile, so it waits for nobody, and tries again instead.
    sqlite3_busy_timeout(db.handle(), 0);
    for (int attempt = 0; attempt < tries && !stop.stop_requested(); ++attempt) {
        if (attempt > 0) std::this_thread::sleep_for(between_tries);
        const int code =
            sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        if (code == SQLITE_OK) return true;
        if (code != SQLITE_BUSY && code != SQLITE_LOCKED) throw_database_error(db.handle(), code);
    }
    return false;
}

}  // namespace assistd::sqlite
