// Files that go without a word to the documents.

#include "knowledge/departures.h"

#include "knowledge/tables.h"
#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class DeparturesTest : public KnowledgeTest {
  protected:
    void remove_only_the_file(ArtifactId file) { run(artifacts().remove("local", file.text())); }
    std::int64_t files_in(VectorStoreId store) {
        return run(knowledge().store("local", store)).counts.total();
    }
    void wait_until_empty(VectorStoreId store) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (files_in(store) > 0) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            std::this_thread::yield();
        }
    }
};

TEST_F(DeparturesTest, WhatIsGoneIsNotFoundFromThatMomentOn) {
    const VectorStoreId store = made_store();
    for (int i = 0; i < 3; ++i) indexed(store, "Dendrites " + std::to_string(i), "kept.txt");
    const ArtifactId gone = indexed(store, "Dendrites dendrites dendrites", "gone.txt");
    core::SearchRequest request;
    request.owner = "local";
    request.queries = {"dendrites"};
    request.limit = 3;
    EXPECT_EQ(run(knowledge().search(request)).front().file, gone);
    remove_only_the_file(gone);
    // The others take its place.
    const auto passages = run(knowledge().search(request));
    EXPECT_THAT(passages, SizeIs(3));
    for (const core::Passage& passage : passages) EXPECT_EQ(passage.file_name, "kept.txt");
}

TEST_F(DeparturesTest, HowMuchOfItThereWasHidesNothing) {
    const VectorStoreId store = made_store();
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += "dendrites dendrites ";
    const ArtifactId gone = indexed(store, text);  // more passages than a search looks at
    indexed(store, "There is one word about dendrites in these notes, and many about other things.",
            "kept.txt");
    remove_only_the_file(gone);
    const auto passages = found("dendrites");
    ASSERT_THAT(passages, SizeIs(1));
    EXPECT_EQ(passages.front().file_name, "kept.txt");
}

TEST_F(DeparturesTest, ASearchThatMeetsItHasItForgotten) {
    const VectorStoreId store = made_store();
    remove_only_the_file(indexed(store, "Dendrites grow at the cathode."));
    EXPECT_THAT(found("dendrites"), IsEmpty());
    wait_until_empty(store);
}

TEST_F(DeparturesTest, SomebodySaysThatFilesMayBeGone) {
    const VectorStoreId store = made_store();
    remove_only_the_file(indexed(store, "Dendrites grow at the cathode."));
    EXPECT_EQ(files_in(store), 1);
    knowledge().look_for_gone_files();
    wait_until_empty(store);
    EXPECT_FALSE(knowledge().has_documents("local"));
}

TEST_F(DeparturesTest, WhatWentWhileNobodyLookedIsMissedAtTheStart) {
    const VectorStoreId store = made_store();
    const VectorStoreId others = made_store("others", "eve");
    const ArtifactId stays = indexed(others, "Dendrites of somebody else.", "stays.txt", "{}", "eve");
    core::Conversation conversation;
    conversation.id = ConversationId::make();
    conversation.owner = "local";
    conversation.created_at = conversation.updated_at = now();
    run(storage_->store().add_conversation(conversation).committed());
    // More than are looked at together.
    std::vector<core::ArtifactDraft> drafts(520);
    for (core::ArtifactDraft& draft : drafts) {
        draft.file = artifacts().new_file();
        ASSERT_EQ(::pwrite(draft.file.get(), "text", 4, 0), 4);
        draft.about.owner = "local";
        draft.about.name = "text.txt";
        draft.about.conversation = conversation.id;
    }
    std::vector<core::FileToIndex> files;
    for (const core::Artifact& artifact : run(artifacts().add(std::move(drafts))))
        files.push_back({artifact.id, "{}", {}});
    run(knowledge().add_batch("local", store, files));
    settle(store);
    close();
    run(storage_->store().remove_conversation("local", conversation.id));
    open();
    wait_until_empty(store);
    EXPECT_EQ(run(knowledge().file("eve", others, stays)).state, core::IndexState::completed);
}

TEST_F(DeparturesTest, AFileThatHasExpiredIsNotFoundThoughItIsNotRemovedYet) {
    core::ArtifactDraft draft;
    draft.file = artifacts().new_file();
    const std::string text = "Dendrites for a moment.";
    ASSERT_EQ(::pwrite(draft.file.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    draft.about.owner = "local";
    draft.about.name = "moment.txt";
    const core::File file =
        run(storage_->files().add(std::move(draft), "assistants", std::chrono::seconds(0)));
    const VectorStoreId store = made_store();
    run(knowledge().add_file("local", store, {file.artifact.id, "{}", {}}));
    settle(store);
    EXPECT_THAT(found("dendrites"), IsEmpty());
}

}  // namespace
}  // namespace assistd::knowledge
