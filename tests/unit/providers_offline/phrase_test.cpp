// The phrases of a manifest: what is refused, with which sentence, and how examples read.

#include "providers/offline/phrases/phrase.h"

#include "conversation.h"

namespace assistd::test {
namespace {

using namespace providers::offline;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> problems(const std::string& phrase) {
    const json integer{{"type", "integer"}, {"minimum", 1}, {"maximum", 5}};
    const json choice{{"type", "string"}, {"enum", {"csv", "xyz"}}};
    return phrase_problems(
        *make_tool("tool", {{"n", integer}, {"format", choice}, {"other", {{"type", "object"}}}}, {phrase}));
}

TEST(Phrases, AreGood) {
    for (const char* phrase : {"run it", "run [a [big]] (cat|dog [house])", "do {n}",
                               "do (twice{n=2}|thrice{n=3})", "save [as {format}]", "save csv{format=csv}",
                               "save it{format?=csv}", "do with a = {n}", "save (b||c)", "run rough{n?}"})
        EXPECT_THAT(problems(phrase), IsEmpty()) << phrase;
}

TEST(Phrases, AreRefusedWithASentence) {
    const std::vector<std::pair<std::string, std::string>> bad{
        {"run [a", "has a \"[\" without its \"]\""},
        {"run (a]", "has a \"(\" without its \")\""},
        {"run a)", "has a \")\" that closes nothing"},
        {"run a]", "has a \"]\" that closes nothing"},
        {"run {n", "has a \"{\" without its \"}\""},
        {"run }", "has a \"}\" that closes nothing"},
        {"run {m}", "names \"m\", which is no argument"},
        {"run {other}", "whose type cannot be read from words"},
        {"run {n=x}", "which is of another type"},
        {"run {n=9}", "out of bounds"},
        {"run {n?=9}", "out of bounds"},
        {"run {n!}", "which takes no artifact"},
        {"run {n*2}", "which is no number"},
        {"run {format=pdf}", "which its enum lacks"},
        {"", "has no word or slot"},
        {"[run]", "has no word or slot"},
        {"please", "has no word or slot"},
        {"{n=2}", "has no word or slot"},
        {std::string(3000, 'x'), "longer than"},
        {std::string(100, '[') + "a" + std::string(100, ']'), "nested deeper"},
        {"a" + std::string(499, '|'), "more than 300 parts"},
    };
    for (const auto& [phrase, reason] : bad)
        EXPECT_THAT(problems(phrase), ElementsAre(HasSubstr(reason))) << phrase;
}

TEST(Phrases, AreNamedWithThePlaceOfWhatIsWrong) {
    EXPECT_THAT(problems("grüß [den {m}]"),
                ElementsAre("The phrase \"grüß [den {m}]\" of tool (phrases[0]) names \"m\", which is no "
                            "argument of the tool, at character 11."));
    EXPECT_THAT(problems("run (a|b"), ElementsAre(HasSubstr("without its \")\", at character 5.")));
    EXPECT_THAT(problems("run {n=9} now"), ElementsAre(HasSubstr(", at character 5.")));
}

TEST(Phrases, SayWhatWordsUsuallyStandFor) {
    const json number{{"type", "integer"}, {"optional", true}};
    Conversation talk(make_tools({make_tool("bake", {{"n", number}}, {"bake (roll{n?=1}|braid{n=3}) bread"},
                                            {"with {n} strands", "a = {n}"})}));
    const std::vector<Row> rows{{"bake roll bread", R"(bake {"n":1})"},
                                {"bake roll bread with 5 strands", R"(bake {"n":5})"},
                                {"bake braid bread with 5 strands", "", "both 3 and 5"},
                                {"bake roll bread a=4", R"(bake {"n":4})"},
                                {"bake roll bread, A = 4", R"(bake {"n":4})"},
                                {"bake roll bread a 4", ""}};
    for (const Row& row : rows) {
        const std::string reply = talk.say(row.sentence);
        EXPECT_EQ(talk.calls(), row.calls) << row.sentence;
        EXPECT_THAT(reply, HasSubstr(row.says)) << row.sentence;
    }
}

TEST(Phrases, ABadOneDoesNotSpoilTheOthers) {
    Conversation talk(
        make_tools({make_tool("bake", json::object(), {"bake (it", "bake bread"}, {"with ["})}));
    talk.say("bake bread");
    EXPECT_EQ(talk.calls(), "bake {}");
}

TEST(Phrases, ABadSchemaIsReported) {
    auto tool = make_tool("tool", json::object(), {"run"});
    tool->input_schema = "[";
    EXPECT_THAT(phrase_problems(*tool), ElementsAre(HasSubstr("input schema")));
}

TEST(Phrases, MakeReadableExamples) {
    const auto tool = make_tool("tool", {{"n", {{"type", "integer"}}}}, {});
    const auto arguments = read_arguments(*tool);
    EXPECT_EQ(example_of(parse_phrase("run [a DLA] (simulation|run) [of {n} steps]", arguments), arguments),
              "run a DLA simulation");
    EXPECT_EQ(example_of(parse_phrase("grow {n} (cells|[big] cats)", arguments), arguments),
              "grow 500 cells");
}

TEST(Phrases, OfTheShippedPluginsAreGood) {
    const auto tools = shipped_tools();
    for (const auto& tool : tools->tools) EXPECT_THAT(phrase_problems(*tool), IsEmpty()) << tool->name;
}

}  // namespace
}  // namespace assistd::test
