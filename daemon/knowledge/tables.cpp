#include "knowledge/tables.h"

#include "base/error.h"
#include "knowledge/migrations.h"
#include "knowledge/word_index.h"
#include "sqlite/open.h"

namespace assistd::knowledge {
namespace {

[[noreturn]] void refuse_lost_database(const std::filesystem::path& file) {
    throw Error(
        ErrorCode::unavailable,
        "The database " + file.string() +
            " is missing, but files were uploaded that it knew. Nothing was changed. Put back a copy of it, "
            "or "
            "all of a backup (assistctl restore FILE). To begin anew without the documents and vector stores "
            "that it had: assistd --rebuild-search.");
}

Database open_in(const TablesOptions& options) {
    sqlite::prepare_folder(options.file.parent_path());
    sqlite::DatabaseFormat format;
    format.application_id = application_id;
    format.migrations = all_migrations();
    format.progress = options.progress;
    if (options.was_there) format.before_making = [&options] { refuse_lost_database(options.file); };
    return sqlite::open_database(options.file, format, options.synchronous_full);
}

void load(Database& db, Catalogue::Change catalogue) {
    Rows owners = db.query("SELECT key, name FROM owners");
    while (owners.next()) catalogue.name_owner(owners.text(1), owners.integer(0));
    Rows files = db.query(
        "SELECT f.key, s.owner, f.store, f.attributes, f.chunks FROM files f JOIN stores s ON s.key = "
        "f.store "
        "WHERE f.state = 'completed'");
    while (files.next()) {
        Indexed indexed;
        indexed.owner = files.integer(1);
        indexed.store = files.integer(2);
        indexed.chunks = files.integer(4);
        indexed.attributes = parse_attributes(files.view(3));
        catalogue.put(files.integer(0), std::move(indexed));
    }
}

}  // namespace

Tables::Tables(const TablesOptions& options)
    : synchronous_full_(options.synchronous_full),
      db_(open_in(options)),
      readers_(static_cast<std::size_t>(options.readers), options.queue_limit),
      writer_(1, options.queue_limit) {
    // New rows of the full-text index gather in memory for a transaction and are merged when they are many.
    db_.script("PRAGMA cache_size = -32768");
    check_word_index(db_);
    load(db_, Catalogue::Change(catalogue_));
    for (int i = 0; i < options.readers; ++i) {
        auto rank = std::make_unique<sqlite::RankContext>();
        Database db(options.file, Database::Mode::read_only);
        db.script("PRAGMA cache_size = -32768");
        sqlite::add_rank_function(db, *rank);
        connections_.push_back({std::move(rank), std::move(db)});
    }
}

void Tables::transact(bool durable, const std::function<void(WriteScope&)>& work) {
    if (synchronous_full_ && durable != durable_) {
        db_.script(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        durable_ = durable;
    }
    WriteScope scope{db_};
    db_.run("BEGIN IMMEDIATE");
    try {
        work(scope);
        if (scope.afterwards.empty()) {
            db_.run("COMMIT");
            return;
        }
        Catalogue::Change catalogue(catalogue_);
        db_.run("COMMIT");
        for (const auto& change : scope.afterwards) change(catalogue);
    } catch (...) {
        if (db_.in_transaction()) db_.run("ROLLBACK");
        throw;
    }
}

}  // namespace assistd::knowledge
