#include "cli/how_to_start.h"

namespace assistd::cli {
namespace fs = std::filesystem;

std::string how_to_start(const fs::path& prefix) {
    std::error_code unseen;
    if (fs::exists(prefix / "lib/systemd/system/assistd.service", unseen)) return "systemctl start assistd";
    const fs::path sources = prefix.parent_path().parent_path();  // of build/release
    if (prefix.parent_path().filename() == "build" && fs::exists(sources / "run.sh", unseen))
        return "./run.sh";
    return (prefix / "bin/assistd").string();
}

std::string how_to_start() {
    std::error_code unknown;
    return how_to_start(fs::read_symlink("/proc/self/exe", unknown).parent_path().parent_path());
}

}  // namespace assistd::cli
