#pragma once
// Modern clients that want to be told when the tools change: one open stream each. Owned by the door; any
// thread.

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "api/mcp/event_log.h"
#include "api/mcp/wire.h"
#include "core/conversation.h"

namespace assistd::api::mcp {

class Listeners {
  public:
    // Throws RpcError when the user listens too often already. `version` is that of the tools now.
    std::shared_ptr<EventLog> add(const core::Owner& owner, const Json& id, bool to_tools,
                                  std::uint64_t version);
    void remove(const std::shared_ptr<EventLog>& log);
    void tools_changed(const std::function<std::uint64_t(const core::Owner&)>& version_for);
    void end_all();

  private:
    struct Listener {
        core::Owner owner;
        Json id;
        bool to_tools = false;
        std::uint64_t version = 0;
        std::shared_ptr<EventLog> log;
    };

    std::mutex mutex_;
    std::vector<Listener> listeners_;
};

}  // namespace assistd::api::mcp
