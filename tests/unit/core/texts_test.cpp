// Titles, thoughts and token estimates: small functions over text.

#include "core/thoughts.h"
#include "core/titles.h"
#include "core/tokens.h"

namespace assistd::core {
namespace {

TEST(Titles, AreTheFirstLineCutBetweenWords) {
    EXPECT_EQ(title_from("Run a DLA simulation"), "Run a DLA simulation");
    EXPECT_EQ(title_from("  \n  first   line \nsecond"), "first line");
    EXPECT_EQ(title_from("Run a DLA simulation with 500 particles, then analyze it and export it as CSV"),
              "Run a DLA simulation with 500 particles, then analyze it…");
    EXPECT_EQ(title_from(" \t\n"), "Untitled");
}

TEST(Titles, CutOneLongWordAtACodePoint) {
    std::string word;
    for (int i = 0; i < 100; ++i) word += "ü";
    std::string cut;
    for (int i = 0; i < 60; ++i) cut += "ü";
    EXPECT_EQ(title_from(word), cut + "…");
}

TEST(Titles, OfModelsLoseWhatIsAroundThem) {
    for (const char* answer :
         {"DLA cluster growth", "\"DLA cluster growth\"", "**DLA cluster growth**\n", "# DLA cluster growth.",
          "\n\nTitle: “DLA cluster growth.”\nI hope that helps!",
          "<think>Hm, so\na title</think>\n\nDLA cluster growth", "a title</think>DLA cluster growth",
          "DLA cluster growth\n<think>Is it good?</think>",
          "<think>\n</think><think>x</think>DLA cluster growth"})
        EXPECT_EQ(title_in_answer(answer), "DLA cluster growth") << answer;
    EXPECT_EQ(title_in_answer("「フラクタルの成長」"), "フラクタルの成長");
    EXPECT_EQ(title_in_answer("It's Newton's law"), "It's Newton's law");
    EXPECT_EQ(title_in_answer("a\tb\x01 c"), "a b c");
}

TEST(Titles, OfModelsThatTalkOrRefuseAreNone) {
    std::string talk;
    for (int i = 0; i < 13; ++i) talk += "word ";
    for (const std::string& answer :
         {std::string(), std::string(" \n\t\n"), std::string("\"\""),
          std::string("I'm sorry, I can't do that"), std::string("I cannot help."), talk,
          std::string(101, 'x'), std::string("<think>still thinking")})
        EXPECT_EQ(title_in_answer(answer), "") << answer;
    EXPECT_EQ(title_in_answer(std::string(90, 'x')), std::string(60, 'x') + "…");
}

TEST(Thoughts, AreLeftOut) {
    EXPECT_EQ(without_thoughts("no thoughts"), "no thoughts");
    EXPECT_EQ(without_thoughts("<think>a</think>said"), "said");
    EXPECT_EQ(without_thoughts("<think>a</think>one <think>b\n</think>two"), "one two");
    EXPECT_EQ(without_thoughts("its begin was cut off</think>said"), "said");
    EXPECT_EQ(without_thoughts("<think>one <think>in the other</think> goes on</think>said"), "said");
    EXPECT_EQ(without_thoughts(" \n<think>never closed"), " \n");
    EXPECT_EQ(without_thoughts("The tag <think> was spoken of."), "The tag <think> was spoken of.");
    EXPECT_EQ(without_thoughts(""), "");
}

TEST(Tokens, CountPiecesOfText) {
    EXPECT_EQ(estimate_tokens(""), 0);
    EXPECT_EQ(estimate_tokens("word"), 1);
    EXPECT_EQ(estimate_tokens("two words"), 2);
    EXPECT_EQ(estimate_tokens("twoWords"), 2);
    EXPECT_EQ(estimate_tokens("123456789"), 3);
    EXPECT_EQ(estimate_tokens("日本"), 3);
    EXPECT_EQ(estimate_tokens("🎉"), 2);
    EXPECT_EQ(estimate_tokens("\xff\xfe\xe3"), 3);  // no UTF-8
    EXPECT_GT(estimate_tokens(std::string(400, 'x')), 100);
}

TEST(Tokens, CountEveryBlockOfAMessage) {
    Message message;
    const std::int64_t empty = estimate_tokens(message);
    message.blocks.push_back(ToolCallBlock{"c", "tool", "{\"n\": 123456789}"});
    const std::int64_t with_call = estimate_tokens(message);
    message.blocks.push_back(TextBlock{"four words of text"});
    EXPECT_GT(with_call, empty);
    EXPECT_EQ(estimate_tokens(message), with_call + 4);
}

}  // namespace
}  // namespace assistd::core
