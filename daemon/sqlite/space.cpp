#include "sqlite/space.h"

#include <algorithm>

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

std::int64_t spare_pages(Database& db) {
    const std::int64_t kept = std::max(kept_pages, number(db, "PRAGMA page_count") / kept_share);
    return std::max<std::int64_t>(0, number(db, "PRAGMA freelist_count") - kept);
}

}  // namespace

std::int64_t give_pages_back(Database& db, int pages) {
    constexpr std::int64_t incremental = 2;
    if (number(db, "PRAGMA auto_vacuum") != incremental) return 0;
    const std::int64_t spare = spare_pages(db);
    if (spare == 0) return 0;
    // One page for each row.
    Rows given = db.query("PRAGMA incremental_vacuum");
    for (int page = 0; page < pages && given.next(); ++page) continue;
    return std::max<std::int64_t>(0, spare - pages);
}

}  // namespace assistd::sqlite
