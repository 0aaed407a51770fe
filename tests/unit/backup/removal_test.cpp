// Removing all that a user has: what holds while it goes on, and what is left behind on the disk.

#include "backup/removals.h"

#include "base/error.h"
#include "sqlite/snapshot.h"
#include "sqlite/space.h"
#include "unit/backup/fixture.h"

namespace assistd::backup {
namespace {

class Removal : public BackupTest {};

TEST_F(Removal, NothingOfWhatWasRemovedStaysInTheLog) {
    fill("a lantern", "ann");
    const auto is_in_log = [this] {
        return store::read_file(state() / "assistd.db-wal").find("lantern") != std::string::npos;
    };
    ASSERT_TRUE(is_in_log());
    store::write_file(state() / "assistd.db.version-3", "before an upgrade");
    const core::DataRemoval removal = run(care().remove_user("ann"));
    EXPECT_FALSE(is_in_log());
    EXPECT_THAT(removal.kept[1], testing::HasSubstr("that upgrades made: assistd.db.version-3."));
}

// Also not those that a search index keeps of what is deleted, nor on pages that nothing uses.
TEST_F(Removal, NoWordOfItStaysInTheDatabases) {
    for (int i = 0; i < 12; ++i) {
        fill("a kettle", "bob");
        if (i % 4 == 1) fill("a lantern " + std::string(20'000, 'x'), "ann");
    }
    const auto is_in = [this](const char* database) {
        return store::read_file(state() / database).find("lantern") != std::string::npos;
    };
    run(care().remove_user("ann"));
    EXPECT_FALSE(is_in("assistd.db"));
    EXPECT_FALSE(is_in("knowledge.db"));
    const Seen others = seen("bob");
    EXPECT_EQ(others.conversations.size(), 12u);
    EXPECT_FALSE(others.passages.empty());
    EXPECT_EQ(
        run(storage_->store().conversations({.owner = "bob", .search = "kettle", .limit = 100})).items.size(),
        12u);
}

TEST_F(Removal, ALogThatSomebodyReadsIsTold) {
    fill("a lantern", "ann");
    const std::filesystem::path file = state() / "assistd.db";
    {
        const sqlite::Snapshot reader(file);
        const auto added = storage_->store().add_conversation(store::a_conversation("ann"));
        run(added.committed());
        EXPECT_FALSE(sqlite::empty_log(file, {}, 1));
    }
    EXPECT_TRUE(sqlite::empty_log(file, {}));
    EXPECT_EQ(std::filesystem::file_size(file.string() + "-wal"), 0u);
}

TEST_F(Removal, WhileItIsRemovedItIsKnownToBe) {
    fill("a lantern", "ann");
    end_care();
    DataCare* known = nullptr;
    int looked = 0;
    const auto look = [&](core::Owner user) -> Task<void> {
        ++looked;
        EXPECT_TRUE(known->removal_of(user));
        EXPECT_FALSE(known->removal_of("bob"));
        try {
            co_await known->remove_user(user);
            ADD_FAILURE() << "it is removed twice at a time";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::conflict);
        }
    };
    DataCare care({state()}, *storage_, *base_, look);
    known = &care;
    run(care.remove_user("ann"));
    EXPECT_EQ(looked, 1);
    EXPECT_FALSE(care.removal_of("ann"));
}

TEST_F(Removal, ManyConversationsGoToo) {
    constexpr int many = 47;  // more than go at once
    for (int i = 0; i < many; ++i) {
        const auto added = storage_->store().add_conversation(store::a_conversation("ann"));
        run(added.committed());
    }
    core::ConversationChange change;
    change.archived = true;
    run(storage_->store().change_conversation(
        "ann", run(storage_->store().conversations({.owner = "ann"})).items[0].id, change));
    EXPECT_EQ(run(care().remove_user("ann")).removed.at("conversations"), many);
    EXPECT_TRUE(run(storage_->store().conversations({.owner = "ann"})).items.empty());
}

}  // namespace
}  // namespace assistd::backup
