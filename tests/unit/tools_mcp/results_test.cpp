#include "tools/mcp/results.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

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

TEST_F(McpResults, WhatIsSaidBesideStructuredContentIsToldOnce) {
    const Json data = {{"n", 1}, {"names", {"Ann", {{"last", "Bo"}}}}};
    const auto told = [&](const std::vector<std::string>& words) {
        Json content = Json::array();
        for (const std::string& one : words) content.push_back(text(one));
        const SourceResult result = of({{"content", content}, {"structuredContent", data}});
        EXPECT_EQ(Json::parse(result.data), data);
        return result.summary;
    };
    EXPECT_EQ(told({"There is one.", "Its name\nis Ann."}), "There is one.\nIts name\nis Ann.");
    EXPECT_EQ(told({data.dump(2)}), "") << "the data again";
    EXPECT_EQ(told({"Ann", R"({"last": "Bo"})", "1"}), "") << "its parts";
    EXPECT_EQ(told({R"({"last": "Bob"})"}), R"({"last": "Bob"})") << "other data";
    EXPECT_EQ(told({std::string(20'000, 'x')}), std::string(16'384, 'x') + "…");
}

TEST_F(McpResults, FilesAndLinksBesideStructuredContentAreKept) {
    const Json table = {{"uri", "file:///t.csv"}, {"mimeType", "text/csv"}, {"text", "a,b\n"}};
    const SourceResult result =
        of({{"content",
             {{{"type", "image"}, {"data", "eA=="}, {"mimeType", "image/png"}},
              {{"type", "resource"}, {"resource", table}},
              {{"type", "resource_link"}, {"name", "plot-3"}, {"uri", "assistd://artifacts/plot-3"}}}},
            {"structuredContent", {{"n", 1}}}});
    EXPECT_EQ(result.data, R"({"n":1})");
    EXPECT_EQ(result.summary, "[Resource plot-3: assistd://artifacts/plot-3. lab_read_resource reads it.]");
    ASSERT_EQ(result.artifacts.size(), 2u);
    EXPECT_EQ(result.artifacts[0].about.name, "image-1.png");
    EXPECT_EQ(result.artifacts[1].about.name, "t.csv");
    EXPECT_EQ(result.artifacts[1].about.media_type, "text/csv");
    char bytes[8] = {};
    EXPECT_EQ(::pread(result.artifacts[1].file.get(), bytes, sizeof bytes, 0), 4);
    EXPECT_STREQ(bytes, "a,b\n");
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
