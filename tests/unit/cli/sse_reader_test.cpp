#include "cli/sse_reader.h"

namespace assistd::cli {
namespace {

std::vector<std::string> read(const std::vector<std::string>& pieces) {
    std::vector<std::string> events;
    SseReader reader(
        [&](const Event& event) { events.push_back(event.name + "|" + event.id + "|" + event.data); });
    for (const std::string& piece : pieces) reader.feed(piece);
    return events;
}

using testing::ElementsAre;

TEST(SseReader, ReadsEventsInWholeAndInPieces) {
    const std::string text =
        "id: 1\nevent: turn.started\ndata: {\"a\":1}\n\nid: 2\nevent: x\ndata: one\ndata: two\n\n";
    EXPECT_THAT(read({text}), ElementsAre("turn.started|1|{\"a\":1}", "x|2|one\ntwo"));
    std::vector<std::string> bytes;
    for (const char c : text) bytes.emplace_back(1, c);
    EXPECT_THAT(read(bytes), ElementsAre("turn.started|1|{\"a\":1}", "x|2|one\ntwo"));
}

TEST(SseReader, TakesEveryEndOfLine) {
    EXPECT_THAT(read({"data: a\r\n\r\ndata: b\r\rdata: c\n\n"}),
                ElementsAre("message||a", "message||b", "message||c"));
    EXPECT_THAT(read({"data: a\r", "\n\r", "\ndata: b\r\n", "\r\n"}),
                ElementsAre("message||a", "message||b"));
}

TEST(SseReader, SkipsCommentsAndWhatItDoesNotKnow) {
    EXPECT_THAT(read({": keep-alive\n\nretry: 5\nfoo: bar\nfoo\ndata:x\n\n"}), ElementsAre("message||x"));
    EXPECT_THAT(read({"\xef\xbb\xbf"
                      "data: x\n\n"}),
                ElementsAre("message||x"));
}

TEST(SseReader, AnEventNeedsDataAndAnEnd) {
    EXPECT_TRUE(read({"event: x\nid: 3\n\n"}).empty());
    EXPECT_TRUE(read({"data: cut off\n"}).empty());
    EXPECT_THAT(read({"data\n\n"}), ElementsAre("message||"));
    EXPECT_THAT(read({"data:  two spaces\n\n"}), ElementsAre("message|| two spaces"));
}

TEST(SseReader, KeepsTheLastId) {
    EXPECT_THAT(read({"id: 7\ndata: a\n\ndata: b\n\n"}), ElementsAre("message|7|a", "message|7|b"));
}

}  // namespace
}  // namespace assistd::cli
