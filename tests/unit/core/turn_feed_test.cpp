#include "core/turn_feed.h"

#include "support/io_threads.h"

namespace assistd::core {
namespace {

std::string text_of(const TurnEventPtr& event) {
    const auto* delta = std::get_if<MessageDelta>(&event->body);
    return delta ? delta->text : "";
}

Task<std::string> read_all(std::shared_ptr<TurnFeed> feed, std::int64_t after) {
    std::string text;
    for (;;) {
        const std::vector<TurnEventPtr> events = co_await feed->next(after, {});
        if (events.empty()) co_return text;
        for (const TurnEventPtr& event : events) {
            EXPECT_EQ(event->id, after + 1);
            after = event->id;
            text += text_of(event);
        }
    }
}

TEST(TurnFeed, EveryReaderGetsEveryEventWheneverItComes) {
    test::IoThreads io;
    const auto feed = std::make_shared<TurnFeed>();
    std::vector<std::future<std::string>> readers;
    std::string whole;
    for (int i = 0; i < 500; ++i) {
        if (i % 50 == 0) readers.push_back(io.start(read_all(feed, 0)));
        const std::string piece = std::to_string(i) + " ";
        whole += piece;
        feed->emit(MessageDelta{{}, piece});
    }
    feed->emit(TurnEnded{});
    for (auto& reader : readers) EXPECT_EQ(reader.get(), whole);
    EXPECT_EQ(io.run(read_all(feed, 0)), whole);  // who comes when all is over
}

TEST(TurnFeed, GivesOnlyWhatComesAfter) {
    test::IoThreads io;
    const auto feed = std::make_shared<TurnFeed>();
    feed->emit(MessageDelta{{}, "a"});
    const std::int64_t seen = feed->emit(MessageDelta{{}, "b"});
    feed->emit(MessageDelta{{}, "c"});
    feed->emit(TurnEnded{});
    EXPECT_EQ(io.run(read_all(feed, seen)), "c");
    EXPECT_EQ(io.run(read_all(feed, 99)), "");
}

TEST(TurnFeed, NothingFollowsTheEnd) {
    TurnFeed feed;
    feed.emit(TurnEnded{});
    const std::int64_t next = feed.next_id();
    feed.emit(MessageDelta{{}, "late"});
    EXPECT_EQ(feed.next_id(), next);
}

TEST(TurnFeed, AReaderThatIsStoppedGetsNothingMore) {
    test::IoThreads io;
    const auto feed = std::make_shared<TurnFeed>();
    std::stop_source stop;
    auto waiting = io.start(feed->next(0, stop.get_token()));
    stop.request_stop();
    EXPECT_TRUE(waiting.get().empty());
}

TEST(TurnFeed, AnAbandonedFeedReleasesItsReaders) {
    test::IoThreads io;
    const auto feed = std::make_shared<TurnFeed>();
    auto reader = io.start(feed->next(0, {}));
    auto waiter = io.start(feed->whole());
    feed->abandon();
    EXPECT_TRUE(reader.get().empty());
    EXPECT_TRUE(waiter.get().empty());
}

}  // namespace
}  // namespace assistd::core
