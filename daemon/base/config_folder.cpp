// The folder beside the configuration file whose files are merged into it.

#include <algorithm>

#include "base/config_value.h"

namespace assistd {
namespace fs = std::filesystem;

std::vector<fs::path> config_folder_files(const fs::path& file) {
    const fs::path folder = file.parent_path() / "conf.d";
    std::error_code failure;
    const fs::file_status status = fs::status(folder, failure);
    if (status.type() == fs::file_type::not_found) return {};
    if (status.type() != fs::file_type::directory)
        refuse({folder.string()}, "this must be a folder of configuration files");
    failure.clear();
    std::vector<fs::path> files;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        // Hidden ones are what editors leave.
        if (name.starts_with('.') || !name.ends_with(".yaml")) continue;
        files.push_back(entry->path());
    }
    if (failure) refuse({folder.string()}, "the folder cannot be read: " + failure.message());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace assistd
