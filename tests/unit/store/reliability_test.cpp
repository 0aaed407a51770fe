#include "core/reliability.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using namespace std::chrono_literals;

class ReliabilityTest : public StoreTest {
  protected:
    struct Call {
        std::string outcome = "success";
        std::chrono::microseconds duration{1'000};
        std::int64_t at = 10;
        std::string tool = "grow";
        core::Owner owner = "local";
        std::string plugin = "org.example";
    };
    void add(const Call& call) {
        core::AuditEntry entry;
        entry.at = at(call.at);
        entry.owner = call.owner;
        entry.tool = call.tool;
        entry.plugin = call.plugin;
        entry.outcome = call.outcome;
        entry.duration = call.duration;
        commit(storage_->audit().add(entry));
    }
    void end_turn(core::TurnState state, std::chrono::microseconds duration, const std::string& provider) {
        const core::Conversation conversation = stored_conversation("local");
        core::Turn turn = a_turn(conversation);
        turn.provider = provider;
        turn.model = "m";
        turn.created_at = at(100);
        run(store().begin_turn(turn, a_message(turn, core::Role::user, "go")));
        turn.state = state;
        turn.finished_at = turn.created_at + duration;
        commit(store().end_turn(turn, std::nullopt));
    }
    std::vector<core::ReliabilityRow> tools(std::int64_t from = 0, std::int64_t to = 1'000) {
        return run(storage_->reliability().of_tools({"local", at(from), at(to)}));
    }
};

TEST_F(ReliabilityTest, CountsHowCallsEnded) {
    for (const char* outcome :
         {"success", "success", "success", "TimeoutError", "PluginCrashedError", "ValidationError",
          "PermissionError", "QuotaExceededError", "CancelledError", "job"})
        add({.outcome = outcome});
    const auto rows = tools();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].name, "grow");
    EXPECT_EQ(rows[0].succeeded, 3);
    EXPECT_EQ(rows[0].failed, 2);
    EXPECT_EQ(rows[0].refused, 3);
    EXPECT_EQ(rows[0].cancelled, 1);
    EXPECT_EQ(rows[0].calls(), 9) << "one that went on as a job counts when it ends";
    EXPECT_DOUBLE_EQ(rows[0].success_rate().value(), 0.6);
}

TEST_F(ReliabilityTest, TellsTheMedianAndTheSlowOnes) {
    for (int i = 20; i >= 1; --i) add({.duration = std::chrono::milliseconds(i)});
    add({.outcome = "ValidationError", .duration = 1us});
    add({.outcome = "CancelledError", .duration = 1h});
    const auto rows = tools();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].median, 10ms);
    EXPECT_EQ(rows[0].slow, 19ms);
}

TEST_F(ReliabilityTest, OfThoseThatNeverRanNothingIsKnown) {
    add({.outcome = "ValidationError"});
    const auto rows = tools();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_FALSE(rows[0].success_rate());
    EXPECT_FALSE(rows[0].median);
    EXPECT_FALSE(rows[0].slow);
}

TEST_F(ReliabilityTest, IsOnesOwnAndOfItsTimeInTheOrderOfNames) {
    add({.at = 10, .tool = "b"});
    add({.at = 20, .tool = "a"});
    add({.at = 30, .tool = "late"});
    add({.at = 20, .tool = "yours", .owner = "you"});
    add({.outcome = "ToolNotFoundError", .at = 20, .tool = "made up", .plugin = ""});
    const auto rows = tools(10, 30);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].name, "a");
    EXPECT_EQ(rows[1].name, "b");
}

TEST_F(ReliabilityTest, OfProvidersItIsTheirTurns) {
    for (const auto duration : {1s, 2s, 3s}) end_turn(core::TurnState::completed, duration, "main");
    end_turn(core::TurnState::failed, 1ms, "main");
    end_turn(core::TurnState::cancelled, 1ms, "main");
    end_turn(core::TurnState::failed, 1ms, "other");
    const auto rows = run(storage_->reliability().of_providers({"local", at(0), at(1'000)}));
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].name, "main");
    EXPECT_EQ(rows[0].succeeded, 3);
    EXPECT_EQ(rows[0].failed, 1);
    EXPECT_EQ(rows[0].cancelled, 1);
    EXPECT_EQ(rows[0].median, 2s);
    EXPECT_EQ(rows[0].slow, 3s);
    EXPECT_EQ(rows[1].name, "other");
    EXPECT_DOUBLE_EQ(rows[1].success_rate().value(), 0);
    EXPECT_FALSE(rows[1].median);
}

TEST_F(ReliabilityTest, TheStoreCanBeTriedAndSaysHowItIs) {
    for (int i = 0; i < 3; ++i) run(storage_->try_to_write());
    const StoreState state = storage_->state();
    EXPECT_EQ(state.waiting_writes, 0u);
    EXPECT_GT(state.free_bytes, 0u);
    EXPECT_GT(state.database_bytes, 4'096u);
}

}  // namespace
}  // namespace assistd::store
