#include "store/writer.h"

#include <sqlite3.h>

#include <future>

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

class WriterTest : public testing::Test {
  protected:
    WriterTest() {
        Database db(file(), Database::Mode::create);
        db.script(
            "PRAGMA journal_mode = WAL; CREATE TABLE parent (id INTEGER PRIMARY KEY);"
            "CREATE TABLE child (id INTEGER PRIMARY KEY, "
            "parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);"
            "CREATE VIRTUAL TABLE message_search USING fts5 (text, content = '', columnsize = 0)");
    }
    std::filesystem::path file() const { return folder_.path() / "test.db"; }

    std::unique_ptr<Writer> a_writer(Writer::Options options) {
        Database db(file(), Database::Mode::read_write);
        const auto count = [](void* commits) { return ++*static_cast<int*>(commits), 0; };
        sqlite3_commit_hook(db.handle(), count, &commits_);
        return std::make_unique<Writer>(std::move(db), recent_, options);
    }

    // Keeps the writer inside a write until release() is called, so that what follows forms one batch.
    OneShot<> hold(Writer& writer) {
        auto wait = [gate = gate_.get_future().share(), entered = &entered_](WriteScope&) {
            entered->set_value();
            gate.wait();
        };
        const OneShot<> held = writer.submit(wait);
        entered_.get_future().wait();
        return held;
    }
    void release() { gate_.set_value(); }

    static OneShot<> insert(Writer& writer, std::int64_t id) {
        return writer.submit([id](WriteScope& scope) { scope.db.run("INSERT INTO parent VALUES (?1)", id); });
    }
    static OneShot<> insert_patiently(Writer& writer, std::int64_t id) {
        return writer.submit_patiently(
            [id](WriteScope& scope) { scope.db.run("INSERT INTO parent VALUES (?1)", id); });
    }
    std::int64_t count(const char* query) {
        Database db(file(), Database::Mode::read_only);
        Rows rows = db.query(query);
        rows.next();
        return rows.integer(0);
    }

    test::TempFolder folder_;
    RecentConversations recent_;
    std::promise<void> gate_;
    std::promise<void> entered_;
    int commits_ = 0;  // written by the writer's thread, read after it has ended
};

TEST_F(WriterTest, WhatQueuesDuringACommitIsCommittedAtOnce) {
    auto writer = a_writer({});
    hold(*writer);
    std::vector<OneShot<>> writes;
    for (int i = 0; i < 100; ++i) writes.push_back(insert(*writer, i));
    release();
    for (const auto& write : writes) run(write.wait());
    writer.reset();
    EXPECT_EQ(commits_, 2);  // of the held write, and of all the others
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 100);
}

TEST_F(WriterTest, APatientWriteIsCommittedWithTheNextOne) {
    auto writer = a_writer({.patience = std::chrono::hours(1)});
    const auto patient = insert_patiently(*writer, 1);
    const auto other = insert_patiently(*writer, 2);
    run(insert(*writer, 3).wait());
    run(patient.wait());
    run(other.wait());
    writer.reset();
    EXPECT_EQ(commits_, 1);
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 3);
}

TEST_F(WriterTest, PatientWritesGatherAndAreCommittedByThemselves) {
    auto writer = a_writer({.patience = std::chrono::milliseconds(20)});
    hold(*writer);
    std::vector<OneShot<>> writes;
    for (int i = 0; i < 100; ++i) writes.push_back(insert_patiently(*writer, i));
    release();
    for (const auto& write : writes) run(write.wait());
    writer.reset();
    EXPECT_EQ(commits_, 2);  // of the held write, and of all the others
}

TEST_F(WriterTest, PatientWritesAreCommittedBeforeTheEnd) {
    auto writer = a_writer({.patience = std::chrono::hours(1)});
    insert_patiently(*writer, 1);
    writer.reset();
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 1);
}

TEST_F(WriterTest, AFailingWriteIsUndoneAlone) {
    auto writer = a_writer({});
    hold(*writer);
    const auto before = insert(*writer, 1);
    const auto failing = writer->submit([](WriteScope& scope) {
        scope.db.run("INSERT INTO parent VALUES (2)");
        scope.search.add_message(2, "refused");
        throw Error(ErrorCode::conflict, "It was refused.");
    });
    const auto broken = writer->submit([](WriteScope& scope) {
        scope.db.run("INSERT INTO parent VALUES (3)");
        scope.db.run("INSERT INTO parent VALUES (1)");
    });
    const auto after = insert(*writer, 4);
    release();
    run(before.wait());
    run(after.wait());
    EXPECT_EQ(error_of(failing.wait()), ErrorCode::conflict);
    EXPECT_EQ(error_of(broken.wait()), ErrorCode::conflict);
    writer.reset();
    EXPECT_EQ(count("SELECT group_concat(id, '') FROM parent"), 14);
    EXPECT_EQ(count("SELECT count(*) FROM message_search WHERE message_search MATCH 'refused'"), 0);
}

TEST_F(WriterTest, AFailingWriteOfItsOwnCommitIsUndone) {
    auto writer = a_writer({});
    const auto failing = writer->submit([](WriteScope& scope) {
        scope.db.run("INSERT INTO parent VALUES (2)");
        throw Error(ErrorCode::conflict, "It was refused.");
    });
    EXPECT_EQ(error_of(failing.wait()), ErrorCode::conflict);
    run(insert(*writer, 1).wait());
    EXPECT_EQ(count("SELECT group_concat(id, '') FROM parent"), 1);
}

TEST_F(WriterTest, WhenTheCommitFailsAllItsWritesFail) {
    auto writer = a_writer({});
    hold(*writer);
    const auto innocent = insert(*writer, 1);
    const auto orphan =
        writer->submit([](WriteScope& scope) { scope.db.run("INSERT INTO child VALUES (1, 99)"); });
    release();
    EXPECT_EQ(error_of(innocent.wait()), ErrorCode::unavailable);
    EXPECT_EQ(error_of(orphan.wait()), ErrorCode::unavailable);
    run(insert(*writer, 5).wait());
    EXPECT_EQ(count("SELECT group_concat(id, '') FROM parent"), 5);
}

TEST_F(WriterTest, AFullQueueSaysSo) {
    auto writer = a_writer({.queue_limit = 2});
    hold(*writer);
    const auto first = insert(*writer, 1);
    const auto second = insert(*writer, 2);
    const auto third = insert(*writer, 3);
    EXPECT_EQ(error_of(third.wait()), ErrorCode::unavailable);
    release();
    run(first.wait());
    run(second.wait());
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 2);
}

TEST_F(WriterTest, ResultsAreDeliveredAfterTheCommit) {
    auto writer = a_writer({});
    const auto key = writer->submit([](WriteScope& scope) {
        scope.db.run("INSERT INTO parent VALUES (7)");
        return scope.db.last_insert_key();
    });
    EXPECT_EQ(run(key.wait()), 7);
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 1);
}

TEST_F(WriterTest, CommitsWhatIsQueuedBeforeItEnds) {
    auto writer = a_writer({});
    for (int i = 0; i < 1'000; ++i) insert(*writer, i);
    writer.reset();
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 1'000);
}

TEST_F(WriterTest, TheLogStartsOverAfterCheckpoints) {
    auto writer = a_writer({.checkpoint_pages = 20});
    for (int i = 0; i < 300; ++i) run(insert(*writer, i).wait());
    EXPECT_LT(std::filesystem::file_size(file().string() + "-wal"), 60u * 4'096);
    EXPECT_EQ(count("SELECT count(*) FROM parent"), 300);
}

TEST_F(WriterTest, ManyThreadsKeepTheirOwnOrder) {
    auto writer = a_writer({});
    run(writer->submit([](WriteScope& scope) { scope.db.script("CREATE TABLE log (thread, number)"); })
            .wait());
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&writer, thread] {
            for (int number = 0; number < 500; ++number)
                writer->submit([thread, number](WriteScope& scope) {
                    scope.db.run("INSERT INTO log VALUES (?1, ?2)", thread, number);
                });
        });
    }
    for (std::thread& thread : threads) thread.join();
    writer.reset();
    EXPECT_EQ(count("SELECT count(*) FROM log"), 2'000);
    EXPECT_EQ(
        count("SELECT count(*) FROM log a JOIN log b USING (thread) WHERE a.rowid < b.rowid AND a.number > "
              "b.number"),
        0);
}

}  // namespace
}  // namespace assistd::store
