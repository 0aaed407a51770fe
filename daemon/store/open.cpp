#include "store/open.h"

#include <fmt/format.h>

#include "base/error.h"
#include "sqlite/open.h"
#include "store/migrations.h"

namespace assistd::store {
namespace {

namespace fs = std::filesystem;

// Artifacts without their database: it was lost, and a new one would be a silent loss of everything else.
void refuse_lost_database(const fs::path& file) {
    const fs::path artifacts = file.parent_path() / "artifacts";
    std::error_code failure;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(artifacts, failure)) {
        if (!entry.is_regular_file()) continue;
        throw Error(
            ErrorCode::unavailable,
            fmt::format("The database {} is missing, but {} has files. Nothing was changed. Put back a "
                        "copy of the database, or move that folder away to begin anew.",
                        file.string(), artifacts.string()));
    }
}

}  // namespace

Database open_database(const fs::path& file, bool synchronous_full, const sqlite::Progress& progress) {
    sqlite::DatabaseFormat format;
    format.application_id = application_id;
    format.migrations = all_migrations();
    format.before_making = [&file] { refuse_lost_database(file); };
    format.progress = progress;
    return sqlite::open_database(file, format, synchronous_full);
}

}  // namespace assistd::store
