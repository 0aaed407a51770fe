#pragma once
// core::Reliability on SQLite. Owned by Storage; any thread.

#include "core/reliability.h"
#include "store/readers.h"

namespace assistd::store {

class SqliteReliability : public core::Reliability {
  public:
    explicit SqliteReliability(Readers& readers) : readers_(readers) {}

    Task<std::vector<core::ReliabilityRow>> of_tools(core::ReliabilityQuery query) override;
    Task<std::vector<core::ReliabilityRow>> of_providers(core::ReliabilityQuery query) override;

  private:
    Readers& readers_;
};

}  // namespace assistd::store
