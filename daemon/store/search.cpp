#include "store/search.h"

namespace assistd::store {

void SearchChanges::apply(Database& db) {
    for (const Change& change : changes_) {
        switch (change.kind) {
            case Kind::add_message:
                db.run("INSERT INTO message_search (rowid, text) VALUES (?1, ?2)", change.key, change.text);
                break;
            case Kind::remove_message:
                db.run("INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', ?1, ?2)",
                       change.key, change.text);
                break;
            case Kind::add_title:
                db.run("INSERT INTO title_search (rowid, title) VALUES (?1, ?2)", change.key, change.text);
                break;
            case Kind::remove_title:
                db.run("INSERT INTO title_search (title_search, rowid, title) VALUES ('delete', ?1, ?2)",
                       change.key, change.text);
                break;
            case Kind::add_project:
                db.run("INSERT INTO project_search (rowid, text) VALUES (?1, ?2)", change.key, change.text);
                break;
            case Kind::remove_project:
                db.run("INSERT INTO project_search (project_search, rowid, text) VALUES ('delete', ?1, ?2)",
                       change.key, change.text);
                break;
        }
    }
    changes_.clear();
}

std::string fts_query(std::string_view text) {
    std::string query;
    bool in_word = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        // Words are runs of letters and digits, as the tokenizer sees ASCII; everything beyond ASCII is left
        // to it.
        const bool letter = byte >= 0x80 || std::isalnum(byte) != 0;
        if (letter && !in_word) query += query.empty() ? "\"" : " \"";
        if (letter) query += c;
        if (!letter && in_word) query += '"';
        in_word = letter;
    }
    if (in_word) query += '"';
    if (!query.empty()) query += '*';
    return query;
}

}  // namespace assistd::store
