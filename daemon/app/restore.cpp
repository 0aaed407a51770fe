#include "app/restore.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/state_lock.h"
#include "backup/rebuild_search.h"
#include "backup/restore.h"
#include "base/error.h"
#include "base/logging.h"

namespace assistd::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::string as_text(const ordered_json& json) {
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json json_of(const backup::Restored& restored) {
    const backup::Manifest& manifest = restored.manifest;
    return {{"conversations", restored.conversations},
            {"messages", restored.messages},
            {"artifacts", restored.artifacts},
            {"lost_artifacts", manifest.missing.size() + manifest.damaged.size()},
            {"made_at", to_iso8601(manifest.created_at)},
            {"made_by", manifest.version},
            {"users", restored.accounts.users},
            {"keys", restored.accounts.keys}};
}

std::string counted(std::int64_t number, const char* noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string text_of(const backup::Restored& restored) {
    const backup::Manifest& manifest = restored.manifest;
    std::string text = fmt::format(
        "{} with {}, and the contents of {}, as they were at {} (made by assistd {}).",
        counted(restored.conversations, "conversation"), counted(restored.messages, "message"),
        counted(restored.artifacts, "artifact"), to_iso8601(manifest.created_at), manifest.version);
    if (const std::size_t lost = manifest.missing.size() + manifest.damaged.size(); lost > 0)
        text += fmt::format(
            " The contents of {} had been lost before the backup was made: `assistctl doctor --data` tells "
            "which.",
            counted(static_cast<std::int64_t>(lost), "artifact"));
    return text;
}

// What was taken from somebody since the backup was made has come back with it.
std::string text_of_accounts(const backup::RestoredAccounts& accounts, bool end_keys) {
    if (accounts.users == 0) return {};
    std::string text =
        accounts.users == 1
            ? " One user has the password and rights of then; all logins have ended."
            : fmt::format(
                  " {} users have the passwords and rights that they had then; all logins have ended.",
                  accounts.users);
    if (end_keys) return text + fmt::format(" All {} API keys have ended.", accounts.keys);
    if (accounts.keys == 0) return text;
    return text +
           fmt::format(
               " {} API keys are good that were good then, also those that were revoked since: look at them "
               "(assistctl keys list --all), or restore with --end-keys.",
               accounts.keys);
}

// The folder is as it was: not there. Nobody can have begun to use it while its lock was held.
void take_back(const fs::path& state) {
    ::unlink((state / StateLock::name).c_str());
    if (::rmdir(state.c_str()) != 0) log::warn("a folder stays path={}", state.string());
}

// What is wrong with a backup is said of the file that was named.
template <class Work>
auto about(const fs::path& file, Work work) {
    try {
        return work();
    } catch (const Error& error) {
        if (!std::string_view(error.what()).starts_with("The backup")) throw;
        throw Error(error.code(), file.string() + ": " + error.what());
    }
}

}  // namespace

std::string restore_backup(const fs::path& file, const fs::path& state, const RestoreOptions& options,
                           const std::function<void()>& between) {
    const bool was_there = fs::exists(state);
    const StateLock lock(state);
    try {
        backup::RestoreOptions wanted;
        wanted.end_keys = options.end_keys;
        const backup::Restored restored =
            about(file, [&] { return backup::restore(file, state, wanted, between); });
        if (options.as_json) {
            ordered_json json = {
                {"restored", true}, {"state", state.string()}, {"keys_ended", options.end_keys}};
            json.update(json_of(restored));
            return as_text(json);
        }
        return "Restored: " + text_of(restored) + text_of_accounts(restored.accounts, options.end_keys);
    } catch (...) {
        if (!was_there) take_back(state);
        throw;
    }
}

std::string check_backup(const fs::path& file, const RestoreOptions& options,
                         const std::function<void()>& between) {
    const backup::Restored found =
        about(file, [&] { return backup::check_backup(file, fs::temp_directory_path(), between); });
    if (!options.as_json) return "The backup is good: " + text_of(found);
    ordered_json json = {{"good", true}};
    json.update(json_of(found));
    return as_text(json);
}

std::string rebuild_search(const fs::path& state, const std::function<void()>& between) {
    check_is_state_folder(state);
    const StateLock lock(state);
    backup::rebuild_search(state, between);
    return "Messages, titles and projects are found by their words again. Those of documents are indexed "
           "anew by the "
           "daemon, from its next start on.";
}

std::string error_as_json(const std::string& sentence) {
    return as_text({{"error", {{"type", "client_error"}, {"code", "failed"}, {"message", sentence}}}});
}

}  // namespace assistd::app
