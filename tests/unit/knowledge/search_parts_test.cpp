// The pure parts of the search: words, attributes, fused rankings.

#include <gmock/gmock.h>

#include "knowledge/attributes.h"
#include "knowledge/fusion.h"
#include "knowledge/search_text.h"

namespace assistd::knowledge {
namespace {

using testing::ElementsAre;

std::vector<std::string> phrases(std::string_view query, std::size_t at_most = 32) {
    std::vector<std::string> all;
    for (const QueryWord& word : query_words(query, at_most)) all.push_back(word.phrase);
    return all;
}

TEST(SearchText, WordsOfAQueryStandOnceAndQuoted) {
    EXPECT_THAT(phrases("The cluster, the CLUSTER-size!"), ElementsAre("\"the\"", "\"cluster\"", "\"size\""));
    EXPECT_THAT(phrases("a\"b OR c*"), ElementsAre("\"a\"", "\"b\"", "\"or\"", "\"c\""));
    EXPECT_THAT(phrases("one two three", 2), ElementsAre("\"one\"", "\"two\""));
    EXPECT_THAT(phrases(""), ElementsAre());
}

TEST(SearchText, CharactersWithoutBlanksBetweenThemArePairs) {
    EXPECT_THAT(phrases("東京都"), ElementsAre("\"東京\"", "\"京都\""));
    EXPECT_THAT(phrases("猫"), ElementsAre("\"猫\"*"));
    EXPECT_EQ(indexed_text("x東京都y"), "x 東京 京都 都 y");
    EXPECT_EQ(indexed_text("Ａ１　ok"), "a1 ok");
    EXPECT_EQ(indexed_text("naïve \xFF end"), "naïve \uFFFD end");
}

TEST(SearchText, WhatLooksTheSameIsTheSame) {
    const std::string apart = "Gro\u0308\u00DFe";  // the dots are a character of their own
    EXPECT_EQ(indexed_text(apart), indexed_text("Größe"));
    EXPECT_EQ(indexed_text("GRÖSSE"), "grösse");
    EXPECT_EQ(indexed_text("SIZE"), "SIZE");  // the tokenizer's business
    EXPECT_THAT(phrases("Größe"), ElementsAre("\"grösse\""));
    EXPECT_THAT(phrases(apart), ElementsAre("\"grösse\""));
    EXPECT_THAT(phrases("ﬁne-ﬂow x²"), ElementsAre("\"fine\"", "\"flow\"", "\"x2\""));
    EXPECT_THAT(phrases("ﾊﾝｶｸ"), ElementsAre("\"ハン\"", "\"ンカ\"", "\"カク\""));
    EXPECT_THAT(phrases("co\u00ADoper\u200Bate"), ElementsAre("\"cooperate\""));
}

TEST(SearchText, ThaiLaoKhmerAndBurmeseArePairsToo) {
    EXPECT_THAT(phrases("กรุง 25"), ElementsAre("\"กร\"", "\"รุ\"", "\"ุง\"", "\"25\""));
    EXPECT_THAT(phrases("ລາວ"), ElementsAre("\"ລາ\"", "\"າວ\""));
    EXPECT_EQ(phrases("ខ្មែរ").size(), 4u);
    EXPECT_EQ(phrases("မြန်မာ").size(), 5u);
}

TEST(Attributes, OfAnotherTypeAreNeitherLessNorGreater) {
    using Kind = core::AttributeFilter::Kind;
    const auto attributes = parse_attributes(R"({"year": 2020, "name": "b", "open": false})");
    const auto fits = [&](Kind kind, const std::string& key, std::vector<core::AttributeValue> values) {
        return matches({kind, key, std::move(values), {}}, attributes.get());
    };
    EXPECT_TRUE(fits(Kind::eq, "year", {2020.0}));
    EXPECT_FALSE(fits(Kind::eq, "year", {std::string("2020")}));
    EXPECT_TRUE(fits(Kind::ne, "year", {std::string("2020")}));
    EXPECT_FALSE(fits(Kind::lt, "year", {std::string("3")}));
    EXPECT_TRUE(fits(Kind::gt, "name", {std::string("a")}));
    EXPECT_FALSE(fits(Kind::gt, "name", {std::string("b")}));
    EXPECT_TRUE(fits(Kind::lte, "name", {std::string("b")}));
    EXPECT_TRUE(fits(Kind::eq, "open", {false}));
    EXPECT_FALSE(fits(Kind::eq, "missing", {1.0}));
    EXPECT_TRUE(fits(Kind::nin, "missing", {1.0}));
    EXPECT_FALSE(fits(Kind::in, "year", {}));
    EXPECT_TRUE(matches({Kind::all_of, "", {}, {}}, nullptr));
    EXPECT_FALSE(matches({Kind::any_of, "", {}, {}}, nullptr));
}

TEST(Fusion, WhatSeveralRankingsHaveNearTheTopComesFirst) {
    const std::vector<Scored> words = {{1, 0.95}, {2, 0.6}, {3, 0.5}};
    const std::vector<Scored> meanings = {{3, 0.9}, {2, 0.8}, {4, 0.7}};
    const std::vector<Scored> fused = fuse({words, meanings});
    std::vector<Key> order;
    for (const Scored& one : fused) order.push_back(one.chunk);
    EXPECT_THAT(order, ElementsAre(3, 2, 1, 4));
    EXPECT_TRUE(fuse({}).empty());
}

TEST(Fusion, TheScoreIsTheBestLikenessAndNeverRises) {
    const std::vector<Scored> words = {{1, 0.95}, {2, 0.6}, {3, 0.5}};
    const std::vector<Scored> meanings = {{3, 0.9}, {2, 0.8}, {4, 0.7}};
    const auto scores = [](const std::vector<Scored>& fused) {
        std::vector<double> all;
        for (const Scored& one : fused) all.push_back(one.score);
        return all;
    };
    // Of 3, 2, 1, 4; 1 is only in one of the rankings and stands behind, but nothing before it is told to be
    // less.
    EXPECT_THAT(scores(fuse({words, meanings})), ElementsAre(0.95, 0.95, 0.95, 0.7));
    EXPECT_THAT(scores(fuse({words, {}})), ElementsAre(0.95, 0.6, 0.5));
    EXPECT_THAT(scores(fuse({{{1, 3.0}}})), ElementsAre(1.0));
}

}  // namespace
}  // namespace assistd::knowledge
