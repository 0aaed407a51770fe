#pragma once
// The full-text index: which of its rows a write changes, and how a person's words become a query.
//
// SQLite writes an FTS5 table's pending words out at every savepoint, so the writer gathers the changes of
// all writes of one commit here and applies them once, after the last savepoint and in the same transaction.
// Used on the writer's thread only (fts_query: any thread).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/full_text.h"
#include "store/database.h"

namespace assistd::store {

// Where what was deleted leaves its words.
inline constexpr sqlite::FullTextTable search_tables[] = {
    {"INSERT INTO message_search (message_search, rank) VALUES ('merge', -128)",
     "INSERT INTO message_search (message_search, rank) VALUES ('merge', 128)"},
    {"INSERT INTO title_search (title_search, rank) VALUES ('merge', -128)",
     "INSERT INTO title_search (title_search, rank) VALUES ('merge', 128)"},
    {"INSERT INTO project_search (project_search, rank) VALUES ('merge', -128)",
     "INSERT INTO project_search (project_search, rank) VALUES ('merge', 128)"}};

class SearchChanges {
  public:
    // `key` is the message's, the conversation's or the project's; texts without a letter cost nothing.
    void add_message(std::int64_t key, std::string text) { add(Kind::add_message, key, std::move(text)); }
    void remove_message(std::int64_t key, std::string text) {
        add(Kind::remove_message, key, std::move(text));
    }
    void add_title(std::int64_t key, std::string title) { add(Kind::add_title, key, std::move(title)); }
    void remove_title(std::int64_t key, std::string title) { add(Kind::remove_title, key, std::move(title)); }
    void add_project(std::int64_t key, std::string text) { add(Kind::add_project, key, std::move(text)); }
    void remove_project(std::int64_t key, std::string text) {
        add(Kind::remove_project, key, std::move(text));
    }

    std::size_t size() const { return changes_.size(); }
    void shrink(std::size_t size) { changes_.resize(size); }  // forgets what a failed write asked for
    void apply(Database& db);                                 // and starts anew

  private:
    enum class Kind { add_message, remove_message, add_title, remove_title, add_project, remove_project };
    struct Change {
        Kind kind = Kind::add_message;
        std::int64_t key = 0;
        std::string text;
    };
    void add(Kind kind, std::int64_t key, std::string text) {
        if (!text.empty()) changes_.push_back({kind, key, std::move(text)});
    }

    std::vector<Change> changes_;
};

// All the words must occur, the last one may go on ("box cou" finds "box counting"). Whatever the text holds,
// the result is a valid FTS5 query; it is empty when there is no word.
std::string fts_query(std::string_view text);

}  // namespace assistd::store
