#include "tools/mcp/mcp_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace assistd::tools::mcp {
namespace {

using testing::ElementsAre;

TEST(McpHeaders, ValuesThatNoHeaderTakesAreEncoded) {
    EXPECT_EQ(header_value("plain text"), "plain text");
    EXPECT_EQ(header_value("köln"), "=?base64?a8O2bG4=?=");
    EXPECT_EQ(header_value(""), std::string("=?base64?") + "?=");
    EXPECT_EQ(header_value(" x"), "=?base64?IHg=?=");
    EXPECT_EQ(header_value("a\r\nB: c"), "=?base64?YQ0KQjogYw==?=");
    EXPECT_EQ(header_value("=?base64?eA==?="), "=?base64?PT9iYXNlNjQ/ZUE9PT89?=");
}

const Json schema = Json::parse(R"({"type":"object","properties":{
    "region":{"type":"string","x-mcp-header":"Region"},
    "deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}},
    "dry":{"type":"boolean","x-mcp-header":"Dry"},
    "other":{"type":"string"}}})");

TEST(McpHeaders, ArgumentsGoWhereTheirSchemaSays) {
    const auto arguments = header_arguments(schema);
    const Json values = {{"region", "eu"}, {"deep", {{"n", 7}}}, {"dry", false}, {"other", "x"}};
    EXPECT_THAT(headers_for("tool", arguments, values),
                testing::UnorderedElementsAre("Mcp-Name: tool", "Mcp-Param-Region: eu", "Mcp-Param-N: 7",
                                              "Mcp-Param-Dry: false"));
    EXPECT_THAT(headers_for("tool", arguments, {{"region", nullptr}, {"deep", 3}}),
                ElementsAre("Mcp-Name: tool"));
}

TEST(McpHeaders, SchemasThatTheSpecificationDoesNotAllowAreRefused) {
    for (
        const char* bad :
        {R"({"x-mcp-header":"A"})", R"({"properties":{"a":{"type":"number","x-mcp-header":"A"}}})",
         R"({"properties":{"a":{"type":"string","x-mcp-header":"A b"}}})",
         R"({"properties":{"a":{"type":"string","x-mcp-header":""}}})",
         R"({"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}})",
         R"({"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}})",
         R"({"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]})"})
        EXPECT_THROW(header_arguments(Json::parse(bad)), Error) << bad;
    EXPECT_TRUE(header_arguments(Json::parse(R"({"type":"object"})")).empty());
}

}  // namespace
}  // namespace assistd::tools::mcp
