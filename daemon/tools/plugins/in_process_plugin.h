#pragma once
// A plugin as one thread of the daemon has loaded it: its copy of the library, its scratch folder, its
// instance. Made and destroyed by an InProcessWorker, in between used by its thread alone.

#include "plugin_abi/host_table.h"
#include "plugin_abi/library.h"
#include "plugin_abi/scratch.h"
#include "tools/plugins/in_process_worker.h"

namespace assistd::tools {

class InProcessWorker::Plugin {
  public:
    Plugin(std::shared_ptr<LibraryCopy> library, InProcessRights rights, std::shared_ptr<PluginLog> log)
        : copy_(std::move(library)), rights_(std::move(rights)), log_(std::move(log)) {}
    ~Plugin() { leave_room(); }
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    // Failures are results.
    InProcessEnd run(InProcessCall& call);

  private:
    // What an instance lives in.
    struct Room {
        Room(const std::string& folder, plugin_abi::HostTable::Log log)
            : scratch(folder), host(folder, std::move(log)) {}
        plugin_abi::Scratch scratch;
        plugin_abi::HostTable host;
    };

    std::string why_not_ready(const core::Owner& owner);
    void make_ready(const core::Owner& owner);
    InProcessEnd run_ready(InProcessCall& call);
    void load();
    void enter_room();
    void leave_room();
    InProcessEnd crashed(const core::ToolSpec& tool, const std::string& what);

    const std::shared_ptr<LibraryCopy> copy_;
    const InProcessRights rights_;
    const std::shared_ptr<PluginLog> log_;
    std::optional<plugin_abi::Library> library_;
    std::unique_ptr<Room> room_;
    std::unique_ptr<plugin_abi::Instance> instance_;
    core::Owner owner_;  // of the instance
};

}  // namespace assistd::tools
