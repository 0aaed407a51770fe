// Titles and token estimates: small functions over text.

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

TEST(Tokens, CountBytesInAsciiAndCharactersBeyond) {
    EXPECT_EQ(estimate_tokens(""), 0);
    EXPECT_EQ(estimate_tokens("abcd"), 1);
    EXPECT_EQ(estimate_tokens("abcde"), 2);
    EXPECT_EQ(estimate_tokens("日本語"), 3);
}

TEST(Tokens, CountEveryBlockOfAMessage) {
    Message message;
    const std::int64_t empty = estimate_tokens(message);
    message.blocks.push_back(ToolCallBlock{"c", "tool", "{\"n\": 123456789}"});
    const std::int64_t with_call = estimate_tokens(message);
    message.blocks.push_back(TextBlock{std::string(400, 'x')});
    EXPECT_GT(with_call, empty);
    EXPECT_EQ(estimate_tokens(message), with_call + 100);
}

}  // namespace
}  // namespace assistd::core
