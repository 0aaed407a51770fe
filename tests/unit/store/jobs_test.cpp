#include "store/jobs.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAre;

class JobRows : public StoreTest {
  protected:
    core::Job a_job(const core::Owner& owner = "local") {
        core::Job job;
        job.id = JobId::make();
        job.owner = owner;
        job.tool = "run_dla_simulation";
        job.arguments = R"({"n":5})";
        job.created_at = at(1);
        return job;
    }
};

TEST_F(JobRows, AreInsertedAndReplaced) {
    const core::Conversation conversation = stored_conversation();
    core::Job job = a_job();
    job.conversation = conversation.id;
    job.turn = TurnId::make();
    job.call_id = "c";
    const std::string project = stored_project("p").id.text();
    job.project_id = project;
    commit(store().put_job(job));
    EXPECT_EQ(run(store().unfinished_jobs()).size(), 1u);
    job.state = core::JobState::completed;
    job.fraction = 1;
    job.note = "done";
    job.result = R"({"success":true})";
    job.summary = "It grew.";
    job.finished_at = at(9);
    job.used.cpu_time = std::chrono::microseconds(7);
    commit(store().put_job(job));
    reopen();
    const core::Job read = run(store().job("local", job.id));
    EXPECT_EQ(read.conversation, conversation.id);
    EXPECT_EQ(read.turn, job.turn);
    EXPECT_EQ(read.call_id, "c");
    EXPECT_EQ(read.project_id, project);
    EXPECT_EQ(read.tool, "run_dla_simulation");
    EXPECT_EQ(read.arguments, R"({"n":5})");
    EXPECT_EQ(read.state, core::JobState::completed);
    EXPECT_EQ(read.fraction, 1);
    EXPECT_EQ(read.note, "done");
    EXPECT_EQ(read.result, R"({"success":true})");
    EXPECT_EQ(read.summary, "It grew.");
    EXPECT_EQ(read.created_at, at(1));
    EXPECT_EQ(read.finished_at, at(9));
    EXPECT_EQ(read.used.cpu_time, std::chrono::microseconds(7));
    EXPECT_FALSE(read.used.peak_memory_bytes);
    EXPECT_TRUE(run(store().unfinished_jobs()).empty());
}

TEST_F(JobRows, OfAnotherOwnerAreNotFound) {
    const core::Job job = a_job("me");
    commit(store().put_job(job));
    EXPECT_EQ(error_of(store().job("you", job.id)), ErrorCode::not_found);
    EXPECT_TRUE(run(store().jobs({.owner = "you"})).items.empty());
    EXPECT_TRUE(run(store().job("me", job.id)).conversation.is_nil());
}

TEST_F(JobRows, OfADeletedConversationAreRefused) {
    const core::Conversation conversation = stored_conversation();
    core::Job job = a_job();
    job.conversation = conversation.id;
    commit(store().put_job(job));
    run(store().remove_conversation("local", conversation.id));
    EXPECT_EQ(error_of(store().put_job(job).committed()), ErrorCode::not_found);
}

TEST_F(JobRows, PageByStateWithoutLossWhenTimesAreEqual) {
    std::set<JobId> running;
    for (int i = 0; i < 250; ++i) {
        core::Job job = a_job();
        if (i % 2 == 0)
            job.state = core::JobState::failed;
        else
            running.insert(job.id);
        store().put_job(job);
    }
    commit(store().put_job(a_job("you")));
    std::set<JobId> seen;
    std::size_t count = 0;
    core::JobQuery query{.owner = "local", .state = core::JobState::running, .limit = 10};
    do {
        const auto page = run(store().jobs(query));
        for (const auto& job : page.items) seen.insert(job.id);
        count += page.items.size();
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(count, 125u);
    EXPECT_EQ(seen, running);
    query.cursor = "none";
    EXPECT_EQ(error_of(store().jobs(query)), ErrorCode::validation);
}

TEST_F(JobRows, EndTogetherWithTheirNotice) {
    const core::Conversation conversation = stored_conversation();
    core::Job job = a_job("local");
    job.conversation = conversation.id;
    commit(store().put_job(job));
    job.state = core::JobState::completed;
    core::Message notice;
    notice.id = MessageId::make();
    notice.conversation = conversation.id;
    notice.role = core::Role::system;
    notice.blocks.push_back(core::TextBlock{"It finished."});
    commit(store().end_job(job, notice));
    EXPECT_EQ(run(store().job("local", job.id)).state, core::JobState::completed);
    EXPECT_EQ(run(store().messages(conversation.id, "", 10)).items.at(0).text(), "It finished.");
    // Neither without the other.
    job.state = core::JobState::failed;
    EXPECT_EQ(error_of(store().end_job(job, notice).committed()), ErrorCode::conflict);
    EXPECT_EQ(run(store().job("local", job.id)).state, core::JobState::completed);
}

}  // namespace
}  // namespace assistd::store
