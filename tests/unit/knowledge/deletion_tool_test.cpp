// delete_artifacts over real artifacts and a real knowledge base.

#include "tools/deletion_tool.h"

#include <nlohmann/json.hpp>

#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::SizeIs;

class DeletionToolTest : public KnowledgeTest {
  protected:
    // The artifacts as the executor opens them.
    tools::SourceCall call_for(const std::vector<ArtifactId>& ids) {
        tools::SourceCall call;
        call.call.owner = "local";
        for (const ArtifactId& id : ids)
            call.artifacts.push_back({run(artifacts().find("local", id.text())), UniqueFd()});
        return call;
    }
    tools::SourceResult deleted(tools::SourceCall call) {
        tools::DeletionTool tool(artifacts(), knowledge());
        return run(tool.call(std::move(call), [](const core::ToolProgress&) {}));
    }
};

TEST_F(DeletionToolTest, WaitsForAPerson) {
    const auto spec = tools::deletion_specs().front();
    EXPECT_TRUE(spec->effects.destructive);
    EXPECT_FALSE(spec->effects.idempotent);
}

TEST_F(DeletionToolTest, WhatIsDeletedIsFoundNoMore) {
    const VectorStoreId store = made_store();
    const ArtifactId granite = indexed(store, "granite is a rock", "granite.txt");
    const ArtifactId basalt = indexed(store, "basalt is a rock", "basalt.txt");
    ASSERT_THAT(found("rock"), SizeIs(2));
    const auto result = deleted(call_for({granite}));
    EXPECT_TRUE(result.success);
    EXPECT_THAT(json::parse(result.data)["deleted"], SizeIs(1));
    EXPECT_THAT(found("granite"), IsEmpty());
    ASSERT_THAT(found("rock"), SizeIs(1));
    EXPECT_EQ(run(knowledge().store("local", store)).counts.total(), 1);
    EXPECT_EQ(error_of(artifacts().find("local", granite.text())), ErrorCode::not_found);
    EXPECT_NO_THROW(run(artifacts().find("local", basalt.text())));
}

TEST_F(DeletionToolTest, SeveralAndWhatIsGoneMeanwhile) {
    const std::vector<ArtifactId> ids{uploaded("a", "a.txt"), uploaded("b", "b.txt"), uploaded("c", "c.txt")};
    tools::SourceCall call = call_for(ids);
    run(artifacts().remove("local", ids[1].text()));
    const auto result = deleted(std::move(call));
    EXPECT_TRUE(result.success) << result.message;
    EXPECT_TRUE(result.summary.starts_with("Deleted ")) << result.summary;
    EXPECT_NE(result.summary.find(" and "), std::string::npos) << result.summary;
    for (const ArtifactId& id : ids)
        EXPECT_EQ(error_of(artifacts().find("local", id.text())), ErrorCode::not_found);
}

}  // namespace
}  // namespace assistd::knowledge
