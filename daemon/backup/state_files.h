#pragma once
// What of a state folder belongs to a backup, and by which names. Constant data and pure functions.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "sqlite/migrations.h"

namespace assistd::backup {

inline constexpr std::string_view main_database = "assistd.db";
inline constexpr std::string_view documents_database = "knowledge.db";

struct StateDatabase {
    std::string_view name;
    std::int64_t application_id;
    std::span<const sqlite::Migration> migrations;

    int newest_schema() const { return migrations.back().version; }
};
// The one that is looked at first when all of them are: what it names is in the others.
std::span<const StateDatabase> state_databases();

// "artifacts/ab/cdef…", by which a content is known in the state folder and in backups.
std::string name_of_artifact(std::string_view sha256);
// The SHA-256 in such a name; empty for every other one.
std::string sha256_in_name(std::string_view name);
// Whether a backup may have a file of this name.
bool belongs_to_backup(std::string_view name);

// A folder for what is not whole yet, inside the state folder, for its owner only. Goes with all that is in
// it.
class WorkFolder {
  public:
    WorkFolder(const std::filesystem::path& state, std::string_view purpose);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};
// Those that earlier processes left. Only who holds the state folder may do that.
void remove_work_folders(const std::filesystem::path& state);
bool is_work_folder(const std::filesystem::path& path);

}  // namespace assistd::backup
