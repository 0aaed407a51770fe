#pragma once
// Which configuration counts when none is named, for the daemon and for whoever looks at its configuration.
// Any thread.

#include <filesystem>
#include <optional>

namespace assistd {

// Where the configuration of an assistd in the folder `prefix` is, whether it is there or not: for one in
// /usr /etc/assistd/assistd.yaml, for one in /opt/NAME /etc/opt/NAME/assistd/assistd.yaml, and elsewhere
// PREFIX/etc/assistd/assistd.yaml. packaging/CMakeLists.txt puts it there.
std::filesystem::path config_file_of(const std::filesystem::path& prefix);

// That of the installation that this program is in. None when there is no such file.
std::optional<std::filesystem::path> usual_config_file();

}  // namespace assistd
