#include "sqlite/migrate.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

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

    // A database that was upgraded from the first step to all of them.
    void upgraded(const std::string& name, std::span<const Migration> steps) {
        Database db(file_, Database::Mode::create);
        migrate(db, file_, steps.first(1));
        db.script("PRAGMA journal_mode = WAL; INSERT INTO things VALUES ('" + name + "')");
        migrate(db, file_, steps);
    }
    std::string refusal(std::span<const Migration> steps) {
        Database db(file_, Database::Mode::read_write);
        sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);  // as open.cpp does
        try {
            migrate(db, file_, steps);
        } catch (const Error& error) {
            return error.what();
        }
        ADD_FAILURE() << "it was not refused";
        return {};
    }
    static std::string command_in(const std::string& said) {
        const std::size_t begin = said.find("( for part");
        EXPECT_NE(begin, std::string::npos) << said;
        return begin == std::string::npos ? said : said.substr(begin, said.rfind('.') - begin);
    }

    test::TempFolder folder_;
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

TEST_F(Migrate, TheCommandOfTheRefusalPutsTheCopyBackAndLosesNothing) {
    const Migration both[] = {first, second};
    upgraded("kept", both);
    {
        // As one leaves it that was killed: what it wrote last is in the log alone.
        Database db(file_, Database::Mode::read_write);
        sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        db.script("PRAGMA journal_mode = WAL; INSERT INTO things VALUES ('later', 2)");
    }
    ASSERT_GT(std::filesystem::file_size(file_.string() + "-wal"), 0u);
    write_file(file_.string() + ".newer", "of another time");
    const std::string command = command_in(refusal(std::span(both).first(1)));
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    EXPECT_EQ(names(file_.string() + ".newer-2"), "kept,later");
    EXPECT_EQ(read_file(file_.string() + ".newer"), "of another time");
    Database db(file_, Database::Mode::read_write);
    migrate(db, file_, std::span(both).first(1));
    EXPECT_EQ(names(file_), "kept");
}

TEST_F(Migrate, TheCopyThatIsProposedIsTheNewestThatCanBeRead) {
    const Migration both[] = {first, second};
    upgraded("kept", both);
    const std::filesystem::path copy = file_.string() + ".version-1";
    const auto set_time = [](const std::filesystem::path& path, std::int64_t seconds) {
        const timespec times[] = {{seconds, 0}, {seconds, 0}};
        ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    };
    const auto copied_as = [&](int version) {
        const std::filesystem::path other = file_.string() + ".version-" + std::to_string(version);
        std::filesystem::copy_file(copy, other);
        return other;
    };
    const Migration many[] = {first, second, {3, "0003_third", ""}, {4, "0004_fourth", ""}};
    {
        Database db(file_, Database::Mode::read_write);
        db.script("PRAGMA user_version = 5");
    }
    set_time(copy, 1'700'000'000);
    set_time(copied_as(2), 1'600'000'000);  // somebody has gone back since
    write_file(file_.string() + ".version-3", "");
    {
        const auto foreign = copied_as(4);
        Database db(foreign, Database::Mode::read_write);
        db.script("PRAGMA journal_mode = DELETE; PRAGMA application_id = 7");
    }
    const std::string said = refusal(many);
    EXPECT_THAT(said, testing::HasSubstr("made at 2023-11-14T22:13:20"));
    EXPECT_THAT(command_in(said), testing::HasSubstr(copy.string() + "'"));
    set_time(file_.string() + ".version-2", 1'800'000'000);
    EXPECT_THAT(command_in(refusal(many)), testing::HasSubstr(".version-2'"));
}

TEST_F(Migrate, ItSaysWhatIsNewerThanTheCopy) {
    {
        Database db(file_, Database::Mode::create);
        db.script("PRAGMA application_id = 1634956148");
        migrate(db, file_, all_migrations());
        db.script(
            "INSERT INTO conversations (id, owner, project_id, title, provider, model, assistant_id, "
            "metadata, "
            "archived, created_at, updated_at) VALUES (x'00000000000000000000000000000001', 'o', '', 'Old', "
            "'', '', "
            "'', '{}', 0, 10, 20)");
    }
    std::filesystem::copy_file(file_, file_.string() + ".version-1");
    {
        Database db(file_, Database::Mode::read_write);
        db.script(
            "INSERT INTO conversations (id, owner, project_id, title, provider, model, assistant_id, "
            "metadata, "
            "archived, created_at, updated_at) VALUES (x'00000000000000000000000000000002', 'o', '', 'New', "
            "'', '', "
            "'', '{}', 0, 9000000000000000, 9000000000000000); PRAGMA user_version = 9000");
    }
    EXPECT_THAT(refusal(all_migrations()), testing::HasSubstr("1 conversations and 0 messages are new"));
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
