#include "api/mcp/event_log.h"

#include "support/io_threads.h"

namespace assistd::api::mcp {
namespace {

std::vector<std::int64_t> numbers(const std::vector<LoggedMessage>& messages) {
    std::vector<std::int64_t> all;
    for (const LoggedMessage& message : messages) all.push_back(message.number);
    return all;
}

TEST(EventLog, IsReadFromAnyPlace) {
    test::IoThreads io;
    EventLog log;
    const int reader = log.begin_reading();
    for (const char* text : {"a", "b", "c"}) log.push(text);
    EXPECT_EQ(numbers(io.run(log.next(0, reader, {}))), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(numbers(io.run(log.next(2, reader, {}))), (std::vector<std::int64_t>{3}));
    log.end();
    EXPECT_EQ(numbers(io.run(log.next(0, reader, {}))).size(), 3u);
    EXPECT_TRUE(io.run(log.next(3, reader, {})).empty());
    log.push("late");
    EXPECT_EQ(log.last(), 3);
}

TEST(EventLog, KeepsTheNewest) {
    test::IoThreads io;
    EventLog log(2);
    const int reader = log.begin_reading();
    for (const char* text : {"a", "bb", "ccc"}) log.push(text);
    EXPECT_EQ(numbers(io.run(log.next(0, reader, {}))), (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(log.bytes(), 5u);
}

TEST(EventLog, WaitsUntilThereIsSomethingOrNobodyWantsIt) {
    test::IoThreads io;
    EventLog log;
    const int reader = log.begin_reading();
    auto waiting = io.start(log.next(0, reader, {}));
    log.push("a");
    EXPECT_EQ(waiting.get().size(), 1u);
    std::stop_source stop;
    auto stopped = io.start(log.next(1, reader, stop.get_token()));
    stop.request_stop();
    EXPECT_TRUE(stopped.get().empty());
    auto replaced = io.start(log.next(1, reader, {}));
    log.begin_reading();
    EXPECT_TRUE(replaced.get().empty());
}

TEST(EventLog, SaysWhenItsReaderHasLeft) {
    EventLog log;
    int left = 0;
    log.when_left([&] { ++left; });
    const int first = log.begin_reading();
    const int second = log.begin_reading();
    log.end_reading(first);  // another has taken over
    EXPECT_EQ(left, 0);
    EXPECT_TRUE(log.is_read());
    log.end_reading(second);
    EXPECT_EQ(left, 1);
    EXPECT_FALSE(log.is_read());
    const int third = log.begin_reading();
    log.end();
    log.end_reading(third);
    EXPECT_EQ(left, 1);
}

}  // namespace
}  // namespace assistd::api::mcp
