#pragma once
// A database as it is at one moment, while others go on writing: to be read, checked and copied for as long
// as that takes. What is written meanwhile stays in the write-ahead log, so nobody waits, but the log grows.
// One thread for each.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sqlite/database.h"

namespace assistd::sqlite {

// Called after each piece of work, to leave the machine to others for a moment. May throw to give up.
using Between = std::function<void()>;

class Snapshot {
  public:
    // As the database is now. Throws Error{unavailable} when it cannot be read.
    explicit Snapshot(const std::filesystem::path& file);

    Database& db() { return db_; }
    // An exact copy, as one file that only its owner may read. What is half-written goes when it fails.
    // `target` must not be there.
    void copy_to(const std::filesystem::path& target, const Between& between);

  private:
    Database db_;
};

// What is wrong with a database: its pages, its indexes against its tables, and rows that refer to rows that
// are not there. Table by table, so that a database in use is not held for long; empty when all is well. At
// most a few sentences of each table.
std::vector<std::string> faults_of(Database& db, const Between& between);

// The rows that a full-text index with the tables of `table` knows, in the order of its words, so each many
// times. Throws Error{unavailable} when the index is damaged.
void each_indexed_row(Database& db, const std::string& table, const std::function<void(std::int64_t)>& row);

}  // namespace assistd::sqlite
