#include "tools/plugins/plugin_folders.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::tools {
namespace {

namespace fs = std::filesystem;

// What the plugins that are taken offer.
class Taken {
  public:
    // Empty when nothing of the plugin is taken.
    std::string conflict(const std::string& name, const Manifest& manifest) const {
        if (ids_.contains(manifest.id))
            return name + " has the id " + manifest.id + ", which another plugin has already.";
        for (const auto& tool : manifest.tools)
            if (const auto other = tools_.find(tool->name); other != tools_.end())
                return name + " offers the tool " + tool->name + ", which the plugin " + other->second +
                       " offers already.";
        return {};
    }
    void take(const Manifest& manifest) {
        ids_.insert(manifest.id);
        for (const auto& tool : manifest.tools) tools_.emplace(tool->name, manifest.id);
    }

  private:
    std::set<std::string> ids_;
    std::map<std::string, std::string> tools_;  // and whose they are
};

}  // namespace

std::vector<fs::path> PluginFolders::paths() const {
    std::vector<fs::path> paths;
    for (const fs::path& folder : folders_) {
        std::vector<fs::path> files;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error))
            if (entry.path().extension() == ".so") files.push_back(entry.path());
        // Which of two that offer the same tool wins does not depend on the file system.
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
    Taken taken;
    std::vector<FoundPlugin> found;
    for (const fs::path& path : now) {
        const auto known = known_.find(path);
        if (known == known_.end()) continue;
        FoundPlugin plugin{path, known->second.file, known->second.refusal};
        if (plugin.file) {
            const Manifest& manifest = plugin.file->manifest;
            const std::string conflict = taken.conflict(path.filename().string(), manifest);
            if (conflict.empty())
                taken.take(manifest);
            else
                plugin = {path, nullptr, {conflict, manifest.id, manifest.version}};
        }
        found.push_back(std::move(plugin));
    }
    return found;
}

}  // namespace assistd::tools
