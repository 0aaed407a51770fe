// The cost of an operation on one conversation does not grow with its messages, nor with others'. Not
// measured by the clock: the plans of the statements and the number of SQLite's own steps are looked at.

#include <sqlite3.h>

#include "store/artifact_rows.h"
#include "store/conversations.h"
#include "store/jobs.h"
#include "store/messages.h"
#include "store/projects.h"
#include "store/turns.h"
#include "store/usage.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

class Plans : public StoreTest {
  protected:
    void add_messages(const core::Conversation& conversation, int count) {
        const core::Turn turn = begun_turn(conversation);
        std::optional<core::Write> last;
        for (int i = 0; i < count; ++i)
            last = store().append_message(
                a_message(turn, core::Role::assistant, "some words " + std::to_string(i)));
        commit(*last);
    }

    // Every statement that the connection has prepared so far, with its plan.
    static std::map<std::string, std::string> plans(Database& db) {
        std::vector<std::string> statements;
        for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(db.handle(), each)) != nullptr;)
            statements.emplace_back(sqlite3_sql(each));
        std::map<std::string, std::string> plans;
        for (const std::string& sql : statements) {
            const std::string explain = "EXPLAIN QUERY PLAN " + sql;
            Rows rows = db.query(explain.c_str());
            std::string& plan = plans[sql];
            while (rows.next()) plan += rows.text(3) + "\n";
        }
        return plans;
    }
    static void expect_indexed(Database& db) {
        const auto found = plans(db);
        EXPECT_FALSE(found.empty());
        for (const auto& [sql, plan] : found) {
            EXPECT_THAT(plan, testing::Not(testing::HasSubstr("SCAN"))) << sql;
            EXPECT_THAT(plan, testing::Not(testing::HasSubstr("TEMP B-TREE FOR ORDER"))) << sql;
        }
    }

    // SQLite's steps for everything that `work` asks of a fresh connection.
    template <class Work>
    std::int64_t steps_of(Work work) {
        Database db(database(), Database::Mode::read_only);
        work(db);
        std::int64_t steps = 0;
        for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(db.handle(), each)) != nullptr;)
            steps += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 0);
        return steps;
    }
};

TEST_F(Plans, ReadsOfOneConversationUseIndexes) {
    const core::Conversation conversation = stored_conversation();
    add_messages(conversation, 5);
    Database db(database(), Database::Mode::read_only);
    read_conversation(db, "local", conversation.id);
    read_messages(db, conversation.id, "", 20);
    read_messages_before(db, conversation.id, 5, 20);
    read_tool_calls(db, TurnId::make());
    EXPECT_THROW(read_turn(db, "local", TurnId::make()), Error);
    EXPECT_THROW(read_job(db, "local", JobId::make()), Error);
    EXPECT_THROW(read_artifact(db, "local", ArtifactId::make().text()), Error);
    read_artifacts(db, {.owner = "local", .conversation = conversation.id});
    // Sorted by what the index does not know, but few: the messages or calls of one turn.
    const auto found = plans(db);
    for (const auto& [sql, plan] : found) EXPECT_THAT(plan, testing::Not(testing::HasSubstr("SCAN"))) << sql;
}

TEST_F(Plans, ListsAreReadInTheOrderOfAnIndex) {
    Database db(database(), Database::Mode::read_only);
    read_conversations(db, {.owner = "local"});
    read_jobs(db, {.owner = "local"});
    read_artifacts(db, {.owner = "local"});
    read_artifacts(db, {.owner = "local", .kind = "plot"});
    read_artifacts(db, {.owner = "local", .conversation = ConversationId::make()});
    read_projects(db, {.owner = "local"});
    read_usage(db, {"local", at(0), at(1), core::UsageGroup::day});
    read_messages(db, ConversationId::make(), "", 20);
    read_messages_before(db, ConversationId::make(), 5, 20);
    expect_indexed(db);
}

TEST_F(Plans, TenThousandMessagesCostNoMoreThanAFew) {
    const core::Conversation small = stored_conversation();
    add_messages(small, 100);
    const core::Conversation large = stored_conversation();
    for (int i = 0; i < 5; ++i) add_messages(large, 2'000);
    ASSERT_EQ(run(store().conversation("local", large.id)).message_count, 10'005);

    const auto newest = std::numeric_limits<std::int64_t>::max();
    const auto before = [&](const core::Conversation& conversation) {
        return steps_of([&](Database& db) {
            EXPECT_EQ(read_messages_before(db, conversation.id, newest, 20).size(), 20u);
        });
    };
    const auto page = [&](const core::Conversation& conversation) {
        return steps_of(
            [&](Database& db) { EXPECT_EQ(read_messages(db, conversation.id, "", 20).items.size(), 20u); });
    };
    const auto head = [&](const core::Conversation& conversation) {
        return steps_of([&](Database& db) { read_conversation(db, "local", conversation.id); });
    };
    EXPECT_EQ(before(large), before(small));
    EXPECT_EQ(page(large), page(small));
    EXPECT_EQ(head(large), head(small));
}

// Appends go through every index, so theirs is the plan that matters most.
TEST_F(Plans, AppendsAndEndsUseIndexes) {
    const core::Conversation conversation = stored_conversation();
    storage_.reset();
    Database db(database(), Database::Mode::read_write);
    SearchChanges search;
    WriteScope scope{db, search};
    core::Turn turn = a_turn(conversation);
    turn.idempotency_key = "key";
    db.run("BEGIN IMMEDIATE");
    begin_turn(scope, turn, draft_of(a_message(turn, core::Role::user, "words")));
    begin_turn(scope, turn, draft_of(a_message(turn, core::Role::user, "words")));
    append_message(scope, draft_of(a_reply_with_calls(turn, {"c"})));
    mark_call_started(scope, turn.id, "c", now());
    append_message(scope, draft_of(a_result(turn, "c")));
    end_turn(scope, turn, draft_of(a_message(turn, core::Role::assistant, "answer")));
    set_first_title(scope, conversation.id, "title");
    set_model_title(scope, conversation.id, "better title");
    const ProjectId project = ProjectId::make();
    add_project(scope, {.id = project, .owner = "local", .name = "p"});
    change_project(scope, "local", project, {.name = "q"}, now());
    remove_project(scope, "local", project, true);
    expect_indexed(db);
    db.run("ROLLBACK");
}

}  // namespace
}  // namespace assistd::store
