#pragma once
// Which of the plugins that were found are used. Of those that have the same id, or a tool of the same name,
// the one that runs already keeps it while it is there and offers it. Of the others come first those of
// assistd's own folder, then those that were agreed to as they are, then those that were agreed to before
// they changed, the longest known first, then the rest by folder and name. A plugin that waits for somebody
// to agree to it takes nothing from others. For one look; one thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/plugins/manifest_pins.h"
#include "tools/plugins/plugin_folders.h"

namespace assistd::tools {

struct AdmittedPlugin : FoundPlugin {
    std::vector<std::string> changes;           // what it tells differently, in sentences
    std::shared_ptr<const PluginFile> waiting;  // is there, and used when somebody agrees to it
};

class Admission {
  public:
    struct Rules {
        std::filesystem::path own_folder;  // empty: there is none
        bool changes_wait = false;         // until somebody agrees
    };
    using Running = std::map<std::string, std::shared_ptr<const PluginFile>>;  // by id

    Admission(Rules rules, ManifestPins& pins, Running running)
        : rules_(std::move(rules)), pins_(pins), running_(std::move(running)) {}

    // In the order in which they were found. Plugins that are used are known from then on.
    std::vector<AdmittedPlugin> decide(std::vector<FoundPlugin> found);

  private:
    struct Taken {
        std::string id;
        std::filesystem::path path;
    };
    struct Rank;

    std::shared_ptr<const PluginFile> running_at(const FoundPlugin& plugin) const;
    Rank rank_of(const FoundPlugin& plugin) const;
    void hold_back(AdmittedPlugin& plugin) const;
    void reserve(const AdmittedPlugin& plugin);
    std::string conflict(const std::filesystem::path& path, const Manifest& manifest) const;
    void settle(AdmittedPlugin& plugin);
    void settle_running(std::vector<AdmittedPlugin*> plugins);

    const Rules rules_;
    ManifestPins& pins_;
    const Running running_;
    std::map<std::string, std::filesystem::path> ids_;
    std::map<std::string, Taken> tools_;  // by name
};

}  // namespace assistd::tools
