#include "knowledge/word_index.h"

#include "base/logging.h"
#include "knowledge/search_text.h"

namespace assistd::knowledge {
namespace {

struct Unindexed {
    Key key;
    std::string scope;
    std::string words;
};

// Chunks of what is being removed are indexed too: their removal takes them out again.
std::vector<Unindexed> chunks_of_gap(Database& db, WordGap gap, int at_most) {
    std::vector<Unindexed> chunks;
    Rows rows = db.query(
        "SELECT c.key, coalesce('o' || s.owner || ' s' || s.key, l.scope, ''), c.heading, c.text "
        "FROM chunks c LEFT JOIN files f ON f.key = c.key >> ?4 LEFT JOIN stores s ON s.key = f.store "
        "LEFT JOIN leavings l ON l.file = c.key >> ?4 "
        "WHERE c.key >= ?1 AND c.key < ?2 ORDER BY c.key LIMIT ?3",
        gap.begin, gap.end, at_most, chunk_bits);
    while (rows.next())
        chunks.push_back({rows.integer(0), rows.text(1), words_of_chunk(rows.view(2), rows.view(3))});
    return chunks;
}

}  // namespace

WordGap word_gap(Database& db) {
    Rows rows = db.query("SELECT gap_begin, gap_end FROM word_index");
    rows.next();
    return {rows.integer(0), rows.integer(1)};
}

void forget_words(Database& db) {
    db.run("UPDATE word_index SET form = ?1", words_form - 1);
}

void check_word_index(Database& db) {
    if (db.query("SELECT 1 FROM word_index WHERE form = ?1", words_form).next()) return;
    db.run("BEGIN IMMEDIATE");
    db.run("INSERT INTO passages (passages) VALUES ('delete-all')");
    db.run(
        "UPDATE word_index SET form = ?1, gap_begin = 0, "
        "gap_end = (SELECT coalesce(max(key) + 1, 0) FROM chunks)",
        words_form);
    db.run("COMMIT");
    if (!word_gap(db).is_closed())
        log::info("the words of all documents are indexed anew; they are found again as that goes on");
}

bool close_some_of_gap(WriteScope& scope, int at_most) {
    const WordGap gap = word_gap(scope.db);
    if (gap.is_closed()) return false;
    const std::vector<Unindexed> chunks = chunks_of_gap(scope.db, gap, at_most);
    for (const Unindexed& one : chunks) add_words(scope.db, one.key, one.scope, one.words);
    const bool more = chunks.size() == static_cast<std::size_t>(at_most);
    scope.db.run("UPDATE word_index SET gap_begin = ?1", more ? chunks.back().key + 1 : gap.end);
    if (!more) log::info("the words of all documents are indexed");
    return more;
}

bool merge_some(WriteScope& scope) {
    constexpr int pages = 128;  // some milliseconds
    const std::int64_t before = scope.db.total_changes();
    scope.db.run("INSERT INTO passages (passages, rank) VALUES ('merge', ?1)", pages);
    return scope.db.total_changes() - before >= 2;  // one is the command itself
}

std::string words_of_chunk(std::string_view heading, std::string_view text) {
    std::string words = indexed_text(heading);
    words += '\n';
    words += indexed_text(text);
    return words;
}

void add_words(Database& db, Key chunk, std::string_view its_scope, std::string_view words) {
    db.run("INSERT INTO passages (rowid, scope, text) VALUES (?1, ?2, ?3)", chunk, its_scope, words);
}

void remove_words(Database& db, Key chunk, std::string_view its_scope, std::string_view words) {
    db.run("INSERT INTO passages (passages, rowid, scope, text) VALUES ('delete', ?1, ?2, ?3)", chunk,
           its_scope, words);
}

}  // namespace assistd::knowledge
