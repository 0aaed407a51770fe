#include "app/config_place.h"

namespace assistd::app {
namespace fs = std::filesystem;

std::optional<fs::path> usual_config_file() {
    std::error_code failure;
    const fs::path prefix = fs::read_symlink("/proc/self/exe", failure).parent_path().parent_path();
    const fs::path folder = prefix == "/usr" ? fs::path("/etc") : prefix / "etc";
    const fs::path file = folder / "assistd/assistd.yaml";
    // One that may not be looked at is there; reading it says why that does not work.
    if (fs::status(file, failure).type() == fs::file_type::not_found) return std::nullopt;
    return file;
}

}  // namespace assistd::app
