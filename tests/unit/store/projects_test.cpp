#include "store/projects.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ProjectRows : public StoreTest {
  protected:
    std::vector<std::string> names(core::ProjectQuery query) {
        query.owner = query.owner.empty() ? "local" : query.owner;
        std::vector<std::string> all;
        for (const core::Project& project : run(projects().list(query)).items) all.push_back(project.name);
        return all;
    }
    core::Project read(const core::Project& project) { return run(projects().find("local", project.id)); }
    // A conversation, an upload and a job in the project.
    core::Conversation fill(const core::Project& project) {
        core::Conversation conversation = a_conversation();
        conversation.project_id = project.id.text();
        commit(store().add_conversation(conversation));
        std::vector<core::ArtifactDraft> drafts(1);
        drafts[0].file = artifacts().new_file();
        drafts[0].about.owner = "local";
        drafts[0].about.project_id = project.id.text();
        run(artifacts().add(std::move(drafts)));
        core::Job job;
        job.id = JobId::make();
        job.owner = "local";
        job.project_id = project.id.text();
        job.created_at = at(5);
        commit(store().put_job(job));
        return conversation;
    }
};

TEST_F(ProjectRows, AreReadAsTheyWereAdded) {
    core::Project added;
    added.id = ProjectId::make();
    added.owner = "local";
    added.name = "Soot";
    added.description = "Aggregates of a diesel flame";
    added.facts = R"({"temperature":"1800 K"})";
    added.metadata = R"({"a":[1]})";
    added.created_at = added.updated_at = at(7);
    run(projects().add(added));
    reopen();
    const core::Project project = read(added);
    EXPECT_EQ(project.name, "Soot");
    EXPECT_EQ(project.description, "Aggregates of a diesel flame");
    EXPECT_EQ(project.facts, R"({"temperature":"1800 K"})");
    EXPECT_EQ(project.metadata, R"({"a":[1]})");
    EXPECT_FALSE(project.archived);
    EXPECT_EQ(project.created_at, at(7));
    EXPECT_FALSE(project.numbers.any());
    EXPECT_EQ(project.numbers.last_activity, Timestamp());
}

TEST_F(ProjectRows, CountWhatBelongsToThem) {
    const core::Project soot = stored_project("soot");
    stored_project("other");
    const core::Conversation conversation = fill(soot);
    begun_turn(conversation);
    const core::ProjectNumbers numbers = read(soot).numbers;
    EXPECT_EQ(core::text_of(numbers), "1 conversation, 1 artifact, 1 job");
    EXPECT_EQ(numbers.last_activity, run(store().conversation("local", conversation.id)).updated_at);
    EXPECT_FALSE(run(projects().list({.owner = "local", .name = "other"})).items[0].numbers.any());
}

TEST_F(ProjectRows, HaveNamesOfTheirOwn) {
    const core::Project soot = stored_project("Soot");
    core::Project same = soot;
    same.id = ProjectId::make();
    same.name = "sOOt";
    EXPECT_EQ(error_of(projects().add(same)), ErrorCode::conflict);
    EXPECT_EQ(stored_project("Soot", "you").owner, "you");
    const core::Project other = stored_project("Other");
    EXPECT_EQ(error_of(projects().change("local", other.id, {.name = "soot"})), ErrorCode::conflict);
    EXPECT_EQ(run(projects().change("local", soot.id, {.name = "SOOT"})).name, "SOOT");
}

TEST_F(ProjectRows, ChangeOnlyWhatIsNamed) {
    const core::Project soot = stored_project("soot");
    const core::Project changed =
        run(projects().change("local", soot.id, {.description = "black", .archived = true}));
    EXPECT_EQ(changed.name, "soot");
    EXPECT_EQ(changed.description, "black");
    EXPECT_TRUE(changed.archived);
    EXPECT_GT(changed.updated_at, soot.updated_at);
}

TEST_F(ProjectRows, AreListedSearchedAndPaged) {
    for (const std::string name : {"alpha", "beta", "gamma"}) stored_project(name);
    const core::Project beta = run(projects().list({.owner = "local", .name = "Beta"})).items.at(0);
    run(projects().change("local", beta.id, {.description = "granular flow", .archived = true}));
    EXPECT_THAT(names({}), ElementsAre("beta", "gamma", "alpha"));
    EXPECT_THAT(names({.archived = true}), ElementsAre("beta"));
    EXPECT_THAT(names({.archived = false}), ElementsAre("gamma", "alpha"));
    EXPECT_THAT(names({.search = "granu"}), ElementsAre("beta"));
    EXPECT_THAT(names({.search = "-"}), IsEmpty());
    run(projects().change("local", beta.id, {.description = "nothing"}));
    EXPECT_THAT(names({.search = "granular"}), IsEmpty());
    const auto first = run(projects().list({.owner = "local", .limit = 2}));
    EXPECT_EQ(first.items.size(), 2u);
    EXPECT_THAT(names({.limit = 2, .cursor = first.next}), ElementsAre("alpha"));
    EXPECT_EQ(error_of(projects().list({.owner = "local", .archived = true, .cursor = first.next})),
              ErrorCode::validation);
}

TEST_F(ProjectRows, OfAnotherOwnerAreNotFound) {
    const core::Project mine = stored_project("mine");
    EXPECT_EQ(error_of(projects().find("you", mine.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(projects().change("you", mine.id, {.name = "yours"})), ErrorCode::not_found);
    EXPECT_EQ(error_of(projects().remove("you", mine.id, true)), ErrorCode::not_found);
    EXPECT_THAT(names({.owner = "you"}), IsEmpty());
    // Nor can anything be put into it.
    core::Conversation intruder = a_conversation("you");
    intruder.project_id = mine.id.text();
    commit(store().add_conversation(intruder));
    EXPECT_EQ(run(store().conversation("you", intruder.id)).project_id, "");
}

TEST_F(ProjectRows, WithSomethingInThemAreNotSimplyRemoved) {
    const core::Project soot = stored_project("soot");
    const core::Conversation conversation = fill(soot);
    try {
        run(projects().remove("local", soot.id, false));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
        EXPECT_THAT(error.what(), HasSubstr("1 conversation, 1 artifact, 1 job"));
    }
    EXPECT_EQ(read(soot).name, "soot");
    run(projects().remove("local", soot.id, true));
    EXPECT_EQ(error_of(projects().find("local", soot.id)), ErrorCode::not_found);
    EXPECT_EQ(run(store().conversation("local", conversation.id)).project_id, "");
    EXPECT_EQ(run(artifacts().list({.owner = "local"})).items.at(0).project_id, "");
    EXPECT_EQ(run(store().jobs({.owner = "local"})).items.at(0).project_id, "");
    EXPECT_THAT(names({.search = "soot"}), IsEmpty());
    stored_project("soot");  // the name is free again
}

TEST_F(ProjectRows, ThatAreGoneGetNothingMore) {
    const core::Project soot = stored_project("soot");
    const core::Conversation conversation = fill(soot);
    run(projects().remove("local", soot.id, true));
    core::Turn late = a_turn(conversation);
    late.project_id = soot.id.text();
    run(store().begin_turn(late, a_message(late, core::Role::user, "hi")));
    EXPECT_EQ(run(store().turn("local", late.id)).project_id, "");
    fill(soot);
    for (const core::Artifact& artifact : run(artifacts().list({.owner = "local"})).items)
        EXPECT_EQ(artifact.project_id, "");
}

}  // namespace
}  // namespace assistd::store
