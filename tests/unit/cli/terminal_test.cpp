#include "cli/terminal.h"

#include "cli/help_text.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

TEST(Terminal, TextFromOutsideDoesNotSteerIt) {
    EXPECT_EQ(harmless("a\x1b[2Jb\r\x07\x7f\tc\n"), "a[2Jb\tc\n");
    EXPECT_EQ(harmless("\xc2\x9b"
                       "31mü"),
              "31mü");
    // What follows a mark that turns the direction looks like something else.
    EXPECT_EQ(harmless("invoice\u202Efdp.exe \u2066x\u2069 \u200Fy\u061C\u2028z"), "invoicefdp.exe x yz");
    EXPECT_EQ(harmless("‘ä’ 🐘 \u200Dé"), "‘ä’ 🐘 \u200Dé");
}

TEST(Terminal, JsonThatIsPrintedDoesNotSteerItEither) {
    const Json document = {{"name", "a\u202Eb\u009Bc\x7F"}, {"ä", 1}};
    const std::string text = json_text(document, 2);
    EXPECT_EQ(text, "{\n  \"name\": \"a\\u202eb\\u009bc\\u007f\",\n  \"ä\": 1\n}");
    EXPECT_EQ(Json::parse(text), document);
}

TEST(Terminal, HelpIsWrappedBelowItsDescriptions) {
    const std::string help =
        "Lists, shows and renames conversations\n\nOPTIONS:\n  --limit INT=20   How many at most, from 1 to "
        "100\n"
        "                   With the API\n";
    EXPECT_EQ(fitted_help(help, 100), help);
    EXPECT_EQ(fitted_help(help, 36),
              "Lists, shows and renames\nconversations\n\nOPTIONS:\n"
              "  --limit INT=20   How many at most,\n                   from 1 to 100\n"
              "                   With the API\n");
    EXPECT_EQ(fitted_help("  --limit INT=20   How many at most\n", 20),
              "  --limit INT=20\n    How many at most\n")
        << "no room beside it";
    EXPECT_EQ(fitted_help("  --vary TEXT. NAME=VALUE,VALUE and more than fits\n", 40),
              "  --vary TEXT. NAME=VALUE,VALUE and more\n               than fits\n");
}

TEST(Terminal, CutsBetweenCharacters) {
    EXPECT_EQ(one_line("äöü", 3), "äöü");
    EXPECT_EQ(one_line("äöüß", 3), "äö…");
    EXPECT_EQ(one_line("a\nb", 5), "a b");
    EXPECT_EQ(width("äöü"), 3u);
}

TEST(Terminal, SizesAndTimes) {
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(19'640), "19.6 kB");
    EXPECT_EQ(size_text(2'500'000), "2.5 MB");
    EXPECT_EQ(seconds_text(3.21), "3.2 s");
    EXPECT_EQ(seconds_text(125), "2:05 min");
}

TEST(Terminal, TablesLineUp) {
    Terminal pipe;
    EXPECT_EQ(table({{"NAME", "X"}, {"ä", "long text"}}, pipe), "NAME  X\nä     long text\n");
    Terminal narrow{true, false, 14};
    EXPECT_EQ(table({{"NAME", "X"}, {"a", "long text"}}, narrow), "NAME  X\na     long te…\n");
}

TEST(Terminal, TextIsWrappedBetweenWords) {
    EXPECT_EQ(wrapped("one two three", 9, 2), "  one two\n  three");
    EXPECT_EQ(wrapped("ä ö ü", 5, 0), "ä ö ü");
    EXPECT_EQ(wrapped("incomprehensible no", 5, 1), " incomprehensible\n no");
    EXPECT_EQ(wrapped("a\n\n  code  x\n", 20, 1), " a\n\n   code  x\n");
    EXPECT_EQ(wrapped("one  two", std::string::npos, 0), "one  two");
    EXPECT_EQ(wrapped("", 10, 3), "   ");
}

TEST(Terminal, TheLastColumnMayGoOnBelowItself) {
    const std::vector<std::vector<std::string>> rows = {{"NAME", "WHAT"},
                                                        {"a", "some words that do not fit into it"}};
    EXPECT_EQ(table(rows, Terminal{true, false, 28}, LastColumn::wraps),
              "NAME  WHAT\na     some words that do not\n      fit into it\n");
    EXPECT_EQ(table(rows, Terminal{}, LastColumn::wraps),
              "NAME  WHAT\na     some words that do not fit into it\n");
}

TEST(Terminal, ATableThatDoesNotFitLosesNothing) {
    const std::vector<std::vector<std::string>> rows = {
        {"ID", "TOOL", "STATE", "SUMMARY"},
        {"job_01J0000000000000000000", "grow", "running", ""},
        {"job_01J0000000000000000001", "grow", "completed", "Grew a cluster of 500 particles."}};
    const std::string narrow =
        "job_01J0000000000000000000\n"
        "  TOOL     grow\n"
        "  STATE    running\n"
        "job_01J0000000000000000001\n"
        "  TOOL     grow\n"
        "  STATE    completed\n"
        "  SUMMARY  Grew a cluster of 500\n"
        "           particles.\n";
    EXPECT_EQ(table(rows, Terminal{true, false, 40}), narrow);
    EXPECT_EQ(table(rows, Terminal{true, false, 40}, LastColumn::wraps), narrow);
    EXPECT_THAT(table(rows, Terminal{true, false, 80}), testing::StartsWith("ID   "));
}

}  // namespace
}  // namespace assistd::cli
