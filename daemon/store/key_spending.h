#pragma once
// core::KeySpending on SQLite. Owned by Storage; any thread.

#include "core/key_spending.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteKeySpending : public core::KeySpending {
  public:
    SqliteKeySpending(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    core::Write add(const std::string& key, const core::Owner& owner, std::chrono::sys_days day,
                    core::SpentToday spent) override;
    Task<core::SpentToday> of(std::string key, std::chrono::sys_days day) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
