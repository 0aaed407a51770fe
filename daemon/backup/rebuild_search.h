#pragma once
// Makes all that is searched by words anew, in a state folder that no daemon uses; the caller holds its lock.
// Blocks.

#include <filesystem>
#include <functional>

namespace assistd::backup {

// Messages, titles and projects are found again when it returns; documents while the daemon indexes them
// after its next start. Throws Error{unavailable} for a database that cannot be used, which is then as it
// was.
void rebuild_search(const std::filesystem::path& state, const std::function<void()>& between);

}  // namespace assistd::backup
