#include "store/assistants.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

class AssistantRows : public StoreTest {
  protected:
    core::Assistants& assistants() { return storage_->assistants(); }

    core::Assistant added(const core::Owner& owner = "local", const std::string& name = "",
                          Timestamp time = at(7)) {
        core::Assistant assistant;
        assistant.id = AssistantId::make();
        assistant.owner = owner;
        assistant.name = name;
        assistant.model = "m";
        assistant.created_at = time;  // of most the same: the order is that of the rows
        run(assistants().add(assistant));
        return assistant;
    }
    std::vector<AssistantId> page(const core::ListRange<AssistantId>& range, bool* more = nullptr) {
        const auto slice = run(assistants().list("local", range));
        if (more) *more = slice.has_more;
        std::vector<AssistantId> ids;
        for (const core::Assistant& assistant : slice.items) ids.push_back(assistant.id);
        return ids;
    }
};

TEST_F(AssistantRows, AreReadAsTheyWereAdded) {
    core::Assistant assistant;
    assistant.id = AssistantId::make();
    assistant.owner = "local";
    assistant.name = "測る 😀";
    assistant.description = "d";
    assistant.model = "main:m";
    assistant.instructions = std::string(256'000, 'i');
    assistant.tools = R"([{"type":"file_search"}])";
    assistant.tool_resources = R"({"file_search":{"vector_store_ids":[]}})";
    assistant.metadata = R"({"a":"1"})";
    assistant.response_format = R"({"type":"json_object"})";
    assistant.temperature = 0;
    assistant.reasoning_effort = "low";
    assistant.created_at = at(9);
    run(assistants().add(assistant));
    reopen();
    EXPECT_EQ(run(assistants().find("local", assistant.id)), assistant);
}

TEST_F(AssistantRows, OfAnotherOwnerAreNotFound) {
    const core::Assistant mine = added("me");
    EXPECT_EQ(error_of(assistants().find("you", mine.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(assistants().change("you", mine.id, {})), ErrorCode::not_found);
    EXPECT_EQ(error_of(assistants().remove("you", mine.id)), ErrorCode::not_found);
    EXPECT_TRUE(run(assistants().list("you", {})).items.empty());
    core::ListRange<AssistantId> behind_mine;
    behind_mine.after = mine.id;
    EXPECT_TRUE(run(assistants().list("you", behind_mine)).items.empty());  // a moment, and no more
    EXPECT_EQ(run(assistants().find("me", mine.id)), mine);
}

TEST_F(AssistantRows, ChangeOnlyWhatIsSetAndMergeMetadata) {
    core::Assistant assistant = added();
    core::AssistantChange change;
    change.name = "new";
    change.temperature = 0.5;
    change.metadata = R"({"a":"1","b":"2"})";
    core::Assistant changed = run(assistants().change("local", assistant.id, change));
    assistant.name = "new";
    assistant.temperature = 0.5;
    assistant.metadata = R"({"a":"1","b":"2"})";
    EXPECT_EQ(changed, assistant);
    change = {};
    change.temperature = std::optional<double>();
    change.top_p = 1;
    change.metadata = R"({"a":null})";
    changed = run(assistants().change("local", assistant.id, change));
    assistant.temperature.reset();
    assistant.top_p = 1;
    assistant.metadata = R"({"b":"2"})";
    EXPECT_EQ(changed, assistant);
    EXPECT_EQ(run(assistants().find("local", assistant.id)), assistant);
}

TEST_F(AssistantRows, ArePagedInBothOrdersWithoutLoss) {
    std::vector<AssistantId> oldest_first;
    for (int i = 0; i < 45; ++i) {
        oldest_first.push_back(added().id);
        added("somebody else");
    }
    for (const core::Order order : {core::Order::ascending, core::Order::descending}) {
        std::vector<AssistantId> expected = oldest_first;
        if (order == core::Order::descending) std::reverse(expected.begin(), expected.end());
        core::ListRange<AssistantId> range;
        range.order = order;
        range.limit = 20;
        std::vector<AssistantId> seen;
        bool more = true;
        while (more) {
            const auto ids = page(range, &more);
            ASSERT_FALSE(ids.empty());
            seen.insert(seen.end(), ids.begin(), ids.end());
            range.after = seen.back();
        }
        EXPECT_EQ(seen, expected);
        // Back from the end: those closest to the cursor, in the list's order.
        core::ListRange<AssistantId> back;
        back.order = order;
        back.limit = 3;
        back.before = expected[10];
        EXPECT_THAT(page(back, &more), ElementsAreArray(expected.begin() + 7, expected.begin() + 10));
        EXPECT_TRUE(more);
        back.before = expected[2];
        EXPECT_THAT(page(back, &more), ElementsAreArray(expected.begin(), expected.begin() + 2));
        EXPECT_FALSE(more);
        back.after = expected[0];
        back.before = expected[9];
        EXPECT_THAT(page(back, &more), ElementsAreArray(expected.begin() + 1, expected.begin() + 4));
        EXPECT_TRUE(more);
    }
}

TEST_F(AssistantRows, AnUnknownCursorIsNamed) {
    core::ListRange<AssistantId> range;
    range.before = AssistantId::parse("asst_" + std::string(31, '0') + "1");  // made before any daemon was
    try {
        run(assistants().list("local", range));
        ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        EXPECT_EQ(error.fields().at(0).field, "before");
        EXPECT_THAT(error.what(), HasSubstr("nothing that is in this list"));
    }
}

TEST_F(AssistantRows, CanBeRemovedWhileTheyAreListed) {
    for (int i = 0; i < 5; ++i) added("local", "", now());
    for (const core::Order order : {core::Order::ascending, core::Order::descending}) {
        const core::Assistant more = added("local", "", now());
        core::ListRange<AssistantId> range;
        range.order = order;
        range.limit = 2;
        for (;;) {
            const auto slice = run(assistants().list("local", range));
            for (const core::Assistant& one : slice.items) run(assistants().remove("local", one.id));
            if (!slice.has_more) break;
            range.after = slice.items.back().id;
        }
        EXPECT_EQ(error_of(assistants().find("local", more.id)), ErrorCode::not_found);
    }
}

TEST_F(AssistantRows, GoWhenTheyAreRemoved) {
    const core::Assistant one = added();
    run(assistants().remove("local", one.id));
    EXPECT_EQ(error_of(assistants().find("local", one.id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(assistants().remove("local", one.id)), ErrorCode::not_found);
}

}  // namespace
}  // namespace assistd::store
