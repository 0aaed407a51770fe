// The space of what was deleted goes back to the disk, a little at a time and nothing else with it.

#include "sqlite/space.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

class Space : public StoreTest {
  protected:
    std::int64_t number(const char* query) {
        sqlite::Database db(database(), sqlite::Database::Mode::read_only);
        sqlite::Rows rows = db.query(query);
        rows.next();
        return rows.integer(0);
    }
};

TEST_F(Space, OfDeletedConversationsIsGivenBack) {
    const core::Conversation kept = stored_conversation();
    begun_turn(kept, "a lantern");
    const core::Conversation gone = stored_conversation();
    for (int i = 0; i < 40; ++i) begun_turn(gone, std::string(200'000, 'x'));
    const std::int64_t full = number("PRAGMA page_count");
    run(store().remove_conversation("local", gone.id));
    const std::int64_t free = number("PRAGMA freelist_count");
    EXPECT_GT(free, 1'500);
    std::int64_t left = run(storage_->give_space_back(100));
    EXPECT_LE(number("PRAGMA freelist_count"), free - 100);
    EXPECT_GT(number("PRAGMA freelist_count"), free - 110);
    for (int calls = 0; left > 0; ++calls) {
        ASSERT_LT(calls, 100);
        left = run(storage_->give_space_back(100));
    }
    EXPECT_LT(number("PRAGMA page_count"), full / 2);
    EXPECT_LE(number("PRAGMA freelist_count"), 256);
    EXPECT_EQ(run(store().conversations({.owner = "local", .search = "lantern"})).items.size(), 1u);
    reopen();
    EXPECT_LT(std::filesystem::file_size(database()), static_cast<std::uintmax_t>(full / 2 * 4'096));
    EXPECT_EQ(run(store().messages(kept.id, "", 10)).items.at(0).text(), "a lantern");
}

TEST_F(Space, AFewPagesAreKeptForWhatComesNext) {
    const core::Conversation gone = stored_conversation();
    for (int i = 0; i < 4; ++i) begun_turn(gone, std::string(100'000, 'x'));
    run(store().remove_conversation("local", gone.id));
    const std::int64_t free = number("PRAGMA freelist_count");
    EXPECT_GT(free, 50);
    EXPECT_EQ(run(storage_->give_space_back(100)), 0);
    EXPECT_EQ(number("PRAGMA freelist_count"), free);
}

TEST_F(Space, AnOlderDatabaseThatCannotIsLeftAlone) {
    storage_.reset();
    {
        sqlite::Database db(database(), sqlite::Database::Mode::read_write);
        db.script("PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM");
    }
    open();
    const core::Conversation gone = stored_conversation();
    for (int i = 0; i < 40; ++i) begun_turn(gone, std::string(200'000, 'x'));
    run(store().remove_conversation("local", gone.id));
    EXPECT_EQ(run(storage_->give_space_back(100)), 0);
    EXPECT_GT(number("PRAGMA freelist_count"), 1'500);
}

}  // namespace
}  // namespace assistd::store
