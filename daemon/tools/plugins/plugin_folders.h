#pragma once
// Which plugins the plugin folders hold, as often as one looks. Files that have not changed are not read
// again; one that is replaced by something unusable goes on as it was. Used by one thread at a time.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/plugins/plugin_file.h"

namespace assistd::tools {

// One file of a plugin folder.
struct FoundPlugin {
    std::filesystem::path path;
    std::shared_ptr<const PluginFile> file;  // null: it cannot be used
    // Why not, or, beside a file, why what is there now is not used in its place.
    Refusal refusal;
};

// What a person should do about the folder, in a sentence or two; empty: nothing.
std::string folder_problem(const std::filesystem::path& folder);

class PluginFolders {
  public:
    // `copies` is a folder in which files without names can be made.
    PluginFolders(std::vector<std::filesystem::path> folders, PluginOwnership wanted,
                  std::filesystem::path copies)
        : folders_(std::move(folders)), wanted_(std::move(wanted)), copies_(std::move(copies)) {}

    // From the next look on.
    void change(std::vector<std::filesystem::path> folders) { folders_ = std::move(folders); }

    // In the order of the folders, then of the names; also those that are in each other's way.
    std::vector<FoundPlugin> look();

  private:
    struct Known {
        FileStamp stamp;
        std::shared_ptr<const PluginFile> file;
        Refusal refusal;
    };

    std::vector<std::filesystem::path> paths() const;
    void read(const std::filesystem::path& path);

    std::vector<std::filesystem::path> folders_;
    const PluginOwnership wanted_;
    const std::filesystem::path copies_;
    bool looked_ = false;
    std::map<std::filesystem::path, Known> known_;
    std::map<std::filesystem::path, std::string> not_copied_;  // and the reason that was logged
};

}  // namespace assistd::tools
