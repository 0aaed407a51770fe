#pragma once
// The tools that plugin files offer. Looks through the plugin folders, at first and after every change in
// them, without running any plugin's code, and runs each call in a host process of the plugin, or on a thread
// of the daemon where the configuration says so. A file that is replaced serves new calls with its new
// version; calls that run end on the one they began with. Made and destroyed by app; thread-safe in between.
//
// Calls must be made on threads that live as long as the daemon (the io_context's): a host dies with the
// thread that started it.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tools/plugins/admission.h"
#include "tools/plugins/folder_watch.h"
#include "tools/plugins/host_pool.h"
#include "tools/plugins/manifest_pins.h"
#include "tools/plugins/plugin_folders.h"
#include "tools/plugins/plugin_offer.h"
#include "tools/source.h"

namespace assistd::tools {

// What may be changed while the daemon runs, but for whose plugins are taken.
struct PluginSettings : PluginOwnership {
    std::vector<std::filesystem::path> folders;  // every *.so in them; one that does not exist is empty
    // The ids of the plugins that may use the network, where a tool of theirs says that it does.
    std::set<std::string> network;
    // The ids of the plugins that run in the daemon itself, on threads, without the walls of a host.
    std::set<std::string> in_process;
    // Files and folders that every plugin may read, beside the system's.
    std::vector<std::filesystem::path> readable;
    // A known plugin that tells something else waits until somebody agrees; else it is only shown.
    bool changes_wait = false;
    CallQuotas quotas;
    CallBounds bounds;
    std::size_t warm = 0;  // hosts of each plugin that are started before anybody calls

    bool operator==(const PluginSettings&) const = default;
};

struct PluginSourceOptions : PluginSettings {
    std::filesystem::path host_binary;     // assistd-plugin-host
    std::filesystem::path scratch_folder;  // emptied at the start; for this daemon alone
    PhraseProblems phrase_problems = {};   // null: nobody looks at the phrases
    // What plugins were known to tell of their tools, and where what is known now is kept.
    std::vector<core::PluginPin> pins;
    ManifestPins::Save save_pin = [](const core::PluginPin&) {};
    std::size_t max_hosts = 0;        // for each plugin; 0: as many as cores
    std::size_t max_waiting = 1'024;  // for each plugin
    std::chrono::milliseconds idle_after{180'000};
    std::chrono::milliseconds cancel_grace{500};
};

class PluginSource : public ToolSource {
  public:
    // Throws Error{unavailable} when the scratch folder cannot be made or there is no host binary. Files that
    // are no usable plugins are logged and listed by plugins().
    PluginSource(asio::io_context& context, PluginSourceOptions options);
    ~PluginSource() override;  // as stop()
    PluginSource(const PluginSource&) = delete;
    PluginSource& operator=(const PluginSource&) = delete;

    // From now on the folders are watched. `changed` is called whenever other tools are offered than before.
    void watch(std::function<void()> changed);

    // Why changes in the folders are seen later than usual, as a sentence; empty: they are not.
    std::string watch_problem() const;

    // Looks again, with other settings. Where they concern the plugins themselves, these are loaded anew;
    // calls that run end as they began.
    void change(PluginSettings settings);

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override;
    std::vector<core::WaitingTool> waiting() const override;
    std::vector<core::PluginStatus> plugins() const override;
    std::optional<Quarantine> quarantine(const core::ToolSpec& tool, bool background) const override;
    bool runs_in_daemon(const core::ToolSpec& tool) const override {
        return options_.in_process.contains(tool.plugin);
    }
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;
    bool release_plugin(const std::string& id) override;
    bool approve_plugin(const std::string& id) override;

    // Stops every call and ends every host; returns when their processes are gone. For the daemon's shutdown,
    // after turns were drained.
    void stop();
    // Host processes that are running now.
    std::size_t hosts() const;
    // Calls and threads of plugins in the daemon that nobody waits for any more and that go on: after stop()
    // they end with the process, which must not tidy up under them.
    std::size_t runaway_calls() const;
    // Whether every plugin has been copied, so that its file may be written over.
    bool has_copies() const;

  private:
    // The hosts of one plugin: those for calls that somebody waits for, and those for studies, which neither
    // stand in the others' way nor take their time. And what it offers.
    struct Lanes {
        std::shared_ptr<CallPool> live;
        std::shared_ptr<CallPool> background;
        PluginOffer offer;

        const std::shared_ptr<CallPool>& of(bool study) const { return study ? background : live; }
    };
    using Pools = std::map<std::string, Lanes>;  // by plugin id
    // What the folders held when they were last looked at.
    struct Snapshot {
        std::vector<core::PluginStatus> statuses;
        std::vector<std::shared_ptr<const core::ToolSpec>> tools;
        Pools pools;
        // What is in the folders and waits, by the plugin's id.
        std::map<std::string, std::shared_ptr<const PluginFile>> unapproved;
        std::vector<core::WaitingTool> left_out;
    };
    struct Watched;  // what the tickers look after

    void look_and_tell();
    void note_watch();
    bool look();  // true when other tools are offered than before
    void admit(const AdmittedPlugin& found, const Pools& old, Snapshot& next);
    Lanes lanes_for(const FoundPlugin& found, const Pools& old);
    PluginOffer offer_of(const PluginFile& plugin) const;
    std::shared_ptr<CallPool> make_pool(const std::shared_ptr<LibraryCopy>& library, const PluginOffer& offer,
                                        int niceness);
    std::shared_ptr<CallPool> make_host_pool(const std::shared_ptr<LibraryCopy>& library,
                                             const PluginOffer& offer, int niceness);
    std::shared_ptr<CallPool> make_in_process_pool(const std::shared_ptr<LibraryCopy>& library, int niceness);
    std::size_t most_at_once() const;
    std::shared_ptr<const Snapshot> snapshot() const;
    void replace(std::shared_ptr<const Snapshot> next);

    asio::io_context& context_;
    PluginSourceOptions options_;  // its settings change while looking_ is held
    const std::shared_ptr<ScratchSweeper> sweeper_ = std::make_shared<ScratchSweeper>();
    std::shared_ptr<Watched> watched_;
    std::shared_ptr<Ticker> busy_ticker_, idle_ticker_;
    ManifestPins pins_;
    std::function<void()> changed_;

    std::mutex looking_;  // one look at a time
    PluginFolders folders_;
    bool load_anew_ = false;  // at the next look
    Pools crashed_;           // of plugins that were taken away while they kept crashing

    mutable std::mutex mutex_;
    std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();
    std::unique_ptr<FolderWatch> watch_;
    std::string watch_problem_;
};

}  // namespace assistd::tools
