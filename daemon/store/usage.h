#pragma once
// core::UsageBook on SQLite, and the rows behind it. Functions with a WriteScope run on the writer's thread,
// the others on a reader's. The class is owned by Storage; any thread.

#include <vector>

#include "core/ports.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteUsageBook : public core::UsageBook {
  public:
    SqliteUsageBook(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    core::Write add(const core::UsageEntry& entry) override;
    Task<std::vector<core::UsageRow>> sums(core::UsageQuery query) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

void add_usage(WriteScope& scope, const core::UsageEntry& entry);
// What a turn that has just been ended spent, once however often it is ended.
void add_usage_of_turn(WriteScope& scope, const core::Turn& turn);
std::vector<core::UsageRow> read_usage(Database& db, const core::UsageQuery& query);

}  // namespace assistd::store
