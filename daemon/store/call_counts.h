#pragma once
// core::CallCounts on SQLite. Owned by Storage; any thread.

#include "core/ports.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteCallCounts : public core::CallCounts {
  public:
    SqliteCallCounts(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    core::Write count(const core::Owner& user, const std::string& tool, std::chrono::sys_days day) override;
    Task<std::map<std::string, std::int64_t>> of(core::Owner user, std::chrono::sys_days day) override;
    Task<int> remove_before(std::chrono::sys_days day, int at_most) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
