#include "tools/plugins/plugin_folders.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::tools {

namespace fs = std::filesystem;

std::string folder_problem(const fs::path& folder) {
    struct stat state {};
    if (::stat(folder.c_str(), &state) != 0)
        return "This plugin folder cannot be read: " + std::string(std::strerror(errno)) +
               ". Make it, or take it out of plugins.folders.";
    // Where each may delete his own files only, as in /tmp, files of others are refused, and no more.
    if ((state.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (state.st_mode & S_ISVTX) == 0)
        return "Others than its owner may write to this plugin folder, and so take plugins away or put old "
               "ones back. Take that right away (chmod go-w).";
    return {};
}

std::vector<fs::path> PluginFolders::paths() const {
    std::vector<fs::path> paths;
    for (const fs::path& folder : folders_) {
        std::vector<fs::path> files;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error))
            if (entry.path().extension() == ".so") files.push_back(entry.path());
        // What is told of them does not depend on the file system.
        std::ranges::sort(files);
        paths.insert(paths.end(), files.begin(), files.end());
    }
    return paths;
}

void PluginFolders::read(const fs::path& path) {
    const auto stamp = stamp_of(path).value_or(FileStamp());
    const auto found = known_.find(path);
    if (found != known_.end() && found->second.stamp == stamp) return;
    Known read{stamp, found == known_.end() ? nullptr : found->second.file, {}};
    try {
        PluginFile file = open_plugin_file(path);
        check_whose(path, file.manifest, wanted_);
        // Files that come while the daemon runs may change again at any moment. At the start a copy would
        // only take time; it is made when the plugin is first called.
        if (looked_) file.library = private_copy(file, copies_);
        read.file = std::make_shared<const PluginFile>(std::move(file));
    } catch (const Refusal& refusal) {
        read.refusal = refusal;
    } catch (const Error& error) {
        // It has changed again, or the disk is full: the next look, which comes soon, tries it again.
        if (std::exchange(not_copied_[path], error.what()) != error.what())
            log::warn("plugin {} is not taken yet: {}", path.string(), error.what());
        return;
    }
    not_copied_.erase(path);
    known_[path] = std::move(read);
}

std::vector<FoundPlugin> PluginFolders::look() {
    const std::vector<fs::path> now = paths();
    const std::set<fs::path> there(now.begin(), now.end());
    const auto is_gone = [&](const auto& known) { return !there.contains(known.first); };
    std::erase_if(known_, is_gone);
    std::erase_if(not_copied_, is_gone);
    for (const fs::path& path : now) read(path);
    looked_ = true;
    std::vector<FoundPlugin> found;
    for (const fs::path& path : now)
        if (const auto known = known_.find(path); known != known_.end())
            found.push_back({path, known->second.file, known->second.refusal});
    return found;
}

}  // namespace assistd::tools
