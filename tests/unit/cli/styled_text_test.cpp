#include "cli/styled_text.h"

#include "cli/characters.h"

namespace assistd::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t columns) {
    std::vector<std::string> lines;
    for (const StyledLine& line : wrapped({{text}}, columns)) lines.push_back(to_terminal(line, false));
    return lines;
}

TEST(Characters, TakeAsManyColumnsAsTheyDo) {
    EXPECT_EQ(width("abc"), 3u);
    EXPECT_EQ(width("äöü"), 3u);
    EXPECT_EQ(width("漢字"), 4u);
    EXPECT_EQ(width("e\u0301"), 1u);
    EXPECT_EQ(width("😀"), 2u);
    EXPECT_EQ(width("a\xff"
                    "b"),
              3u);  // no UTF-8, and still shown somehow
    EXPECT_EQ(characters("e\u0301x").size(), 2u);
    EXPECT_EQ(characters("ä\nb").size(), 3u);
    EXPECT_EQ(beginning("漢字", 3), "漢");
    EXPECT_EQ(beginning("漢字", 0), "");
}

TEST(StyledText, BreaksBetweenWords) {
    EXPECT_EQ(lines_of("one two three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(lines_of("one two  three", 8), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(lines_of("a\n\nb", 8), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(lines_of("", 8), (std::vector<std::string>{""}));
    EXPECT_EQ(lines_of("abcdefgh ij", 3), (std::vector<std::string>{"abc", "def", "gh", "ij"}));
    EXPECT_EQ(lines_of("x", 0), (std::vector<std::string>{"x"}));
}

TEST(StyledText, BreaksBetweenWideCharactersButNotBeforeWhatClosesASentence) {
    EXPECT_EQ(lines_of("漢字漢字", 5), (std::vector<std::string>{"漢字", "漢字"}));
    EXPECT_EQ(lines_of("漢字字。字", 6), (std::vector<std::string>{"漢字", "字。字"}));
    EXPECT_EQ(lines_of("漢", 1), (std::vector<std::string>{"漢"}));
}

TEST(StyledText, StylesGoOnOverALinesEnd) {
    const std::vector<StyledLine> lines = wrapped({{"one "}, {"two three", {.bold = true}}}, 7);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(to_terminal(lines[0], true), "one \x1b[1mtwo\x1b[0m");
    EXPECT_EQ(to_terminal(lines[1], true), "\x1b[1mthree\x1b[0m");
    EXPECT_EQ(to_terminal(lines[1], false), "three");
    EXPECT_EQ(width(lines[0]), 7u);
}

}  // namespace
}  // namespace assistd::cli
