#include "cli/markdown.h"

#include "cli/characters.h"
#include "cli/markdown_stream.h"

namespace assistd::cli {
namespace {

std::string plain(const std::vector<StyledLine>& lines) {
    std::string text;
    for (const StyledLine& line : lines) {
        std::string shown = to_terminal(line, false);
        shown.resize(shown.find_last_not_of(' ') == std::string::npos ? 0 : shown.find_last_not_of(' ') + 1);
        text += shown + "\n";
    }
    return text;
}
std::string shown(const std::string& text, std::size_t columns = 60) {
    return plain(markdown_lines(text, {.columns = columns}));
}
std::string colored(const std::string& text) {
    std::string all;
    for (const StyledLine& line : markdown_lines(text, {})) all += to_terminal(line, true) + "\n";
    return all;
}

TEST(Markdown, ParagraphsHeadingsAndRules) {
    EXPECT_EQ(shown("# Title\nText that\ngoes on.\n\nMore.\n\n---\nEnd"),
              "Title\n\nText that\ngoes on.\n\nMore.\n\n────────────────────────────────────────\n\nEnd\n");
    EXPECT_EQ(shown("one two three", 8), "one two\nthree\n");
    EXPECT_EQ(shown(""), "");
}

TEST(Markdown, Lists) {
    EXPECT_EQ(shown("* one\n* two\n  * deep\n* [x] done\n* [ ] open"),
              "• one\n• two\n  ◦ deep\n☑ done\n☐ open\n");
    EXPECT_EQ(shown("3. three\n4. four\n\n   more of it\n5. five"),
              "3. three\n\n4. four\n\n   more of it\n\n5. five\n");
    EXPECT_EQ(shown("* a long item that wraps", 12), "• a long\n  item that\n  wraps\n");
    EXPECT_EQ(shown("*\n* x"), "•\n• x\n");
    EXPECT_EQ(shown("Before:\n* a\n\nAfter"), "Before:\n\n• a\n\nAfter\n");
}

TEST(Markdown, QuotesAndCode) {
    EXPECT_EQ(shown("> said\n> twice\n\nx"), "│ said\n│ twice\n\nx\n");
    EXPECT_EQ(shown("```python\nif x:\n    y  = 1\n\nz\n```\nx"),
              "  python\n  if x:\n      y  = 1\n\n  z\n\nx\n");
    EXPECT_EQ(shown("```\n0123456789abcdefghijk\n```", 12), "  0123456789\n  abcdefghij\n  k\n");
    EXPECT_EQ(shown("* item\n\n  ```\n  code\n  ```"), "• item\n\n    code\n");
}

TEST(Markdown, Tables) {
    EXPECT_EQ(shown("| n | Df |\n|--:|:--|\n| 500 | **1.8** |\n| 漢字 | x |"),
              "   n │ Df\n"
              "─────┼────\n"
              " 500 │ 1.8\n"
              "漢字 │ x\n");
    EXPECT_EQ(shown("| a | words |\n|---|---|\n| 1 | one two three four |", 20),
              "a │ words\n"
              "──┼─────────────────\n"
              "1 │ one two three\n"
              "  │ four\n");
    EXPECT_EQ(
        shown("| aaa | bbb | ccc |\n|---|---|---|\n| 1234567 | 12345678 | 123456789 |\n| x | y | z |", 20),
        "aaa: 1234567\nbbb: 12345678\nccc: 123456789\n\naaa: x\nbbb: y\nccc: z\n");
}

TEST(Markdown, EmphasisIsStyledOrKeepsItsMarks) {
    EXPECT_EQ(colored("a **b** *c* `d` ~~e~~"),
              "a \x1b[1mb\x1b[0m \x1b[3mc\x1b[0m \x1b[36md\x1b[0m \x1b[9me\x1b[0m\n");
    EXPECT_EQ(colored("# T"), "\x1b[1;4mT\x1b[0m\n");
    EXPECT_EQ(plain(markdown_lines("## T\na **b** `c`", {.styled = false})), "## T\n\na **b** `c`\n");
}

TEST(Markdown, LinksSayWhereTheyLead) {
    EXPECT_EQ(shown("[the plot](https://x.example/p) and <https://y.example>"),
              "the plot (https://x.example/p) and https://y.example\n");
    EXPECT_EQ(shown("![Rg](plot.svg)"), "Rg (plot.svg)\n");
}

TEST(Markdown, WhatComesFromOutsideIsHarmless) {
    EXPECT_EQ(shown("a\x1b[2Jb &#27;[2J &lt;x&gt; &amp; &bogus;"), "a[2Jb [2J <x> & &bogus;\n");
    EXPECT_EQ(shown("<b>bold</b><br>next"), "<b>bold</b>\nnext\n");
    EXPECT_EQ(shown("<div>\n\ntext"), "<div>\n\ntext\n");
    EXPECT_EQ(shown("[x](javascript:\x1b[31m)"), "[x](javascript:[31m)\n");
}

TEST(Markdown, NoLineIsTooWide) {
    std::string deep;
    for (int i = 0; i < 30; ++i)
        deep += std::string(static_cast<std::size_t>(2 * i), ' ') + "* item of a list\n";
    for (const StyledLine& line : markdown_lines(
             "# A heading of some length\n\n| a | b |\n|---|---|\n| word | 漢字漢字漢字漢字漢字 |\n\n> " +
                 deep,
             {.columns = 24}))
        EXPECT_LE(width(line), 60u + 24u) << to_terminal(line, false);
    for (const StyledLine& line : markdown_lines("text `code that is long` 漢字漢字漢字漢字漢字漢字\n\n* "
                                                 "item of many words\n  > quoted words of it",
                                                 {.columns = 20}))
        EXPECT_LE(width(line), 20u) << to_terminal(line, false);
}

// However a text is cut into pieces, it ends as it looks when it comes in one.
TEST(MarkdownStream, PiecesMakeTheSameText) {
    const std::string text =
        "# Title\n\nOne **two** three.\n\nA list:\n\n* a\n* b\n\n  more of b\n* "
        "c\n\nPlain\n\n```\nx\n\n\ny\n```\n\n"
        "1. one\n\n   ```\n   in it\n\n   still\n   ```\n2. two\n\nAfter\n\n| a | b |\n|---|---|\n| 1 | 2 "
        "|\n\n> "
        "q\n>\n> r\n\nEnd";
    const MarkdownLook look{.columns = 40};
    const std::string whole = plain(markdown_lines(text, look));
    for (const std::size_t size : {1u, 2u, 7u, 1'000u}) {
        MarkdownStream stream;
        std::vector<StyledLine> lines;
        std::size_t longest_open = 0;
        for (std::size_t at = 0; at < text.size(); at += size) {
            stream.add(text.substr(at, size));
            for (StyledLine& line : stream.closed(look)) lines.push_back(std::move(line));
            longest_open = std::max(longest_open, stream.open(look).size());
        }
        for (StyledLine& line : stream.finish(look)) lines.push_back(std::move(line));
        EXPECT_EQ(plain(lines), whole) << size;
        const std::size_t all = markdown_lines(text, look).size();
        EXPECT_LT(longest_open, size < 10 ? all / 2 : all + 1);
        EXPECT_TRUE(stream.empty());
    }
}

TEST(MarkdownStream, ALongTextCostsNoMoreThanItsParagraphs) {
    const MarkdownLook look{.columns = 40};
    MarkdownStream stream;
    for (int i = 0; i < 20'000; ++i) {
        stream.add("A paragraph.\n\n");
        stream.closed(look);
        ASSERT_LE(stream.open(look).size(), 2u);
    }
}

}  // namespace
}  // namespace assistd::cli
