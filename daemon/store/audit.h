#pragma once
// core::AuditLog on SQLite. Owned by Storage; any thread.

#include "core/ports.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteAuditLog : public core::AuditLog {
  public:
    SqliteAuditLog(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    core::Write begin(core::AuditEntry& entry) override;
    core::Write add(const core::AuditEntry& entry) override;
    void add_soon(const core::AuditEntry& entry) override;
    core::Write lose_running() override;
    Task<core::Page<core::AuditEntry>> list(core::AuditQuery query) override;
    Task<int> remove_before(Timestamp time, int at_most) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
