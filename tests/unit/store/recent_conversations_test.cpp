#include "store/recent_conversations.h"

#include <sqlite3.h>

#include "store/conversations.h"
#include "store/open.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

// A writer by itself, so that what is found can only come from memory.
class RecentConversationsTest : public testing::Test {
  protected:
    RecentConversationsTest() {
        Database db = open_database(folder_.path() / "assistd.db", true);
        const auto decide = [](void* refuses) { return static_cast<int>(*static_cast<bool*>(refuses)); };
        sqlite3_commit_hook(db.handle(), decide, &refuses_commits_);
        writer_.emplace(std::move(db), recent_, Writer::Options{});
    }

    template <class Work>
    auto write(Work work) {
        const auto done = writer_->submit(std::move(work));
        return run(done.wait());
    }
    core::Conversation added(const std::string& metadata = "{}") {
        core::Conversation conversation = a_conversation();
        conversation.metadata = metadata;
        write([&](WriteScope& scope) { add_conversation(scope, conversation); });
        return conversation;
    }
    void rename(const core::Conversation& conversation, const std::string& title) {
        core::ConversationChange change;
        change.title = title;
        write([&](WriteScope& scope) {
            return change_conversation(scope, conversation.owner, conversation.id, change, at(9));
        });
    }

    test::TempFolder folder_;
    bool refuses_commits_ = false;
    RecentConversations recent_;
    std::optional<Writer> writer_;
};

TEST_F(RecentConversationsTest, AreKnownFromTheirFirstWriteOn) {
    const core::Conversation mine = added();
    ASSERT_TRUE(recent_.find("local", mine.id));
    rename(mine, "Growth");
    EXPECT_EQ(recent_.find("local", mine.id)->title, "Growth");
}

TEST_F(RecentConversationsTest, AreNotFoundForOthers) {
    EXPECT_FALSE(recent_.find("you", added().id));
}

TEST_F(RecentConversationsTest, AreForgottenWhenRemoved) {
    const core::Conversation mine = added();
    write([&](WriteScope& scope) { return remove_conversation(scope, "local", mine.id); });
    EXPECT_FALSE(recent_.find("local", mine.id));
}

TEST_F(RecentConversationsTest, StayAsTheyWereWhenTheCommitFails) {
    const core::Conversation mine = added();
    refuses_commits_ = true;
    EXPECT_THROW(rename(mine, "lost"), Error);
    refuses_commits_ = false;
    EXPECT_EQ(recent_.find("local", mine.id)->title, "");
    const core::Conversation other = added();  // the next commit does not bring the lost one with it
    EXPECT_EQ(recent_.find("local", mine.id)->title, "");
    EXPECT_TRUE(recent_.find("local", other.id));
}

TEST_F(RecentConversationsTest, AreBoundedAndSmall) {
    const core::Conversation first = added();
    const core::Conversation large = added(std::string(5'000, ' ') + "{}");
    EXPECT_FALSE(recent_.find("local", large.id));
    write([&](WriteScope& scope) {
        for (int i = 0; i < 1'024; ++i) add_conversation(scope, a_conversation());
    });
    EXPECT_FALSE(recent_.find("local", first.id));
}

// Through the store: whatever kind of write touches a conversation, what is known of it is what is stored.
using KnownConversations = StoreTest;

TEST_F(KnownConversations, AreAsTheyAreStored) {
    const core::Project project = stored_project("soot");
    const core::Conversation mine = stored_conversation();
    const auto expect_same = [&](const char* after) {
        const auto listed = run(store().conversations({.owner = "local"}));
        ASSERT_EQ(listed.items.size(), 1U);
        EXPECT_EQ(run(store().conversation("local", mine.id)), listed.items[0]) << after;
    };
    expect_same("it was added");
    core::ConversationChange change;
    change.project_id = project.id.text();
    change.archived = true;
    run(store().change_conversation("local", mine.id, change));
    expect_same("a change");
    commit(store().set_first_title(mine.id, "Growth"));
    expect_same("a title");
    commit(store().set_model_title(mine.id, "Growth of soot"));
    expect_same("a model's title");
    core::Turn turn = begun_turn(mine);
    expect_same("a turn's begin");
    commit(store().append_message(a_message(turn, core::Role::assistant, "Done")));
    expect_same("a reply");
    turn.state = core::TurnState::completed;
    turn.title = "Growth of soot";
    commit(store().end_turn(turn, std::nullopt));
    expect_same("a turn's end");
    run(store().begin_turn_again(a_turn(mine), run(store().last_user_message(mine.id))->id));
    expect_same("another answer's begin");
    run(projects().remove("local", project.id, true));
    expect_same("the project's end");
    run(storage_->release_memory());
    expect_same("nothing was kept");
}

}  // namespace
}  // namespace assistd::store
