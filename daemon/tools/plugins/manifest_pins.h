#pragma once
// What the plugins are known to tell of their tools. A plugin that is used for the first time is known from
// then on; one that tells something else later is noticed, since its texts go to models and its schemas
// decide what a call may say. Shared by the plugin source's looks and approvals; any thread.

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/plugin_pin.h"
#include "tools/plugins/manifest.h"

namespace assistd::tools {

class ManifestPins {
  public:
    using Save = std::function<void(const core::PluginPin&)>;

    ManifestPins(std::vector<core::PluginPin> known, Save save);

    // What differs from what is known, in sentences. None for a plugin that is new.
    std::vector<std::string> changes(const Manifest& manifest) const;
    // Nothing: it is new.
    std::optional<Timestamp> known_since(const std::string& id) const;
    // The plugin is used: if it is new, this is known of it from now on, and of one that was known before its
    // limits were noted, these.
    void know(const Manifest& manifest);
    // From now on this is what is known of the plugin.
    void approve(const Manifest& manifest);

  private:
    // With mutex_ held.
    void keep(const std::string& id, const std::string& version, const nlohmann::json& tools);

    const Save save_;
    mutable std::mutex mutex_;
    std::map<std::string, core::PluginPin> pins_;  // by the plugin's id
};

// What its tools are told to be while somebody has to agree to the manifest.
void add_waiting_tools(const Manifest& manifest, std::vector<core::WaitingTool>& all);

}  // namespace assistd::tools
