#pragma once
// core::PluginPins on SQLite. Owned by Storage; any thread.

#include "core/plugin_pin.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqlitePluginPins : public core::PluginPins {
  public:
    SqlitePluginPins(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

    Task<std::vector<core::PluginPin>> all() override;
    core::Write put(const core::PluginPin& pin) override;

  private:
    Writer& writer_;
    Readers& readers_;
};

}  // namespace assistd::store
