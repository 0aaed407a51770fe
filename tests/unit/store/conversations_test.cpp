#include "store/conversations.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Conversations : public StoreTest {
  protected:
    std::vector<ConversationId> ids_of(const core::Page<core::Conversation>& page) {
        std::vector<ConversationId> ids;
        for (const auto& conversation : page.items) ids.push_back(conversation.id);
        return ids;
    }
    core::Page<core::Conversation> list(core::ConversationQuery query) {
        return run(store().conversations(std::move(query)));
    }
};

TEST_F(Conversations, AreReadAsTheyWereAdded) {
    core::Conversation added = a_conversation();
    const std::string project = stored_project("p1").id.text();
    added.project_id = project;
    added.title = "Growth";
    added.provider = "main";
    added.model = "m";
    added.assistant_id = "a";
    added.metadata = R"({"k":"v"})";
    commit(store().add_conversation(added));
    reopen();
    const core::Conversation read = run(store().conversation("local", added.id));
    EXPECT_EQ(read.id, added.id);
    EXPECT_EQ(read.owner, "local");
    EXPECT_EQ(read.project_id, project);
    EXPECT_EQ(read.title, "Growth");
    EXPECT_EQ(read.provider, "main");
    EXPECT_EQ(read.model, "m");
    EXPECT_EQ(read.assistant_id, "a");
    EXPECT_EQ(read.metadata, R"({"k":"v"})");
    EXPECT_FALSE(read.archived);
    EXPECT_EQ(read.created_at, added.created_at);
    EXPECT_EQ(read.updated_at, added.updated_at);
    EXPECT_EQ(read.message_count, 0);
}

TEST_F(Conversations, OfAnotherOwnerAreNotFound) {
    const core::Conversation mine = stored_conversation("me");
    core::ConversationChange change;
    change.title = "stolen";
    EXPECT_EQ(error_of(store().conversation("you", mine.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(store().change_conversation("you", mine.id, change)), ErrorCode::not_found);
    EXPECT_EQ(error_of(store().remove_conversation("you", mine.id)), ErrorCode::not_found);
    EXPECT_THAT(list({.owner = "you"}).items, IsEmpty());
    EXPECT_EQ(run(store().conversation("me", mine.id)).title, "");
}

TEST_F(Conversations, ChangeOnlyWhatIsSet) {
    core::Conversation added = a_conversation();
    added.title = "Old title";
    added.model = "m";
    commit(store().add_conversation(added));
    core::ConversationChange change;
    change.title = "New title";
    change.archived = true;
    const core::Conversation changed = run(store().change_conversation("local", added.id, change));
    EXPECT_EQ(changed.title, "New title");
    EXPECT_TRUE(changed.archived);
    EXPECT_EQ(changed.model, "m");
    EXPECT_EQ(changed.metadata, "{}");
    EXPECT_GE(changed.updated_at, added.updated_at);
    EXPECT_THAT(list({.owner = "local", .search = "old"}).items, IsEmpty());
    EXPECT_THAT(ids_of(list({.owner = "local", .search = "new"})), ElementsAre(added.id));
}

TEST_F(Conversations, GetAFirstTitleOnce) {
    const core::Conversation added = stored_conversation();
    commit(store().set_first_title(added.id, "First"));
    commit(store().set_first_title(added.id, "Second"));
    EXPECT_EQ(run(store().conversation("local", added.id)).title, "First");
    EXPECT_THAT(list({.owner = "local", .search = "second"}).items, IsEmpty());
    EXPECT_THAT(ids_of(list({.owner = "local", .search = "first"})), ElementsAre(added.id));
}

TEST_F(Conversations, GetAModelsTitleInPlaceOfTheFirstMessageOnly) {
    const core::Conversation added = stored_conversation();
    const auto read = [&] { return run(store().conversation("local", added.id)); };
    commit(store().set_first_title(added.id, "grow me a cluster"));
    EXPECT_EQ(read().title_source, core::TitleSource::first_message);
    commit(store().set_model_title(added.id, "DLA cluster growth"));
    EXPECT_EQ(read().title, "DLA cluster growth");
    EXPECT_EQ(read().title_source, core::TitleSource::model);
    EXPECT_TRUE(read().title_is_news);
    EXPECT_EQ(read().updated_at, added.updated_at);
    EXPECT_THAT(list({.owner = "local", .search = "me"}).items, IsEmpty());
    EXPECT_THAT(ids_of(list({.owner = "local", .search = "growth"})), ElementsAre(added.id));
    commit(store().set_model_title(added.id, "Another"));
    EXPECT_EQ(read().title, "DLA cluster growth");
}

TEST_F(Conversations, KeepTheUsersTitleFromEveryModel) {
    core::Conversation named = a_conversation();
    named.title = "Mine";
    commit(store().add_conversation(named));
    const core::Conversation renamed = stored_conversation();
    commit(store().set_first_title(renamed.id, "First"));
    core::ConversationChange change;
    change.title = "Mine too";
    run(store().change_conversation("local", renamed.id, change));
    for (const core::Conversation& each : {named, renamed})
        commit(store().set_model_title(each.id, "A model's"));
    EXPECT_EQ(run(store().conversation("local", named.id)).title, "Mine");
    EXPECT_EQ(run(store().conversation("local", renamed.id)).title, "Mine too");
    EXPECT_FALSE(run(store().conversation("local", renamed.id)).title_is_news);
}

TEST_F(Conversations, KeepTheirTitleWhenAModelGaveNone) {
    const core::Conversation added = stored_conversation();
    commit(store().set_first_title(added.id, "First"));
    commit(store().set_model_title(added.id, ""));
    const core::Conversation read = run(store().conversation("local", added.id));
    EXPECT_EQ(read.title, "First");
    EXPECT_EQ(read.title_source, core::TitleSource::model);  // nobody is asked again
    EXPECT_FALSE(read.title_is_news);
}

TEST_F(Conversations, HaveATitleThatIsNewsUntilATurnHasToldIt) {
    const core::Conversation added = stored_conversation();
    commit(store().set_first_title(added.id, "First"));
    commit(store().set_model_title(added.id, "Second"));
    core::Turn turn = begun_turn(added);
    turn.state = core::TurnState::completed;
    turn.title = "First";  // told before the new one came
    commit(store().end_turn(turn, std::nullopt));
    EXPECT_TRUE(run(store().conversation("local", added.id)).title_is_news);
    turn.title = "Second";
    commit(store().end_turn(turn, std::nullopt));
    EXPECT_FALSE(run(store().conversation("local", added.id)).title_is_news);
}

TEST_F(Conversations, AreListedNewestUpdateFirst) {
    core::Conversation one = a_conversation();
    one.created_at = one.updated_at = at(10);
    core::Conversation two = a_conversation();
    two.created_at = two.updated_at = at(20);
    commit(store().add_conversation(one));
    commit(store().add_conversation(two));
    EXPECT_THAT(ids_of(list({.owner = "local"})), ElementsAre(two.id, one.id));
    begun_turn(one);  // updates it now
    EXPECT_THAT(ids_of(list({.owner = "local"})), ElementsAre(one.id, two.id));
}

TEST_F(Conversations, AreFilteredByProjectAndArchive) {
    core::Conversation in_project = a_conversation();
    const std::string project = stored_project("p").id.text();
    in_project.project_id = project;
    commit(store().add_conversation(in_project));
    core::Conversation archived = a_conversation();
    archived.archived = true;
    commit(store().add_conversation(archived));
    EXPECT_THAT(ids_of(list({.owner = "local", .project_id = project})), ElementsAre(in_project.id));
    EXPECT_THAT(ids_of(list({.owner = "local", .archived = true})), ElementsAre(archived.id));
    EXPECT_THAT(ids_of(list({.owner = "local", .archived = false})), ElementsAre(in_project.id));
    EXPECT_THAT(list({.owner = "local", .project_id = "other"}).items, IsEmpty());
}

TEST_F(Conversations, PageWithoutLossOrRepetitionWhenTimesAreEqual) {
    std::set<ConversationId> added;
    for (int i = 0; i < 250; ++i) {
        core::Conversation conversation = a_conversation();
        conversation.created_at = conversation.updated_at = at(1);
        added.insert(conversation.id);
        store().add_conversation(conversation);
    }
    stored_conversation("another owner");
    std::set<ConversationId> seen;
    std::size_t count = 0;
    core::ConversationQuery query{.owner = "local", .limit = 7};
    do {
        const auto page = list(query);
        for (const auto& conversation : page.items) seen.insert(conversation.id);
        count += page.items.size();
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(count, 250u);
    EXPECT_EQ(seen, added);
}

TEST_F(Conversations, ALastPageThatIsFullHasNoNext) {
    for (int i = 0; i < 4; ++i) stored_conversation();
    const auto first = list({.owner = "local", .limit = 2});
    ASSERT_FALSE(first.next.empty());
    const auto second = list({.owner = "local", .limit = 2, .cursor = first.next});
    EXPECT_EQ(second.items.size(), 2u);
    EXPECT_EQ(second.next, "");
}

TEST_F(Conversations, RefuseCursorsOfAnotherList) {
    for (int i = 0; i < 3; ++i) stored_conversation();
    const std::string cursor = list({.owner = "local", .limit = 1}).next;
    for (const std::string& wrong :
         {std::string("none"), std::string(48, '0'), cursor + "0", cursor.substr(1)})
        EXPECT_EQ(error_of(store().conversations({.owner = "local", .cursor = wrong})), ErrorCode::validation)
            << wrong;
    EXPECT_EQ(error_of(store().conversations({.owner = "you", .cursor = cursor})), ErrorCode::validation);
    EXPECT_EQ(error_of(store().conversations({.owner = "local", .archived = false, .cursor = cursor})),
              ErrorCode::validation);
    EXPECT_EQ(error_of(store().conversations({.owner = "local", .limit = 0})), ErrorCode::validation);
}

TEST_F(Conversations, AreFoundByTheirMessagesWords) {
    const core::Conversation one = stored_conversation();
    const core::Conversation two = stored_conversation();
    const core::Conversation others = stored_conversation("you");
    begun_turn(one, "Count the boxes of the fractal, bitte für Köln");
    begun_turn(two, "Plot the radius of gyration");
    begun_turn(others, "Count the boxes too");
    EXPECT_THAT(ids_of(list({.owner = "local", .search = "boxes count"})), ElementsAre(one.id));
    EXPECT_THAT(ids_of(list({.owner = "local", .search = "GYRA"})), ElementsAre(two.id));
    EXPECT_THAT(ids_of(list({.owner = "local", .search = "koln"})), ElementsAre(one.id));
    EXPECT_THAT(list({.owner = "local", .search = "boxes gyration"}).items, IsEmpty());
    for (const char* odd : {"\"", "boxes\" OR \"x", "NEAR(", "*", "-", "title:", "^", "(((", "' OR 1=1 --"})
        EXPECT_NO_THROW(list({.owner = "local", .search = odd})) << odd;
    EXPECT_THAT(list({.owner = "local", .search = "??"}).items, IsEmpty());
}

// "found in" the newest message that has the words and is shown, which is marked in it.
TEST_F(Conversations, FoundOnesSayWhere) {
    const core::Conversation one = stored_conversation();
    const core::Turn first = begun_turn(one, "Count the boxes");
    const core::Message reply = a_message(first, core::Role::assistant, "Größe:\nthe **Boxes** have 3 sides");
    commit(store().append_message(reply));
    commit(store().append_message(a_message(first, core::Role::assistant, "Nothing of it")));
    const auto found = list({.owner = "local", .search = "box"}).items;
    ASSERT_EQ(found.size(), 1u);
    ASSERT_TRUE(found[0].hit);
    EXPECT_EQ(found[0].hit->message, reply.id);
    EXPECT_EQ(found[0].hit->excerpt.text, "Größe: the **Boxes** have 3 sides");
    ASSERT_EQ(found[0].hit->excerpt.marks.size(), 1u);
    EXPECT_EQ(found[0].hit->excerpt.marks[0], (core::Excerpt::Mark{13, 18}));
    EXPECT_FALSE(list({.owner = "local"}).items[0].hit);

    run(store().change_conversation("local", one.id, {.title = "Gyration"}));
    const auto titled = list({.owner = "local", .search = "gyration"}).items;
    ASSERT_EQ(titled.size(), 1u);
    EXPECT_FALSE(titled[0].hit);
}

TEST_F(Conversations, AreNotFoundByWhatWasTakenBack) {
    const core::Conversation one = stored_conversation();
    const core::Turn first = begun_turn(one, "Count the boxes");
    commit(store().append_message(a_message(first, core::Role::assistant, "Sixty gyrations")));
    EXPECT_THAT(list({.owner = "local", .search = "gyrations"}).items, testing::SizeIs(1));
    run(store().begin_turn_again(a_turn(one), run(store().last_user_message(one.id))->id));
    EXPECT_THAT(list({.owner = "local", .search = "gyrations"}).items, IsEmpty());
}

TEST_F(Conversations, WithoutATitleSayWhatWasSaidFirst) {
    const core::Conversation one = stored_conversation();
    const core::Turn first = begun_turn(one, "Count the boxes\nof all clusters");
    commit(store().append_message(a_message(first, core::Role::assistant, "Sixty")));
    run(store().change_conversation("local", one.id, {.title = ""}));
    EXPECT_EQ(list({.owner = "local"}).items[0].first_message_preview, "Count the boxes");
    run(store().change_conversation("local", one.id, {.title = "Boxes"}));
    EXPECT_EQ(list({.owner = "local"}).items[0].first_message_preview, "");
}

TEST_F(Conversations, FoundOnesArePagedToo) {
    for (int i = 0; i < 9; ++i) begun_turn(stored_conversation(), "the same words");
    std::set<ConversationId> seen;
    core::ConversationQuery query{.owner = "local", .search = "same", .limit = 2};
    do {
        const auto page = list(query);
        for (const auto& conversation : page.items) EXPECT_TRUE(seen.insert(conversation.id).second);
        query.cursor = page.next;
    } while (!query.cursor.empty());
    EXPECT_EQ(seen.size(), 9u);
}

// Every row of every table, those behind the full-text index among them.
std::map<std::string, std::int64_t> row_counts(const std::filesystem::path& file) {
    Database db(file, Database::Mode::read_only);
    std::map<std::string, std::int64_t> counts;
    for (const char* count :
         {"SELECT 'conversations', count(*) FROM conversations", "SELECT 'messages', count(*) FROM messages",
          "SELECT 'turns', count(*) FROM turns", "SELECT 'tool_calls', count(*) FROM tool_calls",
          "SELECT 'jobs', count(*) FROM jobs", "SELECT 'artifacts', count(*) FROM artifacts",
          "SELECT 'loose_files', count(*) FROM loose_files"}) {
        Rows rows = db.query(count);
        rows.next();
        counts[rows.text(0)] = rows.integer(1);
    }
    // The index of words: what an FTS5 vocabulary still knows.
    Database memory(file, Database::Mode::read_only);
    memory.script("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, message_search, row)");
    memory.script("CREATE VIRTUAL TABLE temp.titles USING fts5vocab(main, title_search, row)");
    Rows words = memory.query("SELECT (SELECT count(*) FROM words), (SELECT count(*) FROM titles)");
    words.next();
    counts["words"] = words.integer(0);
    counts["titles"] = words.integer(1);
    return counts;
}

std::size_t stored_files(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) ++count;
    return count;
}

TEST_F(Conversations, LeaveNothingBehindWhenRemoved) {
    core::Conversation conversation = a_conversation();
    conversation.title = "To be removed";
    commit(store().add_conversation(conversation));
    const core::Turn turn = begun_turn(conversation, "some searchable words");
    store().append_message(a_reply_with_calls(turn, {"c1"}));
    core::Job job;
    job.id = JobId::make();
    job.owner = "local";
    job.conversation = conversation.id;
    commit(store().put_job(job));
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back({artifacts().new_file(), {}});
    drafts[0].about.owner = "local";
    drafts[0].about.conversation = conversation.id;
    ASSERT_EQ(::write(drafts[0].file.get(), "bytes", 5), 5);
    run(artifacts().add(std::move(drafts)));
    auto counts = row_counts(database());
    for (const char* table :
         {"conversations", "messages", "turns", "tool_calls", "jobs", "artifacts", "words", "titles"})
        EXPECT_GT(counts[table], 0) << table;
    ASSERT_EQ(stored_files(folder_.path() / "state" / "artifacts"), 1u);

    run(store().remove_conversation("local", conversation.id));

    for (const auto& [table, count] : row_counts(database())) EXPECT_EQ(count, 0) << table;
    EXPECT_EQ(stored_files(folder_.path() / "state" / "artifacts"), 0u);
    EXPECT_EQ(error_of(store().conversation("local", conversation.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(store().turn("local", turn.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(store().append_message(a_message(turn, core::Role::assistant, "late")).committed()),
              ErrorCode::not_found);
}

TEST_F(Conversations, KeepAFileThatAnotherOneNeeds) {
    const core::Conversation one = stored_conversation();
    const core::Conversation two = stored_conversation();
    for (const auto* conversation : {&one, &two}) {
        std::vector<core::ArtifactDraft> drafts;
        drafts.push_back({artifacts().new_file(), {}});
        drafts[0].about.owner = "local";
        drafts[0].about.conversation = conversation->id;
        ASSERT_EQ(::write(drafts[0].file.get(), "same", 4), 4);
        run(artifacts().add(std::move(drafts)));
    }
    EXPECT_EQ(stored_files(folder_.path() / "state" / "artifacts"), 1u);
    run(store().remove_conversation("local", one.id));
    EXPECT_EQ(stored_files(folder_.path() / "state" / "artifacts"), 1u);
    run(store().remove_conversation("local", two.id));
    EXPECT_EQ(stored_files(folder_.path() / "state" / "artifacts"), 0u);
}

}  // namespace
}  // namespace assistd::store
