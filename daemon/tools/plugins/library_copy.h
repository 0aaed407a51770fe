#pragma once
// What the hosts of a plugin load: a private copy of its library, made when it is first wanted. Shared by the
// plugin's pools; any thread.

#include <filesystem>
#include <memory>
#include <mutex>

#include "tools/plugins/plugin_file.h"

namespace assistd::tools {

class LibraryCopy {
  public:
    // The copy is made in `folder`.
    LibraryCopy(std::shared_ptr<const PluginFile> plugin, std::filesystem::path folder)
        : plugin_(std::move(plugin)), folder_(std::move(folder)) {}

    const std::shared_ptr<const PluginFile>& plugin() const { return plugin_; }
    // An open descriptor that stays its own. Throws Error{unavailable} when the copy cannot be made.
    int fd();
    // A copy of it, for whoever needs one for himself. Throws as fd().
    UniqueFd another();
    bool is_there() const;
    // Whether the other one's library, as far as there is a copy of it, has the same bytes.
    bool is_same_as(const LibraryCopy& other) const;

  private:
    const std::shared_ptr<const PluginFile> plugin_;
    const std::filesystem::path folder_;
    mutable std::mutex mutex_;
    UniqueFd copy_;
};

}  // namespace assistd::tools
