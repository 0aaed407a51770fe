#include "base/config_place.h"

namespace assistd {
namespace fs = std::filesystem;

fs::path config_file_of(const fs::path& prefix) {
    fs::path folder = prefix / "etc";
    if (prefix == "/usr") folder = "/etc";
    if (prefix.string().starts_with("/opt/")) folder = fs::path("/etc") / prefix.relative_path();
    return folder / "assistd/assistd.yaml";
}

std::optional<fs::path> usual_config_file() {
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    const fs::path file = config_file_of(program.parent_path().parent_path());
    // One that may not be looked at is there; reading it says why that does not work.
    if (fs::status(file, failure).type() == fs::file_type::not_found) return std::nullopt;
    return file;
}

}  // namespace assistd
