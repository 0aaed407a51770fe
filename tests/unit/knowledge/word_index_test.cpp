#include "knowledge/word_index.h"

#include "knowledge/search_text.h"
#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// A database as an earlier version has left it.
class WordIndexTest : public KnowledgeTest {
  protected:
    std::filesystem::path file() const { return folder_.path() / "state" / "knowledge.db"; }
    void as_of_another_form() {
        close();
        Database db(file(), Database::Mode::read_write);
        db.run("UPDATE word_index SET form = ?1", words_form - 1);
    }
    WordGap gap() {
        Database db(file(), Database::Mode::read_only);
        return word_gap(db);
    }
    void wait_until_closed() {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!gap().is_closed()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            std::this_thread::yield();
        }
    }
    std::int64_t rows_in_index() {
        Database db(file(), Database::Mode::read_only);
        Rows rows = db.query("SELECT count(*) FROM passages_docsize");
        rows.next();
        return rows.integer(0);
    }
};

TEST_F(WordIndexTest, WhatWasIndexedInAnotherFormIsIndexedAnew) {
    const VectorStoreId store = made_store();
    // More than are indexed together.
    for (int i = 0; i < 300; ++i) indexed(store, "dendrite number " + std::to_string(i));
    as_of_another_form();
    open();
    wait_until_closed();
    EXPECT_EQ(rows_in_index(), 300);
    EXPECT_THAT(found("299"), SizeIs(1));
    EXPECT_THAT(found("0"), SizeIs(1));
    // And not once more.
    open();
    EXPECT_EQ(rows_in_index(), 300);
}

TEST_F(WordIndexTest, WhatIsMergedWhenThereIsTimeIsStillFound) {
    const VectorStoreId store = made_store();
    for (int i = 0; i < 60; ++i) indexed(store, "dendrite number " + std::to_string(i));
    const auto parts = [this] {
        Database db(file(), Database::Mode::read_only);
        Rows rows = db.query("SELECT count(DISTINCT segid) FROM passages_idx");
        rows.next();
        return rows.integer(0);
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (parts() > 8) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline) << parts();
        std::this_thread::yield();
    }
    EXPECT_THAT(found("59"), SizeIs(1));
    EXPECT_THAT(found("7"), SizeIs(1));
}

TEST_F(WordIndexTest, WhatGoesMeanwhileLeavesNothingBehind) {
    const VectorStoreId store = made_store();
    const ArtifactId gone = indexed(store, "The dendrite goes.");
    indexed(store, "The dendrite stays.");
    as_of_another_form();
    open();
    run(knowledge().remove_file("local", store, gone));
    wait_until_closed();
    indexed(store, "Another one.");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (rows_in_index() != 2) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline) << rows_in_index();
        std::this_thread::yield();
    }
    EXPECT_THAT(found("goes"), IsEmpty());
    EXPECT_THAT(found("stays"), SizeIs(1));
}

}  // namespace
}  // namespace assistd::knowledge
