#pragma once
// The rows of chunks: their text, their words in the full-text index, and their vectors. Functions over a
// connection, for the thread that has it.

#include <span>
#include <string>
#include <vector>

#include "core/passage.h"
#include "knowledge/chunker.h"
#include "knowledge/file_rows.h"
#include "knowledge/vector_index.h"

namespace assistd::knowledge {

// What each is found by. To be made before the write, which is the one that everybody waits for.
std::vector<std::string> words_of_chunks(std::span<const Chunk> chunks);
// `first` is the number of the first of them in the file. `vectors` is empty or has one for each.
void write_chunks(WriteScope& scope, const IndexJob& job, std::int64_t first, std::span<const Chunk> chunks,
                  std::span<const std::string> words, std::span<const Vector> vectors);

// Removes at most so many chunks that belong to nothing any more. Their keys.
std::vector<Key> clear_leavings(WriteScope& scope, int at_most);

// Without its score. Nothing when the chunk is not there, or its file is not completed.
std::optional<core::Passage> read_passage(Database& db, Key chunk);
// What a chunk has of the one before is left out.
core::ChunkTexts read_texts(Database& db, Key file, int first, int limit);

std::string bytes_of(const Vector& vector);
Vector vector_of(std::string_view bytes);

}  // namespace assistd::knowledge
