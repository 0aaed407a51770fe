// What is older than it is to be kept goes, and nothing else does.

#include "store/retention.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

class Retention : public StoreTest {
  protected:
    // Everything that is there now becomes as old as the year 2001.
    void age_everything() {
        storage_.reset();
        {
            sqlite::Database db(database(), sqlite::Database::Mode::read_write);
            for (const char* table : {"conversations", "turns", "artifacts", "jobs", "studies"})
                db.script(std::string("UPDATE ") + table + " SET created_at = 1000000000000000");
            db.script("UPDATE conversations SET updated_at = 1000000000000000");
            for (const char* table : {"jobs", "studies"})
                db.script(std::string("UPDATE ") + table +
                          " SET finished_at = 1000000000000000 WHERE finished_at > 0");
            db.script("UPDATE usage SET at = 1000000000000000");
        }
        open();
    }
    int removed(OldRows what, int at_most = 100) {
        return run(storage_->remove_old(what, at(1'500'000'000), at_most));
    }
    std::int64_t number(const char* query) {
        sqlite::Database db(database(), sqlite::Database::Mode::read_only);
        sqlite::Rows rows = db.query(query);
        rows.next();
        return rows.integer(0);
    }
    void end(core::Turn turn) {
        turn.state = core::TurnState::completed;
        turn.finished_at = now();
        commit(store().end_turn(turn, std::nullopt));
    }
    core::Job job(core::JobState state, ConversationId conversation = {},
                  const core::Owner& owner = "local") {
        core::Job job;
        job.id = JobId::make();
        job.owner = owner;
        job.conversation = conversation;
        job.tool = "grow";
        job.state = state;
        job.created_at = now();
        if (state != core::JobState::running) job.finished_at = now();
        commit(store().put_job(job));
        return job;
    }
    core::Artifact artifact(const std::string& content, ConversationId conversation = {},
                            const std::string& key = {}) {
        std::vector<core::ArtifactDraft> drafts(1);
        drafts.front().file = artifacts().new_file();
        EXPECT_EQ(::pwrite(drafts.front().file.get(), content.data(), content.size(), 0),
                  static_cast<ssize_t>(content.size()));
        drafts.front().about.owner = "local";
        drafts.front().about.conversation = conversation;
        drafts.front().idempotency_key = key;
        return run(artifacts().add(std::move(drafts))).front();
    }
};

TEST_F(Retention, ConversationsThatNobodyUses) {
    end(begun_turn(stored_conversation(), "a lantern"));
    end(begun_turn(stored_conversation("somebody"), "a lantern"));
    begun_turn(stored_conversation(), "it still runs");
    job(core::JobState::running, stored_conversation().id);
    age_everything();
    end(begun_turn(stored_conversation(), "a new lantern"));
    EXPECT_EQ(removed(OldRows::conversations, 1), 1);
    EXPECT_EQ(removed(OldRows::conversations), 1);
    EXPECT_EQ(removed(OldRows::conversations), 0);
    EXPECT_EQ(number("SELECT count(*) FROM conversations"), 3);
    EXPECT_EQ(run(store().conversations({.owner = "local", .search = "lantern"})).items.size(), 1u);
    EXPECT_EQ(number("SELECT count(*) FROM messages"), 2);
}

TEST_F(Retention, ThreadsHaveKeysOfTheirOwn) {
    core::Conversation thread = a_conversation();
    thread.door = "assistants";
    commit(store().add_conversation(thread));
    age_everything();
    EXPECT_EQ(removed(OldRows::conversations), 0);
}

TEST_F(Retention, FilesOfNoConversation) {
    const core::Conversation conversation = stored_conversation();
    artifact("in a conversation", conversation.id);
    const core::Artifact old = artifact("by itself");
    artifact("twice");
    age_everything();
    const core::Artifact fresh = artifact("twice");
    EXPECT_EQ(removed(OldRows::artifacts), 2);
    EXPECT_EQ(error_of(artifacts().find("local", old.handle)), ErrorCode::not_found);
    EXPECT_EQ(number("SELECT count(*) FROM artifacts"), 2);
    EXPECT_TRUE(run(artifacts().open(fresh)));  // its content is that of one that went
    EXPECT_EQ(error_of(artifacts().open(old)), ErrorCode::unavailable);
}

TEST_F(Retention, JobsThatHaveEnded) {
    const core::Conversation conversation = stored_conversation();
    job(core::JobState::completed);
    job(core::JobState::failed, {}, "somebody");
    job(core::JobState::running);
    job(core::JobState::completed, conversation.id);
    age_everything();
    job(core::JobState::completed);
    EXPECT_EQ(removed(OldRows::jobs), 2);
    EXPECT_EQ(number("SELECT count(*) FROM jobs"), 3);
}

TEST_F(Retention, StudiesThatHaveEnded) {
    for (const core::StudyState state : {core::StudyState::completed, core::StudyState::running}) {
        core::Study study;
        study.id = StudyId::make();
        study.owner = "local";
        study.name = "s";
        study.tool = "grow";
        study.runs = 1;
        study.created_at = now();
        commit(storage_->studies().add(study));
        core::StudyRun done;
        done.number = 1;
        commit(storage_->studies().put_run(study.id, done));
        if (state == core::StudyState::running) continue;
        study.state = state;
        study.finished_at = now();
        commit(storage_->studies().end(study, std::nullopt));
    }
    age_everything();
    EXPECT_EQ(removed(OldRows::studies), 1);
    EXPECT_EQ(number("SELECT count(*) FROM studies"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM study_runs"), 1);
}

TEST_F(Retention, WhatWasSpent) {
    end(begun_turn(stored_conversation()));
    end(begun_turn(stored_conversation("somebody")));
    age_everything();
    end(begun_turn(stored_conversation()));
    EXPECT_EQ(removed(OldRows::usage), 2);
    EXPECT_EQ(number("SELECT count(*) FROM usage"), 1);
}

TEST_F(Retention, KeysThatStandForNothingAnyMore) {
    const core::Conversation conversation = stored_conversation();
    core::Turn turn = a_turn(conversation);
    turn.idempotency_key = "k1";
    run(store().begin_turn(turn, a_message(turn, core::Role::user, "once")));
    end(turn);
    age_everything();
    turn = a_turn(conversation);
    turn.idempotency_key = "k2";
    run(store().begin_turn(turn, a_message(turn, core::Role::user, "twice")));
    EXPECT_EQ(removed(OldRows::idempotency_keys), 1);
    EXPECT_EQ(number("SELECT count(*) FROM turns WHERE idempotency_key = 'k2'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM turns"), 2);
}

TEST_F(Retention, KeysOfUploadsThatStandForNothingAnyMore) {
    artifact("old", {}, "k1");
    age_everything();
    artifact("new", {}, "k2");
    EXPECT_EQ(removed(OldRows::idempotency_keys), 1);
    EXPECT_EQ(number("SELECT count(*) FROM artifacts WHERE idempotency_key = 'k2'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM artifacts"), 2);
}

TEST_F(Retention, TheNewestRecordTellsHowLateItIsAtLeast) {
    EXPECT_EQ(run(storage_->newest_record()), std::nullopt);
    const Timestamp before = now();
    stored_conversation("somebody");
    artifact("old");
    age_everything();
    EXPECT_EQ(run(storage_->newest_record()), at(1'000'000'000));
    artifact("new");
    EXPECT_GE(run(storage_->newest_record()), before);
}

}  // namespace
}  // namespace assistd::store
