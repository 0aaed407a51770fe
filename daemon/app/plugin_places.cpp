#include "app/plugin_places.h"

#include <algorithm>
#include <set>

#include "tools/builtin_specs.h"
#include "tools/deletion_tool.h"
#include "tools/document_tools.h"
#include "tools/plugins/plugin_file.h"
#include "tools/study_specs.h"

namespace assistd::app {
namespace {

namespace fs = std::filesystem;

fs::path own_folder() {
    return fs::read_symlink("/proc/self/exe").parent_path();
}

fs::path helper(const char* name) {
    const auto beside = own_folder() / name;
    if (fs::exists(beside)) return beside;
    return own_folder().parent_path() / "libexec/assistd" / name;
}

std::vector<fs::path> libraries_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure))
        if (entry.path().extension() == ".so") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

// Empty for what is no usable plugin.
tools::Manifest manifest_of(const fs::path& file, const Config& config) {
    try {
        tools::Manifest manifest = tools::open_plugin_file(file).manifest;
        tools::check_whose(file, manifest, {own_plugin_folder(), config.safe_mode});
        return manifest;
    } catch (const tools::Refusal&) {
        return {};
    }
}

}  // namespace

fs::path own_plugin_folder() {
    const auto beside = own_folder().parent_path() / "plugins";
    if (fs::exists(beside)) return beside;
    return own_folder().parent_path() / "lib/assistd/plugins";
}

std::vector<fs::path> plugin_folders(const Config& config) {
    if (config.plugin_folders.empty()) return {own_plugin_folder()};
    std::vector<fs::path> folders = config.plugin_folders;
    // Then it is the only one whose plugins are loaded, and the others' are told of.
    const auto is_own = [](const fs::path& folder) {
        return tools::is_same_folder(folder, own_plugin_folder());
    };
    if (config.safe_mode && std::ranges::none_of(folders, is_own)) folders.push_back(own_plugin_folder());
    return folders;
}

fs::path plugin_host() {
    return helper("assistd-plugin-host");
}

fs::path text_extractor() {
    return helper("assistd-extract");
}

fs::path keeper() {
    return helper("assistd-keeper");
}

fs::path page_folder() {
    const auto beside = own_folder().parent_path() / "page";
    if (fs::exists(beside)) return beside;
    return own_folder().parent_path() / "share/assistd/page";
}

core::ToolSet installed_tools(const Config& config) {
    core::ToolSet set;
    set.tools = tools::builtin_specs();
    for (auto& tool : tools::deletion_specs()) set.tools.push_back(std::move(tool));
    for (auto& tool : tools::document_specs()) set.tools.push_back(std::move(tool));
    for (auto& tool : tools::study_specs()) set.tools.push_back(std::move(tool));
    std::set<std::string> names;
    for (const auto& tool : set.tools) names.insert(tool->name);
    for (const fs::path& folder : plugin_folders(config))
        for (const fs::path& file : libraries_in(folder))
            for (const auto& tool : manifest_of(file, config).tools)
                if (names.insert(tool->name).second) set.tools.push_back(tool);
    return set;
}

bool is_installed(const Config& config, const std::string& plugin_id) {
    for (const fs::path& folder : plugin_folders(config))
        for (const fs::path& file : libraries_in(folder))
            if (manifest_of(file, config).id == plugin_id) return true;
    return false;
}

}  // namespace assistd::app
