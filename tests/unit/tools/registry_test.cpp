#include "tools/registry.h"

#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

std::vector<std::string> names(const ToolRegistry& registry) {
    std::vector<std::string> found;
    for (const auto& spec : registry.all()->tools) found.push_back(spec->name);
    return found;
}

TEST(ToolRegistry, ListsToolsByNameAndCategory) {
    auto source = std::make_shared<TestSource>();
    source->offer("zoom")->category = "view";
    source->offer("add");
    ToolRegistry registry;
    registry.add(source);
    EXPECT_THAT(names(registry), testing::ElementsAre("add", "zoom"));
    EXPECT_THAT(registry.categories(), testing::ElementsAre("test", "view"));
    ASSERT_EQ(registry.in_category("view").size(), 1u);
    EXPECT_EQ(registry.find("zoom")->spec->name, "zoom");
    EXPECT_EQ(registry.find("none"), nullptr);
}

TEST(ToolRegistry, ANewVersionForNewContentOnly) {
    auto source = std::make_shared<TestSource>();
    source->offer("add");
    ToolRegistry registry;
    registry.add(source);
    const auto before = registry.all();
    const auto tool = registry.find("add");
    registry.refresh();
    EXPECT_EQ(registry.all(), before);
    EXPECT_EQ(registry.find("add"), tool);
    source->offer("more");
    registry.refresh();
    EXPECT_GT(registry.all()->version, before->version);
    EXPECT_EQ(before->tools.size(), 1u);  // what was handed out stays as it was
    EXPECT_EQ(registry.all()->tools.size(), 2u);
    source->specs.clear();
    registry.refresh();
    EXPECT_TRUE(registry.all()->tools.empty());
}

TEST(ToolRegistry, RefusesANameThatIsTakenAndSaysSo) {
    auto first = std::make_shared<TestSource>();
    first->offer("add")->plugin = "org.example.first";
    auto second = std::make_shared<TestSource>();
    second->offer("add")->plugin = "org.example.second";
    second->offer("other")->plugin = "org.example.second";
    second->statuses.push_back({"/p/second.so", "org.example.second", "1", "ready", "", {"add", "other"}});
    ToolRegistry registry;
    registry.add(first);
    registry.add(second);
    EXPECT_EQ(registry.find("add")->source, first);
    const auto plugins = registry.plugins();
    ASSERT_EQ(plugins.size(), 1u);
    EXPECT_EQ(plugins[0].state, "ready");
    EXPECT_EQ(plugins[0].reason,
              "The tool add is refused: org.example.first offers a tool of that name already.");
    EXPECT_THAT(plugins[0].tools, testing::ElementsAre("other"));
}

TEST(ToolRegistry, AToolThatIsOfferedKeepsItsName) {
    auto first = std::make_shared<TestSource>();
    auto second = std::make_shared<TestSource>();
    second->offer("add")->plugin = "mcp.second";
    ToolRegistry registry;
    registry.add(first);
    registry.add(second);
    first->offer("add")->plugin = "org.example.late";
    registry.refresh();
    EXPECT_EQ(registry.find("add")->spec->plugin, "mcp.second");
    // Also when it tells something else.
    second->specs.clear();
    second->offer("add")->plugin = "mcp.second";
    registry.refresh();
    EXPECT_EQ(registry.find("add")->spec->plugin, "mcp.second");
    second->specs.clear();
    registry.refresh();
    EXPECT_EQ(registry.find("add")->spec->plugin, "org.example.late");
}

TEST(ToolRegistry, RefusesBadNamesAndBadSchemas) {
    auto source = std::make_shared<TestSource>();
    source->offer("a b");
    source->offer("bad_schema", R"({"type": 7})");
    source->statuses.push_back({"/p/x.so", "org.example.test", "1", "ready", "", {"a b", "bad_schema"}});
    ToolRegistry registry;
    registry.add(source);
    EXPECT_TRUE(registry.all()->tools.empty());
    const auto plugins = registry.plugins();
    EXPECT_EQ(plugins.at(0).state, "refused");
    EXPECT_THAT(plugins.at(0).reason,
                testing::AllOf(testing::HasSubstr("64 letters"), testing::HasSubstr("no JSON Schema")));
}

TEST(ToolRegistry, MayBeReadWhileItChanges) {
    auto source = std::make_shared<TestSource>();
    source->offer("add");
    ToolRegistry registry;
    registry.add(source);
    std::atomic<bool> done = false;
    std::thread reader([&] {
        while (!done) {
            EXPECT_EQ(registry.all()->tools.size(), 1u);
            EXPECT_NE(registry.find("add"), nullptr);
        }
    });
    for (int i = 0; i < 200; ++i) registry.refresh();
    done = true;
    reader.join();
}

TEST(ToolRegistry, FindsTheArtifactArguments) {
    auto source = std::make_shared<TestSource>();
    source->offer("plot", R"({"properties": {
        "one": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]},
        "many": {"type": "array", "items": {"type": "string", "format": "artifact"}}, "n": {"type": "integer"}}})");
    ToolRegistry registry;
    registry.add(source);
    const auto& found = registry.find("plot")->artifact_arguments;
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].name, "many");
    EXPECT_TRUE(found[0].several);
    EXPECT_EQ(found[1].name, "one");
    EXPECT_THAT(found[1].kinds, testing::ElementsAre("simulation"));
}

TEST(ToolRegistry, OtherApprovalsCountFromTheNextRefreshOn) {
    auto source = std::make_shared<TestSource>();
    source->offer("add");
    source->offer("wipe")->effects.destructive = true;
    ToolRegistry registry({{"add", true}});
    registry.add(source);
    const auto before = registry.all();
    const auto wipe = registry.find("wipe");
    registry.change({{"add", true}});
    registry.refresh();
    EXPECT_EQ(registry.all(), before);
    registry.change({});
    registry.refresh();
    EXPECT_FALSE(registry.find("add")->spec->needs_approval);
    EXPECT_EQ(registry.find("wipe"), wipe);  // which has not changed
    registry.change({{"wipe", false}});
    registry.refresh();
    EXPECT_FALSE(registry.find("wipe")->spec->needs_approval);
    // What was handed out stays as it was.
    EXPECT_TRUE(before->find("add")->needs_approval);
    EXPECT_TRUE(before->find("wipe")->needs_approval);
}

TEST(ToolRegistry, SaysWhichToolsNeedApproval) {
    auto source = std::make_shared<TestSource>();
    source->offer("erase")->effects.destructive = true;
    source->offer("wipe")->effects.destructive = true;
    source->offer("read");
    source->offer("grow");
    ToolRegistry registry({{"wipe", false}, {"grow", true}});
    registry.add(source);
    std::vector<std::string> needed;
    for (const auto& tool : registry.all()->tools)
        if (tool->needs_approval) needed.push_back(tool->name);
    EXPECT_THAT(needed, testing::ElementsAre("erase", "grow"));
    const auto before = registry.all();
    registry.refresh();
    EXPECT_EQ(registry.all(), before);
}

}  // namespace
}  // namespace assistd::tools
