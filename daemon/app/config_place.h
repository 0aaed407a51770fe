#pragma once
// Which configuration counts when none is named. Any thread.

#include <filesystem>
#include <optional>

namespace assistd::app {

// The one that belongs to an installed assistd: /etc/assistd/assistd.yaml for one in /usr, and
// PREFIX/etc/assistd/assistd.yaml elsewhere. None when there is no such file.
std::optional<std::filesystem::path> usual_config_file();

}  // namespace assistd::app
