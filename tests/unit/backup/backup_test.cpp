// Backups of a state folder that is in use: everything that was acknowledged before is in them.

#include <sys/resource.h>
#include <sys/wait.h>

#include <boost/asio/thread_pool.hpp>
#include <csignal>

#include "backup/back_up.h"
#include "backup/restore.h"
#include "base/seal.h"
#include "unit/backup/fixture.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;

class Backup : public BackupTest {};

TEST_F(Backup, EverythingComesBack) {
    const core::Conversation one = fill("a lantern");
    made_artifact(one, "made of a lantern");  // the same content twice is one file
    fill("a kettle");
    fill("a lantern", "somebody");
    const Seen mine = seen();
    const Seen theirs = seen("somebody");
    ASSERT_EQ(mine.found.size(), 1u);
    ASSERT_EQ(mine.artifacts.size(), 5u);
    const fs::path file = backed_up();
    const Restored restored = restore(file, folder_.path() / "new");
    EXPECT_EQ(restored.conversations, 3);
    EXPECT_EQ(restored.messages, 6);
    EXPECT_EQ(restored.artifacts, 4);
    EXPECT_TRUE(restored.manifest.missing.empty());
    move_to(folder_.path() / "new");
    EXPECT_EQ(seen(), mine);
    EXPECT_EQ(seen("somebody"), theirs);
    // It goes on from there.
    fill("a spoon");
    EXPECT_EQ(seen().conversations.size(), 3u);
}

TEST_F(Backup, AnEmptyStateFolderToo) {
    const fs::path file = backed_up();
    EXPECT_EQ(restore(file, folder_.path() / "new").conversations, 0);
    EXPECT_EQ(names_in(folder_.path() / "new"),
              (std::vector<std::string>{"assistd.db", "clock.json", "knowledge.db"}));
}

TEST_F(Backup, NothingButItsOwnerMayReadWhatIsMade) {
    fill("a lantern");
    bool looked = false;
    back_up(state(), [&] {
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(state())) {
            if (entry.path().string().find(".unfinished-") == std::string::npos) continue;
            looked = true;
            EXPECT_EQ(fs::status(entry.path()).permissions() & fs::perms(0077), fs::perms::none)
                << entry.path();
        }
    });
    EXPECT_TRUE(looked);
    for (const std::string& name : names_in(state()))
        EXPECT_EQ(name.find("unfinished"), std::string::npos) << name;
    restore(backed_up(), folder_.path() / "new");
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_.path() / "new"))
        EXPECT_EQ(fs::status(entry.path()).permissions() & fs::perms(0077), fs::perms::none) << entry.path();
}

// Conversations with a file each, and every other one removed again, until told to stop. `acknowledged` has
// what must be there for ever.
Task<void> write_and_remove(store::Storage& storage, std::atomic<bool>& stop, std::mutex& mutex,
                            std::vector<MessageId>& acknowledged) {
    for (int i = 0; !stop; ++i) {
        const core::Conversation conversation = a_conversation();
        const core::Write added = storage.store().add_conversation(conversation);
        co_await added.committed();
        core::Turn turn = a_turn(conversation);
        const core::Message question = a_message(turn, core::Role::user, "a lantern under load");
        co_await storage.store().begin_turn(turn, question);
        std::vector<core::ArtifactDraft> drafts(1);
        drafts.front().file = storage.artifacts().new_file();
        const std::string content = "content " + turn.id.text();
        if (::pwrite(drafts.front().file.get(), content.data(), content.size(), 0) < 0) co_return;
        drafts.front().about.owner = "local";
        drafts.front().about.conversation = conversation.id;
        drafts.front().about.turn = turn.id;
        co_await storage.artifacts().add(std::move(drafts));
        if (i % 2 == 1) {
            co_await storage.store().remove_conversation("local", conversation.id);
            continue;
        }
        const std::lock_guard lock(mutex);
        acknowledged.push_back(question.id);
    }
}

TEST_F(Backup, UnderLoadWhatWasAcknowledgedBeforeIsInIt) {
    for (int i = 0; i < 3; ++i) fill("a lantern");
    std::atomic<bool> stop{false};
    std::mutex mutex;
    std::vector<MessageId> acknowledged;
    asio::thread_pool pool(2);
    std::vector<std::future<void>> writers;
    for (int i = 0; i < 4; ++i)
        writers.push_back(asio::co_spawn(asio::make_strand(pool.get_executor()),
                                         write_and_remove(*storage_, stop, mutex, acknowledged),
                                         asio::use_future));
    for (int round = 0; round < 4; ++round) {
        std::vector<MessageId> before;
        while (before.size() < 20 * static_cast<std::size_t>(round + 1)) {
            std::this_thread::yield();
            const std::lock_guard lock(mutex);
            before = acknowledged;
        }
        const fs::path file = backed_up();
        const fs::path folder = folder_.path() / ("new-" + std::to_string(round));
        const Restored restored = restore(file, folder);
        EXPECT_TRUE(restored.manifest.missing.empty()) << restored.manifest.missing.size();
        EXPECT_TRUE(restored.manifest.damaged.empty());
        sqlite::Database db(folder / "assistd.db", sqlite::Database::Mode::read_only);
        for (const MessageId& id : before) {
            sqlite::Rows rows = db.query("SELECT 1 FROM messages WHERE id = ?1", id);
            EXPECT_TRUE(rows.next()) << id.text();
        }
    }
    stop = true;
    for (auto& writer : writers) writer.get();
    pool.join();
}

TEST_F(Backup, WhatIsRemovedMeanwhileIsInItAndGoesAfterwards) {
    const core::Conversation one = fill("a lantern");
    const std::string content = made_artifact(one, "only there").sha256;
    const fs::path path = state() / name_of_artifact(content);
    {
        const std::shared_ptr<void> files = run(storage_->keep_files());
        bool removed = false;
        const MadeBackup made = back_up(state(), [&] {
            if (std::exchange(removed, true)) return;
            run(storage_->store().remove_conversation("local", one.id));
        });
        EXPECT_TRUE(removed);
        EXPECT_TRUE(made.manifest.missing.empty());
        EXPECT_TRUE(fs::exists(path));
        save(made.file, folder_.path() / "backup");
    }
    run(storage_->release_memory());  // behind what the writer had to do
    EXPECT_FALSE(fs::exists(path));
    restore(folder_.path() / "backup", folder_.path() / "new");
    EXPECT_EQ(store::read_file(folder_.path() / "new" / name_of_artifact(content)), "only there");
}

TEST_F(Backup, AContentThatIsLostIsToldOfAndDoesNotKeepTheRestFromBeingSaved) {
    const core::Conversation one = fill("a lantern");
    const std::string gone = made_artifact(one, "to be lost").sha256;
    const std::string rotten = made_artifact(one, "to be spoiled").sha256;
    fs::remove(state() / name_of_artifact(gone));
    store::write_file(state() / name_of_artifact(rotten), "to be spoilt!");
    const core::DataArchive archive = run(care().back_up({}));
    ASSERT_EQ(archive.faults.size(), 2u);
    EXPECT_THAT(archive.faults[0], testing::HasSubstr(gone));
    EXPECT_THAT(archive.faults[1], testing::HasSubstr(rotten));
    save(archive.file, folder_.path() / "backup");
    const Restored restored = restore(folder_.path() / "backup", folder_.path() / "new");
    EXPECT_EQ(restored.manifest.missing, std::vector{gone});
    EXPECT_EQ(restored.manifest.damaged, std::vector{rotten});
    EXPECT_EQ(store::read_file(folder_.path() / "new" / name_of_artifact(rotten)), "to be spoilt!");
}

TEST_F(Backup, OneAtATime) {
    fill("a lantern");
    // The strand has both begin before either goes on.
    const auto strand = asio::make_strand(io_);
    std::future<core::DataArchive> first;
    std::future<core::DataArchive> second;
    const auto both = [&] {
        first = asio::co_spawn(strand, care().back_up({}), asio::use_future);
        second = asio::co_spawn(strand, care().back_up({}), asio::use_future);
    };
    asio::post(strand, asio::use_future(both)).get();
    EXPECT_GT(first.get().size, 0);
    try {
        second.get();
        FAIL() << "two at a time";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
    }
    EXPECT_GT(run(care().back_up({})).size, 0);
}

TEST_F(Backup, WhoLeavesEndsIt) {
    fill("a lantern");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(error_of(care().back_up(stop.get_token())), ErrorCode::cancelled);
    for (const std::string& name : names_in(state())) EXPECT_EQ(name.find("unfinished"), std::string::npos);
    EXPECT_GT(run(care().back_up({})).size, 0);  // and another one may begin
}

TEST_F(Backup, ADamagedDatabaseIsNotSaved) {
    fill("a lantern");
    sqlite::Database db(state() / "assistd.db", sqlite::Database::Mode::read_write);
    db.script("PRAGMA foreign_keys = OFF; UPDATE messages SET turn = x'00000000000000000000000000000001'");
    try {
        run(care().back_up({}));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unavailable);
        EXPECT_THAT(error.what(), testing::HasSubstr("assistd.db is damaged"));
        EXPECT_THAT(error.what(), testing::HasSubstr("rows of turns that are not there"));
    }
}

class FullDisk : public Backup {
  protected:
    FullDisk() {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
    }
    // No file may become larger than this.
    void limit(rlim_t bytes) {
        rlimit limited = before_;
        limited.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limited);
    }
    void TearDown() override { ::setrlimit(RLIMIT_FSIZE, &before_); }

  private:
    rlimit before_{};
};

TEST_F(FullDisk, NothingIsLeftOfABackupThatHasNoRoom) {
    const core::Conversation one = fill("a lantern");
    made_artifact(one, std::string(100'000, 'x'));
    for (const rlim_t bytes : {100'000u, 4'096u, 300u}) {
        limit(bytes);
        EXPECT_EQ(error_of(care().back_up({})), ErrorCode::unavailable);
        TearDown();
        for (const std::string& name : names_in(state()))
            EXPECT_EQ(name.find("unfinished"), std::string::npos) << name;
    }
    EXPECT_EQ(restore(backed_up(), folder_.path() / "new").artifacts, 3);
}

TEST_F(FullDisk, ARestoreThatHasNoRoomChangesNothing) {
    made_artifact(fill("a lantern"), std::string(100'000, 'x'));
    const fs::path file = backed_up();
    limit(50'000);
    EXPECT_THROW(restore(file, folder_.path() / "new"), Error);
    TearDown();
    EXPECT_EQ(names_in(folder_.path() / "new"), std::vector<std::string>{});
    EXPECT_EQ(restore(file, folder_.path() / "new").artifacts, 3);
}

TEST_F(FullDisk, SomeOfItIsLeftToOthers) {
    made_artifact(fill("a lantern"), std::string(30'000'000, 'x'));
    DataCare greedy({state(), std::uint64_t{1} << 60}, *storage_, *base_, nobody_runs);
    try {
        run(greedy.back_up({}));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unavailable);
        EXPECT_THAT(error.what(), testing::HasSubstr("store.reserve_mib"));
    }
}

// Ends the process at one of its pieces of work, as SIGKILL would at any moment.
[[noreturn]] void back_up_and_die(const fs::path& state, int at_piece) {
    int piece = 0;
    try {
        back_up(state, [&] {
            if (++piece == at_piece) ::kill(::getpid(), SIGKILL);
        });
    } catch (...) {
        ::_exit(2);
    }
    ::_exit(piece < at_piece ? 1 : 0);
}

TEST_F(Backup, KilledAtAnyMomentItLeavesNothing) {
    made_artifact(fill("a lantern"), std::string(3'000'000, 'x'));
    const Seen before = seen();
    close();
    storage_.reset();
    int killed = 0;
    for (int piece = 1;; ++piece) {
        const pid_t child = ::fork();
        if (child == 0) back_up_and_die(state(), piece);
        int status = 0;
        ::waitpid(child, &status, 0);
        if (!WIFSIGNALED(status)) {
            ASSERT_EQ(WEXITSTATUS(status), 1);  // it had come to its end
            break;
        }
        ++killed;
        ASSERT_LT(killed, 1'000);
    }
    EXPECT_GT(killed, 10);
    storage_ = store::open_store({.folder = state()});
    open();
    care();
    for (const std::string& name : names_in(state())) EXPECT_EQ(name.find("unfinished"), std::string::npos);
    EXPECT_EQ(seen(), before);
}

}  // namespace
}  // namespace assistd::backup
