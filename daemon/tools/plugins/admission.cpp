#include "tools/plugins/admission.h"

#include <algorithm>
#include <tuple>

namespace assistd::tools {

namespace fs = std::filesystem;

namespace {

// Where a file lies is told to administrators alone, so no path: by its name, unless that says nothing.
std::string called(const fs::path& other, const fs::path& one) {
    const std::string name = other.filename().string();
    return one.filename() == other.filename() ? "the " + name + " of another folder" : name;
}

}  // namespace

struct Admission::Rank {
    enum class Kind { runs, own, agreed_to, changed, unknown };

    bool operator<(const Rank& other) const {
        return std::tie(kind, known_since) < std::tie(other.kind, other.known_since);
    }

    Kind kind = Kind::unknown;
    Timestamp known_since{};
};

// What runs of the file's plugin; nothing when the plugin that runs is of another file.
std::shared_ptr<const PluginFile> Admission::running_at(const FoundPlugin& plugin) const {
    if (!plugin.file) return nullptr;
    const auto found = running_.find(plugin.file->manifest.id);
    return found != running_.end() && found->second->path == plugin.path ? found->second : nullptr;
}

Admission::Rank Admission::rank_of(const FoundPlugin& plugin) const {
    using Kind = Rank::Kind;
    if (running_at(plugin)) return {Kind::runs, {}};
    if (!plugin.file) return {};
    if (!rules_.own_folder.empty() && is_same_folder(plugin.path.parent_path(), rules_.own_folder))
        return {Kind::own, {}};
    const Manifest& manifest = plugin.file->manifest;
    const auto since = pins_.known_since(manifest.id);
    if (!since) return {};
    return {pins_.changes(manifest).empty() ? Kind::agreed_to : Kind::changed, *since};
}

// Where changes wait, what it was before goes on in its place, or nothing when that is not there any more.
void Admission::hold_back(AdmittedPlugin& plugin) const {
    const Manifest& manifest = plugin.file->manifest;
    plugin.changes = pins_.changes(manifest);
    if (plugin.changes.empty() || !rules_.changes_wait) return;
    const auto running = running_at(plugin);
    const bool same_version = running && running->manifest.version == manifest.version;
    plugin.refusal = {(same_version ? "The new file of version " : "Version ") + manifest.version +
                          " tells other things of its tools than before and waits: " +
                          "assistctl plugins approve " + manifest.id + ".",
                      manifest.id, manifest.version};
    plugin.waiting = plugin.file;
    const bool goes_on = running && running != plugin.file && pins_.changes(running->manifest).empty();
    plugin.file = goes_on ? running : nullptr;
}

// The tools that a plugin offered until now. They become free when a version without them is used.
void Admission::reserve(const AdmittedPlugin& plugin) {
    const auto running = running_at(plugin);
    if (!running) return;
    for (const auto& tool : running->manifest.tools)
        tools_.try_emplace(tool->name, Taken{running->manifest.id, plugin.path});
}

// Whoever gives a name up comes before whoever takes it. Two that want a name of each other's get neither:
// who calls it would reach the other one without knowing.
void Admission::settle_running(std::vector<AdmittedPlugin*> plugins) {
    const auto is_free = [&](const AdmittedPlugin* plugin) {
        return conflict(plugin->path, plugin->file->manifest).empty();
    };
    for (auto next = std::ranges::find_if(plugins, is_free); next != plugins.end();
         next = std::ranges::find_if(plugins, is_free)) {
        settle(**next);
        plugins.erase(next);
    }
    for (AdmittedPlugin* plugin : plugins) settle(*plugin);
}

// Empty when nothing of the plugin is taken.
std::string Admission::conflict(const fs::path& path, const Manifest& manifest) const {
    const std::string name = path.filename().string();
    if (const auto other = ids_.find(manifest.id); other != ids_.end())
        return name + " has the id " + manifest.id + ", which " + called(other->second, path) +
               " has already: give it an id of its own, or take one of the two away.";
    for (const auto& tool : manifest.tools)
        if (const auto other = tools_.find(tool->name);
            other != tools_.end() && other->second.id != manifest.id)
            return name + " offers the tool " + tool->name + ", which the plugin " + other->second.id + " (" +
                   called(other->second.path, path) +
                   ") offers already: give the tool another name, or take one of the two away.";
    return {};
}

void Admission::settle(AdmittedPlugin& plugin) {
    // The other way of a plugin that runs is to go on as it is.
    const auto running = running_at(plugin);
    for (const auto& file : {plugin.file, running}) {
        if (!file) continue;
        const Manifest& manifest = file->manifest;
        const std::string reason = conflict(plugin.path, manifest);
        if (reason.empty()) {
            plugin.file = file;
            ids_.emplace(manifest.id, plugin.path);
            std::erase_if(tools_, [&](const auto& one) { return one.second.id == manifest.id; });
            for (const auto& tool : manifest.tools)
                tools_.try_emplace(tool->name, Taken{manifest.id, plugin.path});
            pins_.know(manifest);
            return;
        }
        if (file == plugin.file) plugin.refusal = {reason, manifest.id, manifest.version};
        plugin.changes.clear();
    }
    plugin.file = nullptr;
    plugin.waiting = nullptr;
}

std::vector<AdmittedPlugin> Admission::decide(std::vector<FoundPlugin> found) {
    std::vector<AdmittedPlugin> all;
    std::vector<std::pair<Rank, std::size_t>> order;
    for (FoundPlugin& plugin : found) {
        order.emplace_back(rank_of(plugin), order.size());
        all.push_back({std::move(plugin), {}, nullptr});
    }
    std::ranges::stable_sort(order, std::less<>(), [](const auto& one) { return one.first; });
    // All of those that run say what they keep before any of them takes something new.
    const auto first_that_does_not_run =
        std::ranges::find_if(order, [](const auto& one) { return one.first.kind != Rank::Kind::runs; });
    std::vector<AdmittedPlugin*> running;
    for (auto one = order.begin(); one != first_that_does_not_run; ++one) {
        AdmittedPlugin& plugin = all[one->second];
        hold_back(plugin);
        reserve(plugin);
        if (plugin.file) running.push_back(&plugin);
    }
    settle_running(std::move(running));
    for (auto one = first_that_does_not_run; one != order.end(); ++one) {
        AdmittedPlugin& plugin = all[one->second];
        if (plugin.file && !ids_.contains(plugin.file->manifest.id)) hold_back(plugin);
        if (plugin.file) settle(plugin);
    }
    return all;
}

}  // namespace assistd::tools
