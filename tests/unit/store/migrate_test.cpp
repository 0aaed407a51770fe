#include "sqlite/migrate.h"

#include "store/migrations.h"
#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using namespace sqlite;

constexpr Migration first{1, "0001_first", "CREATE TABLE things (name TEXT) STRICT"};
constexpr Migration second{2, "0002_second",
                           "ALTER TABLE things ADD COLUMN size INTEGER; UPDATE things SET size = 1"};
constexpr Migration broken{2, "0002_broken", "UPDATE things SET name = 'changed'; SELECT * FROM nowhere"};

class Migrate : public testing::Test {
  protected:
    Migrate() { file_ = folder_.path() / "test.db"; }
    std::string names(const std::filesystem::path& file) {
        Database db(file, Database::Mode::read_only);
        Rows rows = db.query("SELECT group_concat(name) FROM things");
        rows.next();
        return rows.text(0);
    }

    TemporaryFolder folder_;
    std::filesystem::path file_;
};

TEST_F(Migrate, TheBuiltInStepsAreNumberedAndApply) {
    int expected = 1;
    for (const Migration& migration : all_migrations()) EXPECT_EQ(migration.version, expected++);
    Database db(file_, Database::Mode::create);
    migrate(db, file_, all_migrations());
    EXPECT_EQ(schema_version(db), all_migrations().back().version);
    // Every table of our own is strict; the index's tables are SQLite's.
    Rows lax = db.query(
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 "
        "AND name NOT LIKE 'sqlite_%'");
    ASSERT_TRUE(lax.next());
    EXPECT_EQ(lax.integer(0), 0);
    EXPECT_FALSE(std::filesystem::exists(file_.string() + ".version-0"));
}

TEST_F(Migrate, AnOlderDatabaseIsCopiedAndUpgraded) {
    const Migration both[] = {first, second};
    {
        Database db(file_, Database::Mode::create);
        migrate(db, file_, std::span(both).first(1));
        db.script("PRAGMA journal_mode = WAL; INSERT INTO things VALUES ('kept')");
        migrate(db, file_, both);
        EXPECT_EQ(schema_version(db), 2);
        Rows rows = db.query("SELECT name, size FROM things");
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(rows.text(0), "kept");
        EXPECT_EQ(rows.integer(1), 1);
    }
    const std::filesystem::path copy = file_.string() + ".version-1";
    EXPECT_EQ(names(copy), "kept");
    Database old(copy, Database::Mode::read_only);
    EXPECT_EQ(schema_version(old), 1);
}

TEST_F(Migrate, AtTheNewestVersionNothingHappens) {
    const Migration one[] = {first};
    Database db(file_, Database::Mode::create);
    migrate(db, file_, one);
    migrate(db, file_, one);
    EXPECT_FALSE(std::filesystem::exists(file_.string() + ".version-1"));
}

TEST_F(Migrate, AFailedStepLeavesEverythingAsItWas) {
    const Migration steps[] = {first, broken};
    Database db(file_, Database::Mode::create);
    migrate(db, file_, std::span(steps).first(1));
    db.script("INSERT INTO things VALUES ('kept')");
    EXPECT_THROW(migrate(db, file_, steps), Error);
    EXPECT_EQ(schema_version(db), 1);
    EXPECT_EQ(names(file_), "kept");
}

TEST_F(Migrate, ANewerDatabaseIsRefusedWithWhatToDo) {
    const Migration both[] = {first, second};
    Database db(file_, Database::Mode::create);
    migrate(db, file_, both);
    const std::string before = read_file(file_);
    try {
        migrate(db, file_, std::span(both).first(1));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unavailable);
        EXPECT_THAT(error.what(), testing::HasSubstr("newer assistd"));
        EXPECT_THAT(error.what(), testing::HasSubstr("Start the newer assistd again"));
    }
    EXPECT_EQ(read_file(file_), before);
}

TEST_F(Migrate, TheCommandOfTheRefusalPutsTheCopyBack) {
    const Migration both[] = {first, second};
    {
        Database db(file_, Database::Mode::create);
        migrate(db, file_, std::span(both).first(1));
        db.script("PRAGMA journal_mode = WAL; INSERT INTO things VALUES ('kept')");
    }
    {
        Database db(file_, Database::Mode::read_write);
        migrate(db, file_, both);
        db.script("INSERT INTO things VALUES ('later', 2)");
    }
    std::string command;
    {
        Database db(file_, Database::Mode::read_write);
        try {
            migrate(db, file_, std::span(both).first(1));
            FAIL();
        } catch (const Error& error) {
            const std::string said = error.what();
            const std::size_t begin = said.find("rm -f ");
            ASSERT_NE(begin, std::string::npos) << said;
            command = said.substr(begin, said.rfind('.') - begin);
        }
    }
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    Database db(file_, Database::Mode::read_write);
    migrate(db, file_, std::span(both).first(1));
    EXPECT_EQ(names(file_), "kept");
    EXPECT_EQ(names(file_.string() + ".newer"), "kept,later");
}

TEST_F(Migrate, WithoutACopyABackupIsTheWayBack) {
    const Migration both[] = {first, second};
    Database db(file_, Database::Mode::create);
    migrate(db, file_, both);
    try {
        migrate(db, file_, std::span(both).first(1));
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("assistctl restore FILE --state FOLDER"));
    }
}

TEST_F(Migrate, TheCopyIsItsOwnersAlone) {
    const Migration both[] = {first, second};
    Database db(file_, Database::Mode::create);
    migrate(db, file_, std::span(both).first(1));
    // What an upgrade that was killed has left.
    write_file(file_.string() + ".version-1.unfinished", "half");
    migrate(db, file_, both);
    const auto permissions = std::filesystem::status(file_.string() + ".version-1").permissions();
    EXPECT_EQ(permissions & std::filesystem::perms(0777), std::filesystem::perms(0600));
    EXPECT_EQ(names(file_.string() + ".version-1"), "");
    Rows rows = db.query("PRAGMA auto_vacuum");  // its space can be given back from now on
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.integer(0), 2);
}

TEST_F(Migrate, TurnsOfBeforeKnowTheMessageThatTheyAnswer) {
    Database db(file_, Database::Mode::create);
    migrate(db, file_, all_migrations().first(2));
    db.script(R"(
        INSERT INTO conversations VALUES (1, zeroblob(16), 'o', '', '', '', '', '', '{}', 0, 1, 1, 2, 2, '');
        INSERT INTO turns (id, conversation, owner, state, project_id, request_hash, created_at, finished_at,
                           error_code, error_message, prompt_tokens, completion_tokens, cached_tokens, cost,
                           rounds, event_id)
            VALUES (x'01010101010101010101010101010101', zeroblob(16), 'o', 'completed', '', '', 1, 1, '', '',
                    0, 0, 0, 0, 1, 5);
        INSERT INTO messages VALUES
            (1, x'02020202020202020202020202020202', zeroblob(16), x'01010101010101010101010101010101', 1, 'user',
             '[]', 1, '', '', 0, 0, 0, 0, 0, ''),
            (2, x'03030303030303030303030303030303', zeroblob(16), x'01010101010101010101010101010101', 2,
             'assistant', '[]', 1, '', '', 0, 0, 0, 0, 0, ''))");
    migrate(db, file_, all_migrations());
    Rows rows = db.query("SELECT hex(user_message), (SELECT sum(hidden) FROM messages) FROM turns");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "02020202020202020202020202020202");
    EXPECT_EQ(rows.integer(1), 0);
}

}  // namespace
}  // namespace assistd::store
