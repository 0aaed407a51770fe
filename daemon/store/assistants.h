#pragma once
// core::Assistants on SQLite. Owned by Storage; any thread.

#include "core/assistant.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteAssistants : public core::Assistants {
  public:
    SqliteAssistants(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    Task<void> add(core::Assistant assistant) override;
    Task<core::Assistant> find(core::Owner owner, AssistantId id) override;
    Task<core::Slice<core::Assistant>> list(core::Owner owner, core::ListRange<AssistantId> range) override;
    Task<core::Assistant> change(core::Owner owner, AssistantId id, core::AssistantChange change) override;
    Task<void> remove(core::Owner owner, AssistantId id) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
