#pragma once
// A plugin folder of its own that is watched while files in it come, change and go.

#include "plugin_test.h"

namespace assistd::tools {

class Hot : public PluginTest {
  protected:
    Hot() {
        folder_of_plugins_ =
            std::filesystem::temp_directory_path() / ("assistd-hot-" + std::to_string(::getpid()));
        std::filesystem::remove_all(folder_of_plugins_);
        std::filesystem::create_directories(folder_of_plugins_);
    }
    ~Hot() override {
        source_.reset();
        std::filesystem::remove_all(folder_of_plugins_);
    }

    void start_watching(std::vector<std::filesystem::path> folders = {}, bool changes_wait = false) {
        PluginSourceOptions options;
        options.changes_wait = changes_wait;
        options.own_folder = own_folder_;
        for (const auto& [id, pin] : pins_) options.pins.push_back(pin);
        options.save_pin = [this](const core::PluginPin& pin) { pins_[pin.id] = pin; };
        options.folders = folders.empty() ? std::vector{folder_of_plugins_} : std::move(folders);
        start("", options);
        source_->watch([this] { ++changes_; });
    }
    // By way of another name, as installers do; the file is whole whenever it has its own name.
    void install(const std::filesystem::path& library, const std::string& name) {
        const std::filesystem::path hidden = folder_of_plugins_ / (name + ".part");
        std::filesystem::copy_file(library, hidden, std::filesystem::copy_options::overwrite_existing);
        std::filesystem::rename(hidden, folder_of_plugins_ / name);
    }
    core::PluginStatus status() const {
        const auto all = source_->plugins();
        return all.empty() ? core::PluginStatus() : all.front();
    }
    bool has_tool(const std::string& name) const {
        const auto tools = source_->tools();
        return std::any_of(tools.begin(), tools.end(), [&](const auto& tool) { return tool->name == name; });
    }
    std::string version() { return status().version; }

    std::filesystem::path folder_of_plugins_;
    std::optional<std::filesystem::path> own_folder_;
    std::atomic<int> changes_ = 0;
    std::map<std::string, core::PluginPin> pins_;
};

}  // namespace assistd::tools
