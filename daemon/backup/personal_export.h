#pragma once
// All that belongs to one user, in one zip archive: a JSON file for each table, and the files. Blocks; on a
// thread of its own.

#include <filesystem>
#include <functional>

#include "base/unique_fd.h"
#include "core/conversation.h"

namespace assistd::backup {

struct PersonalExport {
    UniqueFd file;  // without a name
    std::int64_t size = 0;
    std::int64_t rows = 0;            // of all tables
    std::vector<std::string> faults;  // files that are lost
};

// As the databases are now. No file of an artifact may be removed meanwhile (Storage::keep_files). `between`
// is called after each piece of work, and may throw.
PersonalExport export_personal(const std::filesystem::path& state, const core::Owner& user,
                               const std::function<void()>& between);

}  // namespace assistd::backup
