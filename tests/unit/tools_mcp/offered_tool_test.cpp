#include "tools/mcp/offered_tool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assistd::tools::mcp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

Json tool(const std::string& name, const Json& more = Json::object()) {
    Json json = {{"name", name}, {"inputSchema", {{"type", "object"}}}};
    json.update(more);
    return json;
}

Offering offering() {
    Offering offering;
    offering.server = "lab";
    offering.prefix = "lab_";
    offering.version = "1.0";
    return offering;
}

std::vector<std::string> names_of(const OfferedTools& offered) {
    std::vector<std::string> names;
    for (const OfferedTool& one : offered.tools) names.push_back(one.spec->name);
    return names;
}

TEST(ToolNames, AreWhatEveryModelTakes) {
    EXPECT_EQ(clean_name("lab_", "get-it_2"), "lab_get-it_2");
    EXPECT_EQ(clean_name("lab_", "a.b/c d"), "lab_a_b_c_d");
    EXPECT_EQ(clean_name("lab_", "größe"), "lab_gr__e") << "one for each character";
    EXPECT_EQ(clean_name("lab_", std::string(200, 'x')).size(), 64u);
}

TEST(ToolNames, StayWhatTheyAre) {
    ToolNames names("p_");
    EXPECT_EQ(names.name_all({"a.b"}).at("a.b"), "p_a_b");
    const auto both = names.name_all({"a b", "a.b", "a_b"});
    EXPECT_EQ(both.at("a.b"), "p_a_b") << "as before, though a new one fits better";
    EXPECT_EQ(both.at("a b"), "p_a_b_2");
    EXPECT_EQ(both.at("a_b"), "p_a_b_3");
    EXPECT_EQ(names.name_all({"a b"}).at("a b"), "p_a_b_2");
    ToolNames others("p_");
    EXPECT_EQ(others.name_all({"a b", "a.b", "a_b"}).at("a_b"), "p_a_b") << "what fits as it is comes first";
    const std::string long_name(70, 'x');
    const auto cut = others.name_all({long_name, long_name + "y"});
    EXPECT_EQ(cut.at(long_name + "y"), "p_" + std::string(60, 'x') + "_2");
}

// Models are told all of it with every message.
TEST(OfferedTools, AreNoMoreThanModelsCanBeTold) {
    ToolNames names("lab_");
    const auto with_schema = [](const std::string& name, std::size_t bytes) {
        return tool(name, {{"inputSchema", {{"type", "object"}, {"description", std::string(bytes, 'd')}}}});
    };
    const auto offered = offered_tools(
        {with_schema("a", 60'000), with_schema("b", 60'000), with_schema("c", 70'000),
         with_schema("d", 60'000), with_schema("e", 60'000), with_schema("f", 60'000), tool("g")},
        offering(), names, {});
    EXPECT_THAT(names_of(offered), ElementsAre("lab_a", "lab_b", "lab_d", "lab_e", "lab_g"));
    EXPECT_THAT(offered.refusals,
                ElementsAre(HasSubstr("tool c is refused: Its input schema has 70"),
                            HasSubstr("tool f is refused: With it, more than 262144 bytes would be told")));
}

TEST(OfferedTools, SayWhatTheServerSays) {
    ToolNames names("lab_");
    const Json listed =
        tool("find",
             {{"title", "Find"}, {"description", "Finds stars."}, {"annotations", {{"readOnlyHint", true}}}});
    const auto offered = offered_tools({listed}, offering(), names, {});
    ASSERT_EQ(offered.tools.size(), 1u);
    const core::ToolSpec& spec = *offered.tools[0].spec;
    EXPECT_EQ(spec.name + " " + spec.title + " " + spec.description, "lab_find Find Finds stars.");
    EXPECT_EQ(spec.plugin + " " + spec.plugin_version + " " + spec.category, "mcp.lab 1.0 mcp");
    EXPECT_TRUE(spec.effects.reads && spec.effects.idempotent && spec.effects.network);
    EXPECT_FALSE(spec.effects.writes || spec.effects.destructive);
    EXPECT_EQ(offered.tools[0].own_name, "find");
}

TEST(OfferedTools, WhatSaysNothingOfItselfMayDoHarm) {
    ToolNames names("lab_");
    const auto effects = [&](const Json& annotations) {
        return offered_tools({tool("t", {{"annotations", annotations}})}, offering(), names, {})
            .tools.at(0)
            .spec->effects;
    };
    EXPECT_TRUE(effects(nullptr).destructive);
    EXPECT_TRUE(effects({{"readOnlyHint", "yes"}}).destructive) << "which is no truth value";
    EXPECT_FALSE(effects({{"destructiveHint", false}}).destructive);
    EXPECT_TRUE(effects({{"destructiveHint", false}}).writes);
    EXPECT_FALSE(effects({{"readOnlyHint", true}, {"destructiveHint", true}}).destructive);
    EXPECT_FALSE(effects({{"openWorldHint", false}}).network);
    EXPECT_TRUE(effects({{"idempotentHint", true}}).idempotent);
}

TEST(OfferedTools, WhatIsNoToolIsRefusedByItself) {
    ToolNames names("lab_");
    const auto offered = offered_tools({tool("good"), tool("bad", {{"inputSchema", {{"type", 7}}}}),
                                        tool("none", {{"inputSchema", nullptr}}), tool("good"), Json(3),
                                        tool(""), tool("odd", {{"outputSchema", {{"type", 7}}}})},
                                       offering(), names, {});
    EXPECT_THAT(names_of(offered), ElementsAre("lab_good", "lab_odd"));
    EXPECT_EQ(offered.tools[1].spec->output_schema, "{}");
    EXPECT_THAT(offered.refusals,
                UnorderedElementsAre(HasSubstr("bad is refused"), HasSubstr("none is refused"),
                                     HasSubstr("lists it twice"), HasSubstr("without a name"),
                                     HasSubstr("without a name")));
}

// Else its handles would be looked up among ours, where the same ones are other files.
TEST(OfferedTools, AnotherAssistdsHandlesAreTexts) {
    ToolNames names("lab_");
    const Json handle = {{"type", "string"}, {"format", "artifact"}, {"x-artifact-kinds", {"plot"}}};
    Json described = handle;
    described["description"] = "The plot to crop";
    const Json schema = {{"type", "object"},
                         {"properties",
                          {{"one", described},
                           {"more", {{"type", "array"}, {"items", handle}}},
                           {"format", {{"type", "string"}, {"format", "date"}}}}}};
    const auto offered = offered_tools({tool("crop", {{"inputSchema", schema}, {"outputSchema", schema}})},
                                       offering(), names, {});
    const std::string theirs = "A handle of the server lab, which knows its own files only.";
    const core::ToolSpec& spec = *offered.tools.at(0).spec;
    for (const std::string& text : {spec.input_schema, spec.output_schema}) {
        const Json told = Json::parse(text).at("properties");
        EXPECT_EQ(told.at("one"), (Json{{"type", "string"}, {"description", "The plot to crop. " + theirs}}));
        EXPECT_EQ(told.at("more").at("items"), (Json{{"type", "string"}, {"description", theirs}}));
        EXPECT_EQ(told.at("format").at("format"), "date");
    }
}

TEST(OfferedTools, WhatHasNotChangedIsTheSame) {
    ToolNames names("lab_");
    const auto before = offered_tools({tool("a"), tool("b")}, offering(), names, {});
    const auto after =
        offered_tools({tool("a"), tool("b", {{"description", "new"}})}, offering(), names, before.tools);
    EXPECT_EQ(after.tools[0].spec, before.tools[0].spec);
    EXPECT_NE(after.tools[1].spec, before.tools[1].spec);
}

TEST(OfferedTools, ResourcesAndPromptsHaveWaysToThem) {
    ToolNames names("lab_");
    Offering all = offering();
    all.has_resources = all.has_prompts = true;
    EXPECT_THAT(names_of(offered_tools({tool("get_prompt", {{"description", "its own"}})}, all, names, {})),
                ElementsAre("lab_get_prompt", "lab_list_resources", "lab_read_resource", "lab_list_prompts"));
    all.patterns = {"read_*", "x"};
    EXPECT_THAT(names_of(offered_tools({tool("get_prompt")}, all, names, {})),
                ElementsAre("lab_read_resource"));
}

TEST(OfferedTools, APatternThatFitsNothingIsTold) {
    ToolNames names("lab_");
    Offering some = offering();
    some.has_prompts = true;
    some.patterns = {"get_s*", "list_prompts", "nothing", "read_resource"};
    const auto offered = offered_tools({tool("get_star")}, some, names, {});
    EXPECT_THAT(names_of(offered), ElementsAre("lab_get_star", "lab_list_prompts"));
    EXPECT_THAT(offered.refusals,
                ElementsAre("mcp.servers.lab.tools names \"nothing\", which fits none of its tools.",
                            "mcp.servers.lab.tools names \"read_resource\", which fits none of its tools."));
}

Json lent(const std::string& name, const std::vector<std::string>& path) {
    return tool(name, {{"_meta", {{"org.assistd/came-through", path}}}});
}

TEST(OfferedTools, OurOwnAreNotTakenBack) {
    ToolNames names("lab_");
    Offering theirs = offering();
    theirs.instance = "them";
    theirs.own_instance = "us";
    theirs.has_resources = true;
    const auto offered = offered_tools(
        {tool("theirs"), lent("others", {"others"}), lent("ours", {"us"}), lent("far", {"others", "us"})},
        theirs, names, {});
    EXPECT_THAT(names_of(offered),
                ElementsAre("lab_others", "lab_theirs", "lab_list_resources", "lab_read_resource"));
    EXPECT_THAT(offered.refusals,
                ElementsAre("It lends 2 of this daemon's own tools back; they are left out."));
    // So that whoever gets them from us knows his own.
    EXPECT_THAT(offered.tools[0].spec->came_through, ElementsAre("them", "others"));
    EXPECT_THAT(offered.tools[1].spec->came_through, ElementsAre("them"));
    EXPECT_THAT(offered.tools[2].spec->came_through, ElementsAre("them"));
}

TEST(OfferedTools, AWayIsNotTooLong) {
    ToolNames names("lab_");
    const std::string long_name(1'000'000, 'x');
    const auto offered = offered_tools(
        {lent("far", std::vector<std::string>(9, "x")), lent("odd", {long_name})}, offering(), names, {});
    EXPECT_THAT(names_of(offered), ElementsAre("lab_odd"));
    EXPECT_THAT(offered.refusals, ElementsAre(HasSubstr("It comes through more than 8 daemons.")));
    EXPECT_LT(offered.tools[0].spec->came_through.at(0).size(), 100u);
}

}  // namespace
}  // namespace assistd::tools::mcp
