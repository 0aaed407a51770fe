#include "core/prompt_builder.h"

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "support/folders.h"

namespace assistd::core {
namespace {

ToolSet two_tools() {
    ToolSet set;
    set.version = 1;
    for (const auto& [name, category] : {std::pair("export_geometry", "export"),
                                         {"run_dla_simulation", "simulation"},
                                         {"run_limiting_case", "simulation"}}) {
        auto tool = std::make_shared<ToolSpec>();
        tool->name = name;
        tool->category = category;
        set.tools.push_back(tool);
    }
    return set;
}

std::string golden(const std::string& name) {
    std::ifstream file(test::source_folder() / "tests/unit/core/golden" / name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// The renderings are texts that models see; a change of them is a decision, taken by changing the golden
// file.
TEST(PromptBuilder, RendersAsTheGoldenFilesSay) {
    const PromptBuilder builder(built_in_prompts());
    EXPECT_EQ(builder.system({}, two_tools())->text, golden("system_default.txt"));
    EXPECT_EQ(builder.system({"Speak like a physicist & <be> brief.", "soot"}, ToolSet{})->text,
              golden("system_project.txt"));
    EXPECT_EQ(builder.final_answer(), golden("final_answer.txt"));
}

TEST(PromptBuilder, GivesTheSameBytesForTheSameFacts) {
    const PromptBuilder builder(built_in_prompts());
    EXPECT_EQ(builder.system({}, two_tools()), builder.system({}, two_tools()));
    EXPECT_NE(builder.system({}, two_tools())->text, builder.system({{}, "soot"}, two_tools())->text);
    ToolSet other = two_tools();
    other.version = 2;
    other.tools.pop_back();
    EXPECT_NE(builder.system({}, two_tools())->text, builder.system({}, other)->text);
}

TEST(PromptBuilder, RefusesWhatIsMissingOrBroken) {
    EXPECT_THROW(PromptBuilder(PromptTemplates{{"system", "x"}}), Error);
    EXPECT_THROW(PromptBuilder(PromptTemplates{{"system", "{{#open}}"}, {"final_answer", "x"}}), Error);
}

}  // namespace
}  // namespace assistd::core
