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
    EXPECT_EQ(indexed_text("Ａ１　ok"), "A1 ok");
    EXPECT_EQ(indexed_text("naïve \xFF end"), "naïve \uFFFD end");
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
    const std::vector<Scored> words = {{1, 9}, {2, 8}, {3, 7}};
    const std::vector<Scored> meanings = {{3, 0.9}, {2, 0.8}, {4, 0.7}};
    const std::vector<Scored> fused = fuse({words, meanings});
    std::vector<Key> order;
    for (const Scored& one : fused) order.push_back(one.chunk);
    EXPECT_THAT(order, ElementsAre(3, 2, 1, 4));
    EXPECT_EQ(fuse({words, words}).front().score, 1);
    EXPECT_EQ(fuse({words, {}}).front().score, 0.5);
    EXPECT_TRUE(fuse({}).empty());
}

}  // namespace
}  // namespace assistd::knowledge
