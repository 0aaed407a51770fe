// A documents' database of every earlier schema, opened by today's program: all documents are there and
// found.

#include <fmt/format.h>
#include <sys/stat.h>

#include "knowledge/migrations.h"
#include "sqlite/migrate.h"
#include "sqlite/snapshot.h"
#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

namespace fs = std::filesystem;

class DocumentsUpgrade : public KnowledgeTest, public testing::WithParamInterface<int> {
  protected:
    fs::path database() const { return folder_.path() / "state/knowledge.db"; }

    // As a program of that schema would have left it, with one store and this file in it.
    void make_version(int version, const ArtifactId& file) {
        close();
        for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database().string() + suffix);
        sqlite::Database db(database(), sqlite::Database::Mode::create);
        db.script(fmt::format("PRAGMA journal_mode = WAL; PRAGMA application_id = {}", application_id));
        sqlite::migrate(db, database(), all_migrations().first(static_cast<std::size_t>(version)));
        db.script(fmt::format(R"sql(
INSERT INTO owners VALUES (1, 'local');
INSERT INTO stores (key, id, owner, name, description, metadata, created_at, last_active_at)
    VALUES (1, x'00000000000000000000000000000001', 1, 'documents', '', '{{"m":1}}', 1000000, 1000000);
INSERT INTO files (key, store, file, name, state, usage_bytes, chunks, attributes, chunk_size, chunk_overlap, created_at,
                   sequence)
    VALUES (5, 1, x'{}', 'notes.txt', 'completed', 40, 1, '{{"year":1999}}', 800, 400, 1000001, 5);
INSERT INTO chunks (key, text, heading, page, start, end) VALUES (5 << 20, 'The lantern glows in the harbour.', '', NULL, 0, 33);
)sql",
                              file.uuid.hex()));
    }
};

TEST_P(DocumentsUpgrade, NothingIsLost) {
    const ArtifactId file = uploaded("The lantern glows in the harbour.");
    make_version(GetParam(), file);
    open();
    const auto stores = run(knowledge().stores("local", {})).items;
    ASSERT_EQ(stores.size(), 1u);
    EXPECT_EQ(stores[0].metadata, R"({"m":1})");
    EXPECT_EQ(stores[0].counts.completed, 1);
    const core::IndexedFile indexed = run(knowledge().file("local", stores[0].id, file));
    EXPECT_EQ(indexed.attributes, R"({"year":1999})");
    EXPECT_EQ(indexed.file_name, "notes.txt");
    // Its words are indexed anew in the background.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (found("harbour").empty()) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline);
        std::this_thread::yield();
    }
    EXPECT_EQ(found("harbour").at(0).text, "The lantern glows in the harbour.");
    close();
    sqlite::Database db(database(), sqlite::Database::Mode::read_only);
    EXPECT_EQ(sqlite::faults_of(db, {}), std::vector<std::string>{});
    const fs::path copy = database().string() + fmt::format(".version-{}", GetParam());
    if (GetParam() == all_migrations().back().version) {
        EXPECT_FALSE(fs::exists(copy));
        return;
    }
    struct stat about {};
    ASSERT_EQ(::stat(copy.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
}

INSTANTIATE_TEST_SUITE_P(From, DocumentsUpgrade, testing::Range(1, all_migrations().back().version + 1));

}  // namespace
}  // namespace assistd::knowledge
