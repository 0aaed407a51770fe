#include "store/search_rebuild.h"

#include "store/message_rows.h"
#include "store/projects.h"
#include "store/search.h"

namespace assistd::store {
namespace {

constexpr std::size_t rows_at_once = 500;

// What has gathered goes into the indexes.
class Pieces {
  public:
    Pieces(Database& db, const std::function<void()>& between) : db_(db), between_(between) {}

    SearchChanges& changes() { return changes_; }
    void next() {
        if (changes_.size() >= rows_at_once) finish();
    }
    void finish() {
        changes_.apply(db_);
        if (between_) between_();
    }

  private:
    Database& db_;
    const std::function<void()>& between_;
    SearchChanges changes_;
};

void index_everything(Database& db, const std::function<void()>& between) {
    db.run("INSERT INTO message_search (message_search) VALUES ('delete-all')");
    db.run("INSERT INTO title_search (title_search) VALUES ('delete-all')");
    db.run("INSERT INTO project_search (project_search) VALUES ('delete-all')");
    Pieces pieces(db, between);
    Rows messages = db.query("SELECT " MESSAGE_COLUMNS ", key FROM messages");
    for (; messages.next(); pieces.next())
        pieces.changes().add_message(messages.integer(message_columns), message_at(messages).text());
    Rows titles = db.query("SELECT key, title FROM conversations");
    for (; titles.next(); pieces.next()) pieces.changes().add_title(titles.integer(0), titles.text(1));
    Rows projects = db.query("SELECT key, name, description FROM projects");
    for (; projects.next(); pieces.next())
        pieces.changes().add_project(projects.integer(0), searched_text(projects.view(1), projects.view(2)));
    pieces.finish();
}

}  // namespace

void rebuild_search(Database& db, const std::function<void()>& between) {
    db.run("BEGIN IMMEDIATE");
    try {
        index_everything(db, between);
        db.run("COMMIT");
    } catch (...) {
        if (db.in_transaction()) db.run("ROLLBACK");
        throw;
    }
}

}  // namespace assistd::store
