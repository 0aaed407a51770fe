#include "upstream/sse_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "upstream/upstream_error.h"

namespace assistd {
namespace {

using testing::ElementsAre;

// Every event as "name|data".
class Collector {
  public:
    SseReader::Sink sink() {
        return [this](const SseEvent& event) {
            events.push_back(std::string(event.name) + "|" + std::string(event.data));
        };
    }
    std::vector<std::string> events;
};

std::vector<std::string> read_pieces(const std::vector<std::string_view>& pieces) {
    Collector collector;
    SseReader reader;
    for (const auto piece : pieces) reader.feed(piece, collector.sink());
    reader.finish(collector.sink());
    return collector.events;
}

TEST(SseReader, ReadsEventsWithEveryLineEnd) {
    EXPECT_THAT(read_pieces({"data: a\n\ndata: b\n\n"}), ElementsAre("|a", "|b"));
    EXPECT_THAT(read_pieces({"data: a\r\rdata: b\r\r"}), ElementsAre("|a", "|b"));
    EXPECT_THAT(read_pieces({"data: a\r\n\r\ndata: b\r\n\r\n"}), ElementsAre("|a", "|b"));
    EXPECT_THAT(read_pieces({"data: a\n\rdata: b\r\n\n"}), ElementsAre("|a", "|b"));
}

TEST(SseReader, FollowsTheFieldRules) {
    EXPECT_THAT(read_pieces({"data:a\n\n"}), ElementsAre("|a"));
    EXPECT_THAT(read_pieces({"data:  a \n\n"}), ElementsAre("| a "));  // one blank belongs to the field
    EXPECT_THAT(read_pieces({"data: a\ndata: b\ndata\n\n"}), ElementsAre("|a\nb\n"));
    EXPECT_THAT(read_pieces({"event: error\ndata: x\n\ndata: y\n\n"}), ElementsAre("error|x", "|y"));
    EXPECT_THAT(read_pieces({": comment\nid: 1\nretry: 5\nnonsense\ndata: x\n\n"}), ElementsAre("|x"));
    EXPECT_THAT(read_pieces({"event: ping\n\n\n\n:\n\n"}), ElementsAre());  // an event without data is none
    EXPECT_THAT(read_pieces({"data:\n\n"}), ElementsAre("|"));
}

TEST(SseReader, DropsAByteOrderMarkAtTheStartOnly) {
    EXPECT_THAT(read_pieces({"\xEF\xBB\xBF"
                             "data: a\n\n"}),
                ElementsAre("|a"));
    EXPECT_THAT(read_pieces({"\xEF", "\xBB", "\xBF", "data: a\n\n"}), ElementsAre("|a"));
    EXPECT_THAT(read_pieces({"data: \xEF\xBB\xBF"
                             "a\n\n"}),
                ElementsAre("|\xEF\xBB\xBF"
                            "a"));
    EXPECT_THAT(read_pieces({"\xEF\xBB", "data: a\n\ndata: b\n\n"}), ElementsAre("|b"));
}

TEST(SseReader, TakesALastEventWithoutItsBlankLine) {
    EXPECT_THAT(read_pieces({"data: a\n\ndata: b"}), ElementsAre("|a", "|b"));
    EXPECT_THAT(read_pieces({"data: a\n\ndata: b\n"}), ElementsAre("|a", "|b"));
    EXPECT_THAT(read_pieces({"data: a\n\ndata: b\r"}), ElementsAre("|a", "|b"));
}

TEST(SseReader, GivesTheSameEventsHoweverTheBytesAreCut) {
    const std::string stream =
        "\xEF\xBB\xBF: hello\r\nevent: first\r\ndata: {\"a\":\"\xC3\xA4\xF0\x9F\x98\x80\"}\r\n\r\n"
        "data:one\rdata: two\r\rdata: x\n\n\ndata\n\nevent:last\ndata: [DONE]";
    const std::string_view all = stream;
    const auto whole = read_pieces({all});
    ASSERT_THAT(whole, ElementsAre("first|{\"a\":\"\xC3\xA4\xF0\x9F\x98\x80\"}", "|one\ntwo", "|x", "|",
                                   "last|[DONE]"));
    for (std::size_t i = 0; i <= all.size(); ++i) {
        EXPECT_EQ(read_pieces({all.substr(0, i), all.substr(i)}), whole) << "cut at " << i;
        for (std::size_t j = i; j <= all.size(); ++j) {
            ASSERT_EQ(read_pieces({all.substr(0, i), all.substr(i, j - i), all.substr(j)}), whole)
                << i << ", " << j;
        }
    }
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < all.size(); ++i) bytes.push_back(all.substr(i, 1));
    EXPECT_EQ(read_pieces(bytes), whole);
}

TEST(SseReader, RefusesALineThatDoesNotEnd) {
    Collector collector;
    SseReader reader({.line_bytes = 1000, .event_bytes = 100'000});
    const std::string piece(100, 'x');
    std::size_t taken = 0;
    try {
        for (; taken < 100; ++taken) reader.feed(piece, collector.sink());
        FAIL() << "an endless line was taken";
    } catch (const UpstreamError& error) {
        EXPECT_EQ(error.fault, UpstreamFault::reply);
        EXPECT_STREQ(error.what(), "sent a line of more than 1000 bytes");
    }
    EXPECT_EQ(taken, 10u);
}

TEST(SseReader, RefusesAnEventThatDoesNotEnd) {
    Collector collector;
    SseReader reader({.line_bytes = 1000, .event_bytes = 5000});
    const std::string line = "data: " + std::string(494, 'x') + "\n";
    for (int i = 0; i < 10; ++i) reader.feed(line, collector.sink());
    EXPECT_THROW(reader.feed(line, collector.sink()), UpstreamError);
    EXPECT_TRUE(collector.events.empty());
}

TEST(SseReader, WhereItCanBeTakenUpAgain) {
    SseReader reader;
    const SseReader::Sink sink = [](const SseEvent&) {};
    EXPECT_EQ(reader.last_id(), "");
    EXPECT_FALSE(reader.retry());
    reader.feed("id: a\nretry: 250\ndata:\n\nid: b\n", sink);
    EXPECT_EQ(reader.last_id(), "b");
    EXPECT_EQ(reader.retry(), std::chrono::milliseconds(250));
    reader.feed(std::string("id: c\0d\nretry: soon\nretry: -1\nretry:\n", 37), sink);
    EXPECT_EQ(reader.last_id(), "b") << "an id with a null is none";
    EXPECT_EQ(reader.retry(), std::chrono::milliseconds(250));
    reader.feed("id\ndata: x\n\n", sink);
    EXPECT_EQ(reader.last_id(), "");
    reader.feed("id: " + std::string(5'000, 'x') + "\n", sink);
    EXPECT_EQ(reader.last_id(), "") << "it would not fit into a header";
}

}  // namespace
}  // namespace assistd
