#include "store/usage.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::IsEmpty;

class UsageRows : public StoreTest {
  protected:
    struct Ended {
        core::Owner owner = "local";
        std::int64_t day = 10;
        std::string model = "m";
        core::TurnState state = core::TurnState::completed;
    };
    // A turn with one tool call, ended on a day since 1970.
    core::Turn end(const Ended& how) {
        const core::Conversation conversation = stored_conversation(how.owner);
        core::Turn turn = a_turn(conversation);
        turn.provider = "main";
        turn.model = how.model;
        run(store().begin_turn(turn, a_message(turn, core::Role::user, "go")));
        store().append_message(a_reply_with_calls(turn, {"c"}));
        turn.state = how.state;
        turn.finished_at = at(how.day * 86'400 + 5);
        turn.usage = {100, 20, 30, 0.5};
        turn.rounds = 2;
        commit(store().end_turn(turn, std::nullopt));
        return turn;
    }
    std::vector<core::UsageRow> sums(core::UsageGroup group, std::int64_t from = 0, std::int64_t to = 100) {
        return run(usage().sums({"local", at(from * 86'400), at(to * 86'400), group}));
    }
};

TEST_F(UsageRows, AreWrittenWithATurnsEnd) {
    const core::Turn turn = end({});
    const auto days = sums(core::UsageGroup::day);
    ASSERT_EQ(days.size(), 1u);
    EXPECT_EQ(days[0].day, "1970-01-11");
    EXPECT_EQ(days[0].turns, 1);
    EXPECT_EQ(days[0].completed, 1);
    EXPECT_EQ(days[0].requests, 2);
    EXPECT_EQ(days[0].tool_calls, 1);
    EXPECT_EQ(days[0].usage.prompt_tokens, 100);
    EXPECT_EQ(days[0].usage.cached_tokens, 30);
    EXPECT_EQ(days[0].usage.completion_tokens, 20);
    EXPECT_EQ(days[0].usage.cost, 0.5);
    commit(store().end_turn(turn, std::nullopt));  // however often it is ended
    EXPECT_EQ(sums(core::UsageGroup::day)[0].turns, 1);
}

TEST_F(UsageRows, OutliveTheirConversation) {
    const core::Turn turn = end({});
    run(store().remove_conversation("local", turn.conversation));
    reopen();
    const auto days = sums(core::UsageGroup::day);
    ASSERT_EQ(days.size(), 1u);
    EXPECT_EQ(days[0].usage.total_tokens(), 120);
}

TEST_F(UsageRows, AreSummedByDayModelAndUser) {
    end({});
    end({.state = core::TurnState::failed});
    end({.day = 11, .model = "n", .state = core::TurnState::cancelled});
    commit(usage().add({"local", at(11 * 86'400), "title", "main", "m", {7, 3, 0, 0.25}}));
    const auto days = sums(core::UsageGroup::day);
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(days[0].turns, 2);
    EXPECT_EQ(days[0].failed, 1);
    EXPECT_EQ(days[1].day, "1970-01-12");
    EXPECT_EQ(days[1].turns, 1);
    EXPECT_EQ(days[1].cancelled, 1);
    EXPECT_EQ(days[1].requests, 3);
    EXPECT_EQ(days[1].usage.total_tokens(), 130);
    EXPECT_EQ(days[1].usage.cost, 0.75);
    const auto models = sums(core::UsageGroup::model);
    ASSERT_EQ(models.size(), 2u);
    EXPECT_EQ(models[0].provider + ":" + models[0].model, "main:m");
    EXPECT_EQ(models[0].turns, 2);
    EXPECT_EQ(models[0].requests, 5);
    const auto users = sums(core::UsageGroup::user);
    ASSERT_EQ(users.size(), 1u);
    EXPECT_EQ(users[0].user, "local");
    EXPECT_EQ(users[0].turns, 3);
}

TEST_F(UsageRows, AreOfOneOwnerAndOfTheDaysAskedFor) {
    end({.owner = "you"});
    end({.day = 20});
    EXPECT_EQ(sums(core::UsageGroup::user).size(), 1u);
    EXPECT_THAT(sums(core::UsageGroup::day, 0, 20), IsEmpty());
    EXPECT_EQ(sums(core::UsageGroup::day, 20, 21).size(), 1u);
    EXPECT_THAT(sums(core::UsageGroup::day, 21, 100), IsEmpty());
}

}  // namespace
}  // namespace assistd::store
