#include "store/open.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Open : public testing::Test {
  protected:
    fs::path state() const { return folder_.path() / "state"; }
    fs::path database() const { return state() / "assistd.db"; }
    fs::path log() const { return state() / "assistd.db-wal"; }

    // The sentence that opening is refused with; the state folder's files must be as they were before.
    std::string refusal() {
        const std::string before = all_files();
        std::string sentence = "It was opened.";
        try {
            open_store({.folder = state()});
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unavailable);
            sentence = error.what();
        }
        EXPECT_EQ(all_files() == before, true) << "a refused database was changed";
        return sentence;
    }

    // Some conversations with messages; closed, or left by a process that was killed.
    void make(bool closed) {
        const pid_t child = ::fork();
        if (child == 0) {
            auto storage = open_store({.folder = state()});
            fill(storage->store());
            if (closed) storage.reset();
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_EQ(status, 0);
        ASSERT_EQ(fs::exists(log()), !closed);
    }

    void overwrite(const fs::path& file, std::size_t offset, std::size_t size) {
        std::string content = read_file(file);
        ASSERT_GE(content.size(), offset + size);
        std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(offset), size, '\x5a');
        write_file(file, content);
    }

    test::TempFolder folder_;

  private:
    static void fill(core::Store& store) {
        for (int i = 0; i < 50; ++i) {
            const core::Conversation conversation = a_conversation();
            store.add_conversation(conversation);
            const core::Turn turn = a_turn(conversation);
            run(store.begin_turn(turn, a_message(turn, core::Role::user, std::string(500, 'x'))));
        }
    }
    // Names and contents, but for the shared memory of running connections.
    std::string all_files() {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::directory_iterator(state()))
            if (entry.is_regular_file() && entry.path().extension() != ".db-shm")
                files[entry.path().filename()] = read_file(entry.path());
        std::string all;
        for (const auto& [name, content] : files) {
            if (name.ends_with("-wal") && content.empty()) continue;
            all += name + "=" + content + ";";
        }
        return all;
    }
};

TEST_F(Open, MakesAPrivateFolder) {
    open_store({.folder = folder_.path() / "deep" / "state"});
    struct stat info {};
    ASSERT_EQ(::stat((folder_.path() / "deep" / "state").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    ASSERT_EQ(::stat((folder_.path() / "deep" / "state" / "assistd.db").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Open, ACleanlyClosedDatabaseHasNoLog) {
    make(true);
    EXPECT_FALSE(fs::exists(log()));
    EXPECT_NO_THROW(open_store({.folder = state()}));
}

TEST_F(Open, TwoProcessesMayUseOneDatabase) {
    const auto one = open_store({.folder = state()});
    const auto two = open_store({.folder = state()});
    const core::Conversation conversation = a_conversation();
    run(one->store().add_conversation(conversation).committed());
    std::vector<core::Write> writes;
    for (int i = 0; i < 100; ++i) {
        for (const auto* storage : {&one, &two}) {
            core::Message message = a_message({}, core::Role::system, "note");
            message.conversation = conversation.id;
            writes.push_back((*storage)->store().append_message(message));
        }
    }
    for (const auto& write : writes) run(write.committed());
    const auto page = run(two->store().messages(conversation.id, "", 300));
    ASSERT_EQ(page.items.size(), 200u);
    for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(page.items[i].sequence, static_cast<std::int64_t>(i + 1));
}

TEST_F(Open, AFolderThatIsAFileIsRefused) {
    write_file(state(), "a file");
    try {
        open_store({.folder = state()});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(state().string() + ": it is not a folder"));
        EXPECT_THAT(error.what(), HasSubstr("--state"));
    }
    EXPECT_THROW(open_store({.folder = state() / "below"}), Error);
    EXPECT_EQ(read_file(state()), "a file");
}

// Runs in a child without root's rights: 0 when opening was refused with the sentence that names the cause.
int try_as_nobody(const fs::path& folder) {
    const pid_t child = ::fork();
    if (child == 0) {
        constexpr uid_t nobody = 65'534;
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(3);
        try {
            open_store({.folder = folder});
        } catch (const Error& error) {
            const std::string_view sentence = error.what();
            ::_exit(sentence.find("Give the daemon's user the right to write") != sentence.npos ? 0 : 2);
        }
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

TEST_F(Open, AFolderThatCannotBeWrittenIsRefused) {
    fs::create_directory(state());
    ::chmod(folder_.path().c_str(), 0755);
    ::chmod(state().c_str(), 0555);
    EXPECT_EQ(try_as_nobody(state()), 0);
    EXPECT_EQ(try_as_nobody(state() / "below"), 0);
    EXPECT_TRUE(fs::is_empty(state()));
    ::chmod(state().c_str(), 0755);
}

TEST_F(Open, ADatabaseThatCannotBeWrittenIsRefused) {
    make(true);
    ::chmod(folder_.path().c_str(), 0755);
    ::chmod(state().c_str(), 0777);
    ::chmod(database().c_str(), 0444);
    EXPECT_EQ(try_as_nobody(state()), 0);
}

TEST_F(Open, ADamagedDatabaseIsRefusedAndLeftAlone) {
    make(true);
    const std::string good = read_file(database());
    const std::string half = good.substr(0, good.size() / 2);
    std::string garbage_at_front = good;
    garbage_at_front.replace(0, 200, std::string(200, '\x5a'));
    std::string garbage_in_header = good;
    garbage_in_header.replace(100, 12, std::string(12, '\x5a'));
    for (const std::string& bad :
         {half, garbage_at_front, garbage_in_header, good.substr(0, 50), std::string(),
          good.substr(0, good.size() - 4'096), std::string("not a database"), std::string(8'192, '\0')}) {
        write_file(database(), bad);
        const std::string sentence = refusal();
        EXPECT_THAT(sentence, HasSubstr("is damaged"));
        EXPECT_THAT(sentence, HasSubstr(".recover"));
    }
    write_file(database(), good);
    EXPECT_NO_THROW(open_store({.folder = state()}));
}

// Garbage in pages that hold nothing harms nothing.
std::int64_t unused_pages(const fs::path& file) {
    Database db(file, Database::Mode::read_only);
    Rows rows = db.query("PRAGMA freelist_count");
    rows.next();
    return rows.integer(0);
}

TEST_F(Open, GarbageInAnyPartOfADatabaseIsNoticed) {
    make(true);
    const std::string good = read_file(database());
    const std::int64_t unused = unused_pages(database());
    ASSERT_LE(unused, 3);
    int missed = 0;
    for (std::size_t page = 1; page * 4'096 < good.size(); ++page) {
        overwrite(database(), page * 4'096, 4'096);
        if (refusal().find("is damaged") == std::string::npos) ++missed;
        write_file(database(), good);
    }
    EXPECT_LE(missed, unused);
}

TEST_F(Open, DamageAfterAKillIsNoticed) {
    make(false);
    const std::string good = read_file(database());
    const std::string good_log = read_file(log());
    write_file(database(), good.substr(0, good.size() / 2));
    write_file(log(), good_log.substr(0, 32));
    EXPECT_THAT(refusal(), HasSubstr("is damaged"));
    write_file(database(), good);
    overwrite(log(), 0, 32);
    EXPECT_THAT(refusal(), HasSubstr("is damaged"));
    write_file(log(), good_log);
    EXPECT_NO_THROW(open_store({.folder = state()}));
}

TEST_F(Open, ALogWithoutItsDatabaseIsRefused) {
    make(false);
    fs::remove(database());
    EXPECT_THAT(refusal(), HasSubstr("only its -wal file is there"));
}

TEST_F(Open, ArtifactsWithoutTheirDatabaseAreRefused) {
    make(true);
    fs::create_directories(database().parent_path() / "artifacts" / "ab");
    write_file(database().parent_path() / "artifacts" / "ab" / "file", "kept");
    fs::remove(database());
    EXPECT_THAT(refusal(), HasSubstr("is missing, but"));
    EXPECT_FALSE(fs::exists(database()));
}

TEST_F(Open, ANewerDatabaseIsRefused) {
    make(true);
    {
        Database db(database(), Database::Mode::read_write);
        db.script("PRAGMA user_version = 999");
    }
    EXPECT_THAT(refusal(), HasSubstr("newer assistd (schema 999"));
}

TEST_F(Open, AnotherProgramsDatabaseIsRefused) {
    fs::create_directory(state());
    {
        Database db(database(), Database::Mode::create);
        db.script("CREATE TABLE theirs (x)");
    }
    EXPECT_THAT(refusal(), HasSubstr("not one of assistd's"));
}

}  // namespace
}  // namespace assistd::store
