#include "api/mcp/tool_list.h"

#include <gtest/gtest.h>

namespace assistd::api::mcp {
namespace {

core::ToolSet of(const core::ToolSpec& tool) {
    core::ToolSet set;
    set.tools.push_back(std::make_shared<core::ToolSpec>(tool));
    return set;
}

TEST(ToolList, SchemasAreWhatStrictClientsTake) {
    core::ToolSpec tool;
    tool.name = "grow";
    for (const char* schema : {"{}", "true", "nonsense", R"({"type": "object"})"}) {
        tool.input_schema = schema;
        const Json shown = tool_list(of(tool), nullptr)["tools"][0];
        EXPECT_EQ(shown["inputSchema"], Json::parse(R"({"type": "object", "properties": {}})")) << schema;
    }
    tool.input_schema = R"({"properties": {"n": {"type": "integer", "x-mcp-header": "N"}}})";
    EXPECT_EQ(tool_list(of(tool), nullptr)["tools"][0]["inputSchema"]["properties"]["n"],
              Json::parse(R"({"type": "integer"})"));
    for (const char* other : {"{}", R"({"type": "array"})", R"({"type": ["object", "null"]})", "[]"}) {
        tool.output_schema = other;
        EXPECT_FALSE(tool_list(of(tool), nullptr)["tools"][0].contains("outputSchema")) << other;
    }
    tool.output_schema = R"({"type": "object"})";
    EXPECT_TRUE(tool_list(of(tool), nullptr)["tools"][0].contains("outputSchema"));
}

TEST(ToolList, EffectsAreHints) {
    core::ToolSpec tool;
    tool.name = "fetch";
    tool.effects.network = true;
    tool.effects.reads = true;
    EXPECT_EQ(tool_list(of(tool), nullptr)["tools"][0]["annotations"],
              Json::parse(R"({"title": "", "readOnlyHint": true, "destructiveHint": false,
                              "idempotentHint": false, "openWorldHint": true})"));
}

TEST(ToolList, AToolOfProjectsIsToldWhichUnlessItHasAnArgumentForIt) {
    core::ToolSpec tool;
    tool.name = "save";
    tool.requires_project = true;
    tool.input_schema = R"({"type": "object", "required": ["name"], "properties": {"name": {}}})";
    EXPECT_TRUE(takes_project(tool));
    EXPECT_EQ(tool_list(of(tool), nullptr)["tools"][0]["inputSchema"]["required"],
              Json::array({"name", "project_id"}));
    tool.input_schema = R"({"type": "object", "properties": {"project_id": {"type": "string"}}})";
    EXPECT_FALSE(takes_project(tool));
}

TEST(ToolList, SaysWhichDaemonsAToolComesThrough) {
    core::ToolSpec tool;
    tool.name = "far";
    tool.came_through = {"them", "others"};
    const Json listed = tool_list(of(tool), nullptr)["tools"][0];
    EXPECT_EQ(listed["_meta"]["org.assistd/came-through"], Json::array({"them", "others"}));
    tool.came_through.clear();
    EXPECT_FALSE(tool_list(of(tool), nullptr)["tools"][0].contains("_meta"));
}

}  // namespace
}  // namespace assistd::api::mcp
