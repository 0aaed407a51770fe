// file_search over a real knowledge base.

#include "tools/document_tools.h"

#include <nlohmann/json.hpp>

#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::SizeIs;

class DocumentToolsTest : public KnowledgeTest {
  protected:
    json search(const json& arguments, core::SearchScope scope = {}, std::size_t most_bytes = 64 << 10) {
        tools::DocumentTools tools(knowledge(), most_bytes);
        tools::SourceCall call;
        call.call.name = "file_search";
        call.call.arguments = arguments.dump();
        call.call.owner = "local";
        call.call.search = std::move(scope);
        const tools::SourceResult result = run(tools.call(std::move(call), [](const core::ToolProgress&) {}));
        EXPECT_TRUE(result.success);
        return json::parse(result.data);
    }
    void fill(int files) {
        const VectorStoreId store = made_store();
        std::vector<core::FileToIndex> all;
        for (int i = 0; i < files; ++i)
            all.push_back({uploaded("cluster " + std::to_string(i), std::to_string(i) + ".txt"), "{}", {}});
        run(knowledge().add_batch("local", store, all));
        settle(store);
    }
};

TEST_F(DocumentToolsTest, HowManyPassagesThereAreIsTheAssistantsWordAndThenTheModels) {
    fill(12);
    core::SearchScope scope;
    EXPECT_THAT(search({{"query", "cluster"}})["passages"], SizeIs(8));
    EXPECT_THAT(search({{"query", "cluster"}, {"limit", 11}})["passages"], SizeIs(11));
    scope.most_results = 3;
    EXPECT_THAT(search({{"query", "cluster"}}, scope)["passages"], SizeIs(3));
    EXPECT_THAT(search({{"query", "cluster"}, {"limit", 11}}, scope)["passages"], SizeIs(3));
    EXPECT_THAT(search({{"query", "cluster"}, {"limit", 2}}, scope)["passages"], SizeIs(2));
    scope.most_results = 10;
    EXPECT_THAT(search({{"query", "cluster"}}, scope)["passages"], SizeIs(10));
}

TEST_F(DocumentToolsTest, TheThresholdAndTheNumberAreTheTurns) {
    fill(2);
    core::SearchScope scope;
    scope.number = 4;
    const json data = search({{"query", "cluster granite"}}, scope);
    ASSERT_THAT(data["passages"], SizeIs(2));
    EXPECT_EQ(data["search"], 4);
    EXPECT_TRUE(data["passages"][1]["marker"].get<std::string>().starts_with("【4:2†"));
    scope.score_threshold = 0.9;
    EXPECT_THAT(search({{"query", "cluster granite"}}, scope)["passages"], IsEmpty());
    EXPECT_THAT(search({{"query", "cluster"}}, scope)["passages"], SizeIs(2));
}

// A longer result is not shown whole, and nothing in it could be cited.
TEST_F(DocumentToolsTest, AResultIsNeverLongerThanAModelIsShown) {
    const VectorStoreId store = made_store();
    std::string text;
    for (int i = 0; i < 30'000; ++i) text += "cluster \"quoted\" ";
    indexed(store, text);
    const json data = search({{"query", "cluster"}, {"limit", 50}}, {}, 20'000);
    EXPECT_LE(data.dump().size(), 20'000u);
    EXPECT_GT(data["passages"].size(), 1u);
    EXPECT_EQ(data["passages"].size() + data["left_out"].get<std::size_t>(), 50u);
}

}  // namespace
}  // namespace assistd::knowledge
