#include "core/citations.h"

#include "core/sentences.h"

namespace assistd::core {
namespace {

FoundPassage found(int search, int number, const std::string& name, const std::string& text,
                   std::int64_t start = 0) {
    FoundPassage one{search, number, {}};
    one.passage.file = ArtifactId::make();
    one.passage.file_name = name;
    one.passage.text = text;
    one.passage.start = start;
    one.passage.page = 7;
    return one;
}

TEST(Citations, AMarkerLeadsToItsPassage) {
    const std::vector<FoundPassage> all = {
        found(1, 1, "soot.pdf", "Soot grows slowly."),
        found(2, 1, "notes.md", "Zuerst dies. Der Ofen läuft bei 1800 K. Danach wird gekühlt.", 1000)};
    const std::string reply = "Größe zuerst. Der Ofen läuft bei 1800 K 【2:1†notes.md】.";
    const auto citations = citations_of(reply, all);
    ASSERT_EQ(citations.size(), 1u);
    EXPECT_EQ(citations[0].marker, "【2:1†notes.md】");
    EXPECT_EQ(citations[0].start_index, 40);
    EXPECT_EQ(citations[0].end_index, 40 + 14);
    EXPECT_EQ(citations[0].file, all[1].passage.file);
    EXPECT_EQ(citations[0].file_name, "notes.md");
    EXPECT_EQ(citations[0].quote, "Der Ofen läuft bei 1800 K. Danach wird gekühlt.");
    EXPECT_EQ(citations[0].quote_start, 1013);
    EXPECT_EQ(citations[0].quote_end, 1013 + 47);
    EXPECT_EQ(citations[0].page, 7);
}

TEST(Citations, SeveralStandInTheReplysOrder) {
    const std::vector<FoundPassage> all = {found(1, 1, "a.txt", "One."), found(1, 2, "b.txt", "Two.")};
    const auto citations =
        citations_of("🙂二【1:2†b.txt】【1:1†a.txt】 and 【1:2†b.txt】", all);
    ASSERT_EQ(citations.size(), 3u);
    EXPECT_EQ(citations[0].start_index, 2);
    EXPECT_EQ(citations[0].file_name, "b.txt");
    EXPECT_EQ(citations[1].start_index, citations[0].end_index);
    EXPECT_EQ(citations[1].file_name, "a.txt");
    EXPECT_EQ(citations[2].file_name, "b.txt");
}

TEST(Citations, WhatNoSearchGaveIsNone) {
    const std::vector<FoundPassage> all = {found(1, 1, "a.txt", "One."), found(1, 2, "b.txt", "Two.")};
    for (const char* reply :
         {"【9:1†a.txt】", "【1:3†a.txt】", "【1:1†b.txt】", "【1:1 a.txt】", "【1†a.txt】", "【1:1†a.txt",
          "【-1:1†a.txt】", "【99999999999999999999:1†a.txt】", "【】", "【【", "[1:1†a.txt]", ""})
        EXPECT_TRUE(citations_of(reply, all).empty()) << reply;
    EXPECT_TRUE(citations_of("【1:1†a.txt】", {}).empty());
}

TEST(Citations, AShortenedNameIsKnownByItsNumbers) {
    const std::vector<FoundPassage> all = {found(1, 1, "a long name.txt", "One.")};
    EXPECT_EQ(citations_of("So 【1:1†source】", all).size(), 1u);
    EXPECT_EQ(citations_of("So 【【1:1†source】", all).size(), 1u);
}

TEST(Citations, NamesCannotEndAMarker) {
    const std::vector<FoundPassage> all = {found(1, 1, "odd】†\nname【.txt", "One.")};
    EXPECT_EQ(marker_of(all[0]), "【1:1†odd]+ name[.txt】");
    EXPECT_EQ(citations_of("So " + marker_of(all[0]), all).size(), 1u);
}

TEST(Citations, AQuoteIsShortAndInThePassage) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "数値は" + std::to_string(i) + "です。";
    const std::vector<FoundPassage> all = {found(1, 1, "a.txt", text, 50),
                                           found(1, 2, "b.txt", std::string(5'000, 'x')),
                                           found(1, 3, "c.txt", "")};
    const auto citations = citations_of("数値は321です。【1:1†a.txt】【1:2†b.txt】【1:3†c.txt】", all);
    ASSERT_EQ(citations.size(), 3u);
    EXPECT_TRUE(citations[0].quote.starts_with("数値は321です。")) << citations[0].quote;
    EXPECT_LE(citations[0].quote.size(), 600u);
    EXPECT_EQ(citations[1].quote.size(), 600u);
    EXPECT_EQ(citations[2].quote, "");
}

TEST(Citations, PassagesAreReadFromStoredResults) {
    const ArtifactId file = ArtifactId::make();
    const auto all =
        found_in(R"({"success": true, "data": {"search": 2, "passages": [{"marker": "x", "number": 3,
        "file_id": ")" +
                 file.text() + R"(", "file_name": "a.pdf", "score": 0.5, "page": 4, "heading": "H",
        "start": 10, "end": 14, "text": "One."}]}, "summary": "…"})");
    ASSERT_EQ(all.size(), 1u);
    const auto citations = citations_of("So 【2:3†a.pdf】", all);
    ASSERT_EQ(citations.size(), 1u);
    EXPECT_EQ(citations[0].file, file);
    EXPECT_EQ(citations[0].quote, "One.");
    EXPECT_EQ(citations[0].quote_start, 10);
    EXPECT_EQ(citations[0].page, 4);
    for (const char* other : {"", "no JSON", "[]", R"({"success": false, "error": {}})", R"({"data": 3})",
                              R"({"data": {"search": 1, "passages": [{"number": "x"}]}})"})
        EXPECT_TRUE(found_in(other).empty()) << other;
}

TEST(Sentences, EndWhereTheirMarksSay) {
    using Parts = std::vector<std::string_view>;
    EXPECT_EQ(sentences_of("One two. Three? Four!\nFive"),
              (Parts{"One two. ", "Three? ", "Four!\n", "Five"}));
    EXPECT_EQ(sentences_of("See e.g. J. Smith, Fig. 3 and 3.5 m."),
              (Parts{"See e.g. J. Smith, Fig. 3 and 3.5 m."}));
    EXPECT_EQ(sentences_of("“Quoted.” Next (so it is.) End"),
              (Parts{"“Quoted.” ", "Next (so it is.) ", "End"}));
    EXPECT_EQ(sentences_of("今日は。明日は！「はい。」そう"),
              (Parts{"今日は。", "明日は！", "「はい。」", "そう"}));
    EXPECT_TRUE(sentences_of("").empty());
}

}  // namespace
}  // namespace assistd::core
