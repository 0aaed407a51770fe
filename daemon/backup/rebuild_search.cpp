#include "backup/rebuild_search.h"

#include "backup/state_files.h"
#include "knowledge/word_index.h"
#include "sqlite/open.h"
#include "store/search_rebuild.h"

namespace assistd::backup {

void rebuild_search(const std::filesystem::path& state, const std::function<void()>& between) {
    for (const StateDatabase& database : state_databases()) {
        const std::filesystem::path file = state / database.name;
        // Without the main one it is the daemon who makes them all.
        if (!std::filesystem::exists(state / main_database)) return;
        sqlite::DatabaseFormat format;
        format.application_id = database.application_id;
        format.migrations = database.migrations;
        sqlite::Database db = sqlite::open_database(file, format, true);
        if (database.name == main_database)
            store::rebuild_search(db, between);
        else
            knowledge::forget_words(db);
    }
}

}  // namespace assistd::backup
