#pragma once
// What FTS5 keeps of rows that were deleted: their words, with a mark that they are gone, until the parts of
// an index have become one. (Later versions of SQLite than Debian's have an option for it, 'secure-delete'.)

#include <cstddef>
#include <span>

#include "sqlite/database.h"

namespace assistd::sqlite {

// The two ways of asking a table for one step: INSERT INTO t (t, rank) VALUES ('merge', -PAGES) begins to
// make one part of all that there is, and with PAGES it goes on.
struct FullTextTable {
    const char* begin;
    const char* go_on;
};

// Makes the words of what was deleted go for good, a step at a time. Used by one thread at a time, each step
// inside a transaction.
class DeletedWords {
  public:
    // Of `tables`, which have to outlive this.
    explicit DeletedWords(std::span<const FullTextTable> tables) : tables_(tables) {}

    // As much as those pages are, some milliseconds. False when there is nothing more to do.
    bool remove_some(Database& db);

  private:
    std::span<const FullTextTable> tables_;
    std::size_t table_ = 0;
    int rounds_ = 0;
    bool going_on_ = false;
};

}  // namespace assistd::sqlite
