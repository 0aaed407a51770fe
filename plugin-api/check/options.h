#pragma once
// What is to be checked, and how. Value type.

#include <filesystem>
#include <vector>

namespace assistd::check {

struct Options {
    std::filesystem::path file;   // the plugin
    std::filesystem::path files;  // where the examples' files are
    bool valgrind = false;
    bool json = false;
    // What the daemon's config would allow the plugin.
    bool network = false;
    std::vector<std::filesystem::path> readable;
    // The programs that run it, in and out of the sandbox.
    std::filesystem::path host;
    std::filesystem::path valgrind_host;
    std::filesystem::path own_plugins;  // the folder of the plugins that come with assistd
};

}  // namespace assistd::check
