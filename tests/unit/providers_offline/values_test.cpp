// What slots read: numbers in many spellings, and where they end.

#include "providers/offline/phrases/values.h"

#include "conversation.h"
#include "providers/offline/words/words.h"

namespace assistd::test {
namespace {

using namespace providers::offline;

// The number and how many words it took; "-" when there is none.
std::string number(const std::string& text) {
    const auto tokens = tokenize(text, 50);
    const auto reading = read_number(tokens, 0);
    return reading ? readable_number(reading->value) + (reading->percent ? "% /" : " /") +
                         std::to_string(reading->next)
                   : "-";
}

TEST(Values, ReadNumbers) {
    const std::vector<std::pair<const char*, const char*>> table{
        {"500", "500 /1"},
        {"10,000", "10,000 /1"},
        {"1,000,000 particles", "1,000,000 /1"},
        {"10'000", "10,000 /1"},
        {"1e5", "100,000 /1"},
        {"2.5e-1", "0.25 /1"},
        {"10k", "10,000 /1"},
        {"1.5M", "1,500,000 /1"},
        {"-3", "-3 /1"},
        {"0.25", "0.25 /1"},
        {".5", "0.5 /1"},
        {"50%", "50% /1"},
        {"50 percent", "50% /2"},
        {"minus five", "-5 /2"},
        {"twelve", "12 /1"},
        {"twenty-five", "25 /2"},
        {"a dozen", "12 /2"},
        {"two dozen", "24 /2"},
        {"hundred", "100 /1"},
        {"a hundred", "100 /2"},
        {"one hundred and five", "105 /4"},
        {"three hundred thousand", "300,000 /3"},
        {"two million five hundred thousand", "2,500,000 /5"},
        {"half a million", "500,000 /3"},
        {"zero point five", "0.5 /3"},
        {"1, 2 and 3", "1 /1"},
        {"one two", "1 /1"},
        {"10 thousand", "10,000 /2"},
        {"2d", "-"},
        {"a cat", "-"},
        {"k", "-"},
        {"and", "-"},
        {"csv", "-"},
        {"thousands", "1,000 /1"},
        {"1e999", "0 /1"},
        {"3 4", "3 /1"}};
    for (const auto& [text, expected] : table) EXPECT_EQ(number(text), expected) << text;
}

TEST(Values, TokensKeepWhatBelongsTogether) {
    const auto words = [](const std::string& text) {
        std::string all;
        for (const Token& token : tokenize(text, 50)) all += "<" + token.text + ">";
        return all;
    };
    EXPECT_EQ(words("Don’t re-run simulation-12."), "<dont><re><run><simulation-12><.>");
    EXPECT_EQ(words("2-D and 3d"), "<2d><and><3d>");
    EXPECT_EQ(words("export \"my file.csv\" to dla.csv"), "<export><my file.csv><to><dla.csv>");
    EXPECT_EQ(words("500particles"), "<500><particles>");
    EXPECT_EQ(words("rg_vs_n"), "<rg_vs_n>");
}

TEST(Values, WordsHaveOneStem) {
    EXPECT_EQ(stem("clusters"), stem("cluster"));
    EXPECT_EQ(stem("analyse"), stem("analyze"));
    EXPECT_EQ(stem("analysis"), "analysis");
    EXPECT_EQ(stem("radius"), "radius");
    EXPECT_EQ(stem("colour"), stem("color"));
}

TEST(Values, EditDistanceCountsChangedLetters) {
    EXPECT_EQ(edit_distance("simulation", "simulation", 2), 0);
    EXPECT_EQ(edit_distance("simluation", "simulation", 2), 1);  // two letters changed places
    EXPECT_EQ(edit_distance("particels", "particle", 2), 2);
    EXPECT_EQ(edit_distance("cat", "horse", 2), 3);
}

TEST(Values, BrokenUtf8IsReplaced) {
    EXPECT_EQ(valid_utf8("a\xff"
                         "b"),
              "a\uFFFDb");
    EXPECT_EQ(valid_utf8("\xe2\x82"), "\uFFFD\uFFFD");
    EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(valid_utf8("grün €"), "grün €");
}

}  // namespace
}  // namespace assistd::test
