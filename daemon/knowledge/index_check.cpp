#include "knowledge/index_check.h"

#include <fmt/format.h>

#include <unordered_set>

#include "base/error.h"
#include "knowledge/catalogue.h"
#include "knowledge/word_index.h"
#include "sqlite/snapshot.h"

namespace assistd::knowledge {
namespace {

constexpr int rows_between = 1'000;

using Keys = std::unordered_set<Key>;

struct Files {
    Keys completed;
    Keys leaving;  // whose chunks are being removed
};

Files files_of(Database& db) {
    Files files;
    Rows completed = db.query("SELECT key FROM files WHERE state = 'completed'");
    while (completed.next()) files.completed.insert(completed.integer(0));
    Rows leaving = db.query("SELECT file FROM leavings");
    while (leaving.next()) files.leaving.insert(leaving.integer(0));
    return files;
}

void compare_counts(Database& db, std::vector<std::string>& faults) {
    Rows rows = db.query(
        "SELECT count(*), min(f.name) FROM files f WHERE f.state = 'completed' AND f.chunks <> (SELECT "
        "count(*) "
        "FROM chunks c WHERE c.key BETWEEN f.key << 20 AND (f.key << 20) + 1048575)");
    rows.next();
    if (rows.integer(0) > 0)
        faults.push_back(fmt::format("chunks: {} files have not as many as they should ({})", rows.integer(0),
                                     rows.view(1)));
    Rows vectors =
        db.query("SELECT count(*) FROM vectors v WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE key = v.key)");
    vectors.next();
    if (vectors.integer(0) > 0)
        faults.push_back(fmt::format("vectors: {} belong to chunks that are not there", vectors.integer(0)));
}

}  // namespace

std::vector<std::string> faults_of_index(Database& db, const std::function<void()>& between) {
    std::vector<std::string> faults;
    const Files files = files_of(db);
    const WordGap gap = word_gap(db);
    Keys indexed;
    int steps = 0;
    const auto step = [&] {
        if (between && ++steps % rows_between == 0) between();
    };
    try {
        sqlite::each_indexed_row(db, "passages", [&](Key chunk) {
            indexed.insert(chunk);
            step();
        });
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        faults.push_back(fmt::format("passages: the index cannot be read: {}", error.what()));
        return faults;
    }
    std::int64_t missing = 0;
    Rows chunks = db.query("SELECT key FROM chunks");
    while (chunks.next()) {
        const Key chunk = chunks.integer(0);
        if (indexed.erase(chunk) == 0 && !gap.has(chunk) && files.completed.contains(file_of_chunk(chunk)))
            ++missing;
        step();
    }
    if (missing > 0)
        faults.push_back(fmt::format("passages: {} chunks are not found by their words", missing));
    std::int64_t strange = 0;
    for (const Key chunk : indexed)
        if (!files.leaving.contains(file_of_chunk(chunk))) ++strange;
    if (strange > 0)
        faults.push_back(fmt::format("passages: words of {} chunks that are not there", strange));
    compare_counts(db, faults);
    return faults;
}

std::vector<ArtifactId> indexed_files(Database& db) {
    std::vector<ArtifactId> files;
    Rows rows = db.query("SELECT DISTINCT file FROM files ORDER BY file");
    while (rows.next()) files.push_back({rows.uuid(0)});
    return files;
}

}  // namespace assistd::knowledge
