#include "knowledge/chunk_rows.h"

#include <cstring>

#include "knowledge/word_index.h"

namespace assistd::knowledge {
namespace {

// The file that is removed next, and what its chunks were indexed with.
std::optional<std::pair<Key, std::string>> next_leaving(Database& db) {
    Rows rows = db.query("SELECT file, scope FROM leavings ORDER BY file LIMIT 1");
    if (!rows.next()) return std::nullopt;
    return std::pair(rows.integer(0), rows.text(1));
}

struct Leaving {
    Key key;
    std::string words;
};

std::vector<Leaving> chunks_of_leaving(Database& db, Key file, int at_most) {
    std::vector<Leaving> leaving;
    Rows rows = db.query("SELECT key, heading, text FROM chunks WHERE key >= ?1 AND key < ?2 LIMIT ?3",
                         first_chunk_of(file), first_chunk_of(file + 1), at_most);
    while (rows.next()) leaving.push_back({rows.integer(0), words_of_chunk(rows.view(1), rows.view(2))});
    return leaving;
}

// Without so many at its beginning.
std::string_view without_characters(std::string_view text, std::int64_t count) {
    const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
    std::size_t at = 0;
    for (; count > 0 && at < text.size(); --count) {
        ++at;
        while (at < text.size() && continues(text[at])) ++at;
    }
    return text.substr(at);
}

}  // namespace

std::vector<std::string> words_of_chunks(std::span<const Chunk> chunks) {
    std::vector<std::string> words;
    words.reserve(chunks.size());
    for (const Chunk& chunk : chunks) words.push_back(words_of_chunk(chunk.heading, chunk.text));
    return words;
}

void write_chunks(WriteScope& scope, const IndexJob& job, std::int64_t first, std::span<const Chunk> chunks,
                  std::span<const std::string> words, std::span<const Vector> vectors) {
    const std::string its_scope = scope_of(job.owner_key, job.store);
    Key key = first_chunk_of(job.key) + first;
    for (std::size_t i = 0; i < chunks.size(); ++i, ++key) {
        const Chunk& chunk = chunks[i];
        scope.db.run(
            "INSERT INTO chunks (key, text, heading, page, start, end) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", key,
            chunk.text, chunk.heading, chunk.first_page, chunk.start, chunk.end);
        add_words(scope.db, key, its_scope, words[i]);
        if (!vectors.empty())
            scope.db.run("INSERT INTO vectors (key, vector) VALUES (?1, ?2)", key,
                         sqlite::Blob{bytes_of(vectors[i])});
    }
}

std::vector<Key> clear_leavings(WriteScope& scope, int at_most) {
    std::vector<Key> cleared;
    const WordGap gap = word_gap(scope.db);
    while (static_cast<int>(cleared.size()) < at_most) {
        const auto next = next_leaving(scope.db);
        if (!next) break;
        const int room = at_most - static_cast<int>(cleared.size());
        const std::vector<Leaving> leaving = chunks_of_leaving(scope.db, next->first, room);
        for (const Leaving& one : leaving) {
            if (!gap.has(one.key)) remove_words(scope.db, one.key, next->second, one.words);
            scope.db.run("DELETE FROM vectors WHERE key = ?1", one.key);
            scope.db.run("DELETE FROM chunks WHERE key = ?1", one.key);
            cleared.push_back(one.key);
        }
        if (static_cast<int>(leaving.size()) < room)
            scope.db.run("DELETE FROM leavings WHERE file = ?1", next->first);
    }
    return cleared;
}

std::optional<core::Passage> read_passage(Database& db, Key chunk) {
    Rows rows = db.query(
        "SELECT f.file, f.name, s.id, c.text, c.page, c.start, c.end, c.heading, f.attributes FROM chunks c "
        "JOIN files f ON f.key = c.key >> ?2 JOIN stores s ON s.key = f.store "
        "WHERE c.key = ?1 AND f.state = 'completed'",
        chunk, chunk_bits);
    if (!rows.next()) return std::nullopt;
    core::Passage passage;
    passage.file = {rows.uuid(0)};
    passage.file_name = rows.text(1);
    passage.store = {rows.uuid(2)};
    passage.text = rows.text(3);
    if (const auto page = rows.optional_integer(4)) passage.page = static_cast<int>(*page);
    passage.start = rows.integer(5);
    passage.end = rows.integer(6);
    passage.heading = rows.text(7);
    passage.attributes = rows.text(8);
    return passage;
}

core::ChunkTexts read_texts(Database& db, Key file, int first, int limit) {
    core::ChunkTexts texts;
    std::int64_t told_to = 0;  // what of the file's text the chunks before have
    if (first > 0) {
        Rows before = db.query("SELECT end FROM chunks WHERE key = ?1", first_chunk_of(file) + first - 1);
        if (before.next()) told_to = before.integer(0);
    }
    Rows rows =
        db.query("SELECT text, start, end FROM chunks WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3",
                 first_chunk_of(file) + first, first_chunk_of(file + 1), limit + 1);
    while (rows.next()) {
        texts.has_more = texts.texts.size() == static_cast<std::size_t>(limit);
        if (texts.has_more) break;
        texts.texts.emplace_back(without_characters(rows.view(0), told_to - rows.integer(1)));
        told_to = rows.integer(2);
    }
    return texts;
}

std::string bytes_of(const Vector& vector) {
    return {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)};
}

Vector vector_of(std::string_view bytes) {
    Vector vector(bytes.size() / sizeof(float));
    std::memcpy(vector.data(), bytes.data(), vector.size() * sizeof(float));
    return vector;
}

}  // namespace assistd::knowledge
