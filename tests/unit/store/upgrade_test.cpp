// A database of an older daemon, upgraded: nothing that users named or spent is lost.

#include "sqlite/migrate.h"
#include "store/migrations.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using namespace sqlite;

class Upgrade : public StoreTest {
  protected:
    // The state folder with a database of version 2, filled by a script.
    void begin_with(const std::string& script) {
        storage_.reset();
        std::filesystem::remove_all(folder_.path() / "state");
        std::filesystem::create_directory(folder_.path() / "state");
        Database db(database(), Database::Mode::create);
        migrate(db, database(), all_migrations().first(2));
        db.script("PRAGMA application_id = 1634956148");
        db.script(script);
    }
    std::int64_t number(const char* query) {
        Database db(database(), Database::Mode::read_only);
        Rows rows = db.query(query);
        rows.next();
        return rows.integer(0);
    }
};

constexpr const char* older = R"sql(
INSERT INTO conversations (id, owner, project_id, title, provider, model, assistant_id, metadata, archived,
                           created_at, updated_at)
    VALUES (x'00000000000000000000000000000001', 'local', 'Soot', 'Kept', '', '', '', '{}', 0, 10, 20),
           (x'00000000000000000000000000000002', 'local', 'soot', '', '', '', '', '{}', 0, 11, 21),
           (x'00000000000000000000000000000003', 'you', 'Soot', '', '', '', '', '{}', 0, 12, 22),
           (x'00000000000000000000000000000004', 'local', '', '', '', '', '', '{}', 0, 13, 23);
INSERT INTO turns (id, conversation, owner, state, project_id, request_hash, created_at, finished_at, error_code,
                   error_message, prompt_tokens, completion_tokens, cached_tokens, cost, rounds, event_id)
    VALUES (x'00000000000000000000000000000005', x'00000000000000000000000000000001', 'local', 'completed', 'only a turn',
            '', 10, 86400000010, '', '', 100, 20, 30, 0.5, 2, 9),
           (x'00000000000000000000000000000006', x'00000000000000000000000000000001', 'local', 'running', '', '', 10, 0,
            '', '', 7, 7, 7, 7, 7, 9);
INSERT INTO tool_calls (turn, call_id, sequence, position, name, arguments)
    VALUES (x'00000000000000000000000000000005', 'c', 1, 0, 'run', '{}');
)sql";

TEST_F(Upgrade, TextsThatNamedAProjectBecomeProjects) {
    begin_with(older);
    open();
    const auto mine = run(projects().list({.owner = "local"})).items;
    ASSERT_EQ(mine.size(), 2u);
    const auto soot = run(projects().list({.owner = "local", .name = "soot"})).items.at(0);
    EXPECT_EQ(soot.name, "Soot");
    EXPECT_EQ(soot.numbers.conversations, 2);
    EXPECT_EQ(run(projects().list({.owner = "local", .search = "soot"})).items.size(), 1u);
    const auto yours = run(projects().list({.owner = "you"})).items;
    ASSERT_EQ(yours.size(), 1u);
    EXPECT_EQ(yours[0].numbers.conversations, 1);
    EXPECT_EQ(number("SELECT count(*) FROM conversations WHERE project_id = ''"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM turns WHERE project_id LIKE 'proj\\_%' ESCAPE '\\'"), 1);
}

TEST_F(Upgrade, WhatEndedTurnsSpentIsInTheBook) {
    begin_with(older);
    open();
    const auto days = run(usage().sums({"local", at(0), at(1'000'000), core::UsageGroup::day}));
    ASSERT_EQ(days.size(), 1u);
    EXPECT_EQ(days[0].day, "1970-01-02");
    EXPECT_EQ(days[0].turns, 1);
    EXPECT_EQ(days[0].tool_calls, 1);
    EXPECT_EQ(days[0].requests, 2);
    EXPECT_EQ(days[0].usage.total_tokens(), 120);
    EXPECT_EQ(days[0].usage.cost, 0.5);
}

TEST_F(Upgrade, TitlesOfBeforeAreLeftAlone) {
    begin_with(older);
    open();
    const ConversationId titled = *ConversationId::parse("conv_00000000000000000000000000000001");
    commit(store().set_model_title(titled, "A model's"));
    EXPECT_EQ(run(store().conversation("local", titled)).title, "Kept");
}

}  // namespace
}  // namespace assistd::store
