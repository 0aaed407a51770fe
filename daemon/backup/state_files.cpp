#include "backup/state_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/ids.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "knowledge/migrations.h"
#include "store/migrations.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view artifacts = "artifacts/";
constexpr std::size_t sha256_digits = 64;
constexpr std::string_view unfinished = ".unfinished-";

bool is_hexadecimal(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::span<const StateDatabase> state_databases() {
    static const std::array<StateDatabase, 2> all = {
        {{documents_database, knowledge::application_id, knowledge::all_migrations()},
         {main_database, store::application_id, store::all_migrations()}}};
    return all;
}

std::string name_of_artifact(std::string_view sha256) {
    return fmt::format("{}{}/{}", artifacts, sha256.substr(0, 2), sha256.substr(2));
}

std::string sha256_in_name(std::string_view name) {
    if (!name.starts_with(artifacts)) return {};
    std::string digits(name.substr(artifacts.size()));
    if (digits.size() != sha256_digits + 1 || digits[2] != '/') return {};
    digits.erase(2, 1);
    return is_hexadecimal(digits) ? digits : std::string();
}

bool belongs_to_backup(std::string_view name) {
    return name == main_database || name == documents_database || !sha256_in_name(name).empty();
}

WorkFolder::WorkFolder(const fs::path& state, std::string_view purpose)
    : path_(state / fmt::format("{}{}{}", purpose, unfinished, Uuid::make().hex())) {
    if (::mkdir(path_.c_str(), 0700) != 0)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be made: {}.", path_.string(), std::strerror(errno)));
}

WorkFolder::~WorkFolder() {
    std::error_code failure;
    fs::remove_all(path_, failure);
    if (failure)
        log::warn("a folder stays path={} reason={}", path_.string(), log::quoted(failure.message()));
}

void remove_work_folders(const fs::path& state) {
    std::error_code failure;
    for (const fs::directory_entry& entry : fs::directory_iterator(state, failure)) {
        if (!is_work_folder(entry.path())) continue;
        std::error_code stays;
        fs::remove_all(entry.path(), stays);
        if (stays)
            log::warn("a folder stays path={} reason={}", entry.path().string(),
                      log::quoted(stays.message()));
    }
}

bool is_work_folder(const fs::path& path) {
    return path.filename().string().find(unfinished) != std::string::npos;
}

}  // namespace assistd::backup
