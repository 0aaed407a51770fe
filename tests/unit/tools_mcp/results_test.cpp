#include "tools/mcp/results.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "unit/tools/fakes.h"

namespace assistd::tools::mcp {
namespace {

struct McpResults : testing::Test {
    SourceResult of(const Json& result) { return call_result(result, artifacts, "lab_"); }
    static Json text(const std::string& words) { return {{"type", "text"}, {"text", words}}; }

    FakeArtifacts artifacts;
};

TEST_F(McpResults, TextIsData) {
    const SourceResult result = of({{"content", {text("one"), text("two")}}});
    EXPECT_TRUE(result.success);
    EXPECT_EQ(result.data, "\"one\\ntwo\"");
    EXPECT_EQ(result.summary, "one");
    EXPECT_EQ(of({{"content", Json::array()}}).data, "\"\"");
}

TEST_F(McpResults, TextThatIsJsonIsRead) {
    const SourceResult result = of({{"content", {text(R"({"n": 1})")}}});
    EXPECT_EQ(result.data, R"({"n":1})");
    EXPECT_EQ(result.summary, "");
    EXPECT_EQ(of({{"content", {text("{not json")}}}).data, "\"{not json\"");
    EXPECT_EQ(of({{"content", {text("12")}}}).data, "\"12\"");
}

TEST_F(McpResults, StructuredContentIsTheData) {
    const SourceResult result = of({{"content", {text("There is one.")}}, {"structuredContent", {{"n", 1}}}});
    EXPECT_EQ(result.data, R"({"n":1})");
    EXPECT_EQ(result.summary, "There is one.");
}

TEST_F(McpResults, AnErrorIsAFailureThatTheModelMayMend) {
    const SourceResult result = of(
        {{"content", {text("no such star")}}, {"isError", true}, {"structuredContent", {{"hint", "sun"}}}});
    EXPECT_FALSE(result.success);
    EXPECT_TRUE(result.recoverable);
    EXPECT_EQ(result.message, "no such star");
    EXPECT_EQ(result.details, R"({"hint":"sun"})");
    EXPECT_EQ(of({{"content", Json::array()}, {"isError", true}}).message,
              "The tool failed and did not say why.");
}

TEST_F(McpResults, WhatIsNoAnswerIsAFailure) {
    for (const Json& bad : {Json(), Json(3), Json::object(), Json{{"content", "text"}}})
        EXPECT_FALSE(of(bad).success) << bad;
    EXPECT_FALSE(resource_result(Json::object(), artifacts).success);
    EXPECT_FALSE(prompt_result({{"messages", 1}}, artifacts, "lab_").success);
    EXPECT_TRUE(of({{"content", {Json(), 3, {{"type", 4}}}}}).success) << "pieces that are none are left out";
}

TEST_F(McpResults, FilesAreBoundedAndHaveNames) {
    const auto blob = [](const std::string& uri, const std::string& type) {
        return Json{{"type", "resource"}, {"resource", {{"uri", uri}, {"mimeType", type}, {"blob", "eA=="}}}};
    };
    const SourceResult named = of(
        {{"content",
          {blob("file:///a/b.csv?x=/y", "text/csv"), blob("x:/../", "text/csv"), blob("", "bad\r\ntype")}}});
    ASSERT_EQ(named.artifacts.size(), 3u);
    EXPECT_EQ(named.artifacts[0].about.name, "b.csv");
    EXPECT_EQ(named.artifacts[1].about.name, "resource-2.csv");
    EXPECT_EQ(named.artifacts[2].about.media_type, "application/octet-stream");
    Json many = Json::array();
    for (int i = 0; i < 40; ++i) many.push_back(blob("x", "image/png"));
    const SourceResult result = of({{"content", many}});
    EXPECT_EQ(result.artifacts.size(), 32u);
    EXPECT_EQ(result.artifacts[0].about.kind, "image");
}

}  // namespace
}  // namespace assistd::tools::mcp
