#include "store/studies.h"

#include "base/error.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::store {
namespace {

class StudyRows : public testing::Test {
  protected:
    core::StudyStore& studies() { return storage_->studies(); }
    core::Study added(const core::Owner& owner = "local") {
        core::Study study;
        study.id = StudyId::make();
        study.owner = owner;
        study.name = "sizes";
        study.tool = "grow";
        study.then = "analyze";
        study.parameter_grid = R"({"n":[1,2]})";
        study.seeds_per_combination = 3;
        study.first_seed = 9;
        study.runs = 6;
        study.created_at = from_micros(++created_);
        threads_.run(studies().add(study).committed());
        return study;
    }
    core::StudyRun put(StudyId id, int number, core::RunState state = core::RunState::completed) {
        core::StudyRun run;
        run.number = number;
        run.state = state;
        run.parameters = R"({"n":1})";
        run.metrics = R"({"df":1.5})";
        run.artifacts = {"simulation-1", "plot-2"};
        run.result = R"({"success":true})";
        run.summary = "Grew.";
        run.started_at = from_micros(10);
        run.finished_at = from_micros(20);
        threads_.run(studies().put_run(id, run).committed());
        return run;
    }
    void reopen() {
        storage_.reset();
        storage_ = open_store({.folder = folder_.path() / "state"});
    }

    test::TempFolder folder_;
    test::IoThreads threads_;
    std::unique_ptr<Storage> storage_ = open_store({.folder = folder_.path() / "state"});
    std::int64_t created_ = 0;
};

TEST_F(StudyRows, AreReadAsTheyWereWritten) {
    const core::Study study = added();
    put(study.id, 2);
    reopen();
    const core::Study read = threads_.run(studies().find("local", study.id));
    EXPECT_EQ(read.name, "sizes");
    EXPECT_EQ(read.tool, "grow");
    EXPECT_EQ(read.then, "analyze");
    EXPECT_EQ(read.parameter_grid, R"({"n":[1,2]})");
    EXPECT_EQ(read.seeds_per_combination, 3);
    EXPECT_EQ(read.first_seed, 9);
    EXPECT_EQ(read.runs, 6);
    EXPECT_EQ(read.state, core::StudyState::running);
    const core::StudyRun run = threads_.run(studies().run("local", study.id, 2));
    EXPECT_EQ(run.parameters, R"({"n":1})");
    EXPECT_EQ(run.metrics, R"({"df":1.5})");
    EXPECT_THAT(run.artifacts, testing::ElementsAre("simulation-1", "plot-2"));
    EXPECT_EQ(run.result, R"({"success":true})");
    EXPECT_EQ(run.finished_at, from_micros(20));
    EXPECT_EQ(threads_.run(studies().unfinished()).size(), 1u);
    EXPECT_EQ(threads_.run(studies().count_running("local")), 1);
    EXPECT_EQ(threads_.run(studies().count_running("other")), 0);
}

TEST_F(StudyRows, ComeInPagesWithoutTheirResults) {
    const core::Study study = added();
    for (const int number : {5, 1, 3}) put(study.id, number);
    put(study.id, 4, core::RunState::failed);
    core::StudyRunQuery query;
    query.owner = "local";
    query.study = study.id;
    query.limit = 3;
    auto page = threads_.run(studies().runs(query));
    ASSERT_EQ(page.items.size(), 3u);
    EXPECT_EQ(page.items[1].number, 3);
    EXPECT_EQ(page.items[0].result, "");
    query.cursor = page.next;
    page = threads_.run(studies().runs(query));
    ASSERT_EQ(page.items.size(), 1u);
    EXPECT_EQ(page.items[0].number, 5);
    EXPECT_EQ(page.next, "");
    query.cursor = "x";
    EXPECT_THROW(threads_.run(studies().runs(query)), Error);
    query.cursor.clear();
    query.state = core::RunState::failed;
    page = threads_.run(studies().runs(query));
    ASSERT_EQ(page.items.size(), 1u);
    EXPECT_EQ(page.items[0].number, 4);
}

TEST_F(StudyRows, BeginAgainWithoutWhatFailed) {
    core::Study study = added();
    put(study.id, 1);
    put(study.id, 2, core::RunState::failed);
    study.state = core::StudyState::completed_with_errors;
    study.counts = {0, 1, 1};
    study.artifact = "study-1";
    study.finished_at = from_micros(50);
    threads_.run(studies().end(study, std::nullopt).committed());
    core::Study read = threads_.run(studies().find("local", study.id));
    EXPECT_EQ(read.state, core::StudyState::completed_with_errors);
    EXPECT_EQ(read.counts.failed, 1);
    EXPECT_EQ(read.artifact, "study-1");
    threads_.run(studies().begin_again(study.id).committed());
    read = threads_.run(studies().find("local", study.id));
    EXPECT_EQ(read.state, core::StudyState::running);
    EXPECT_EQ(read.artifact, "study-1");  // until it ends again
    const auto states = threads_.run(studies().states(study.id));
    ASSERT_EQ(states.size(), 1u);
    EXPECT_EQ(states[0].number, 1);
}

TEST_F(StudyRows, GoWithTheStudyHoweverManyTheyAre) {
    const core::Study study = added();
    const core::Study other = added();
    for (int number = 1; number <= 450; ++number) put(study.id, number);
    put(other.id, 1);
    EXPECT_THROW(threads_.run(studies().remove("other", study.id)), Error);
    threads_.run(studies().remove("local", study.id));
    EXPECT_THROW(threads_.run(studies().find("local", study.id)), Error);
    EXPECT_EQ(threads_.run(studies().states(other.id)).size(), 1u);
    // A run that ended in that moment is dropped.
    put(study.id, 7);
    EXPECT_TRUE(threads_.run(studies().states(study.id)).empty());
}

TEST_F(StudyRows, ARunThatHasNotBegunAfterAllIsNotThere) {
    const core::Study study = added();
    put(study.id, 1, core::RunState::running);
    put(study.id, 2);
    threads_.run(studies().drop_run(study.id, 1).committed());
    const auto states = threads_.run(studies().states(study.id));
    ASSERT_EQ(states.size(), 1u);
    EXPECT_EQ(states[0].number, 2);
}

TEST_F(StudyRows, AreListedNewestFirst) {
    const core::Study first = added();
    const core::Study second = added();
    added("other");
    core::StudyQuery query;
    query.owner = "local";
    query.limit = 1;
    auto page = threads_.run(studies().list(query));
    ASSERT_EQ(page.items.size(), 1u);
    EXPECT_EQ(page.items[0].id, second.id);
    query.cursor = page.next;
    page = threads_.run(studies().list(query));
    EXPECT_EQ(page.items.at(0).id, first.id);
    EXPECT_EQ(page.next, "");
    query.cursor.clear();
    query.state = core::StudyState::cancelled;
    EXPECT_TRUE(threads_.run(studies().list(query)).items.empty());
}

}  // namespace
}  // namespace assistd::store
