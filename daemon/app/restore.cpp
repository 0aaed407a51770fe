#include "app/restore.h"

#include <fmt/format.h>

#include "app/state_lock.h"
#include "backup/restore.h"
#include "sqlite/open.h"

namespace assistd::app {
namespace {

std::string text_of(const backup::Restored& restored) {
    const backup::Manifest& manifest = restored.manifest;
    std::string text = fmt::format(
        "{} conversations with {} messages, and the contents of {} artifacts, as they "
        "were at {} (made by assistd {}).",
        restored.conversations, restored.messages, restored.artifacts, to_iso8601(manifest.created_at),
        manifest.version);
    if (const std::size_t lost = manifest.missing.size() + manifest.damaged.size(); lost > 0)
        text += fmt::format(
            " The contents of {} artifacts had been lost before the backup was made: `assistctl "
            "doctor --data` tells which.",
            lost);
    return text;
}

}  // namespace

std::string restore_backup(const std::filesystem::path& file, const std::filesystem::path& state,
                           const std::function<void()>& between) {
    sqlite::prepare_folder(state);
    const StateLock lock(state);
    return "Restored: " + text_of(backup::restore(file, state, between));
}

std::string check_backup(const std::filesystem::path& file, const std::function<void()>& between) {
    return "The backup is good: " +
           text_of(backup::check_backup(file, std::filesystem::temp_directory_path(), between));
}

}  // namespace assistd::app
