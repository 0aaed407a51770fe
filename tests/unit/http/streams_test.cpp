// Event streams: many at once, quiet ones, and clients that leave them.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "support.h"

namespace assistd::http::test {
namespace {

// Streams that wait here are written to by the test's own threads, as turns are by the core.
class Hub {
  public:
    struct Entry {
        int id;
        std::shared_ptr<StreamWriter> out;
        OneShot<> done;
    };
    void join(Entry entry) {
        const std::lock_guard lock(mutex_);
        entries_.push_back(std::move(entry));
    }
    std::vector<Entry> entries() const {
        const std::lock_guard lock(mutex_);
        return entries_;
    }
    std::size_t size() const { return entries().size(); }

  private:
    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
};

Task<void> stay(Hub* hub, int id, std::shared_ptr<StreamWriter> out) {
    OneShot<> done;
    hub->join(Hub::Entry{id, out, done});
    co_await done.wait();
}

Task<Reply> hub_stream(Hub* hub, Request request) {
    const int id = std::stoi(request.path_value("id"));
    co_return Reply::event_stream(
        [hub, id](std::shared_ptr<StreamWriter> out) { return stay(hub, id, std::move(out)); });
}

Router router(Hub* hub) {
    Router router = small_router();
    router.add(Method::get, "/streams/{id}",
               [hub](Request request) { return hub_stream(hub, std::move(request)); });
    return router;
}

std::string event_text(int stream, int event) {
    return "id: " + std::to_string(event) + "\nevent: e\ndata: " + std::to_string(stream) + "/" +
           std::to_string(event) + "\n\n";
}

// Reads from all clients at once until each body is complete or nothing comes for too long.
std::vector<Answer> receive_all(std::vector<std::unique_ptr<Client>>& clients) {
    std::vector<Answer> answers(clients.size());
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t i = t; i < clients.size(); i += 4) answers[i] = clients[i]->receive();
        });
    for (std::thread& thread : threads) thread.join();
    return answers;
}

TEST(Streams, AThousandAtOnceEachGetAllOfTheirEvents) {
    constexpr int streams = 1000;
    constexpr int events = 60;
    Hub hub;
    TestServer server(router(&hub));
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < streams; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        clients.back()->send(request("GET", "/streams/" + std::to_string(i)));
    }
    ASSERT_TRUE(becomes_true([&] { return hub.size() == streams; }));
    EXPECT_EQ(server.server().connections(), streams);
    const auto entries = hub.entries();
    std::atomic<int> refused{0};
    std::vector<std::thread> writers;
    for (std::size_t t = 0; t < 2; ++t)
        writers.emplace_back([&, t] {
            for (int event = 0; event < events; ++event)
                for (std::size_t i = t; i < entries.size(); i += 2) {
                    const std::string data = std::to_string(entries[i].id) + "/" + std::to_string(event);
                    if (!write_event(*entries[i].out, "e", data, std::to_string(event))) ++refused;
                }
            for (std::size_t i = t; i < entries.size(); i += 2) entries[i].done.set();
        });
    const auto answers = receive_all(clients);
    for (std::thread& thread : writers) thread.join();
    EXPECT_EQ(refused, 0);
    for (int i = 0; i < streams; ++i) {
        const Answer& answer = answers[static_cast<std::size_t>(i)];
        std::string expected;
        for (int event = 0; event < events; ++event) expected += event_text(i, event);
        ASSERT_TRUE(answer.complete);
        ASSERT_EQ(answer.body, expected);
        ASSERT_EQ(answer.header("X-Accel-Buffering"), "no");
    }
    EXPECT_TRUE(clients.front()->answers_another_request());
}

TEST(Streams, WritesOfManyThreadsDoNotTearEventsApart) {
    Hub hub;
    TestServer server(router(&hub));
    Client client(server.port());
    client.send(request("GET", "/streams/1"));
    ASSERT_TRUE(becomes_true([&] { return hub.size() == 1; }));
    const Hub::Entry entry = hub.entries().front();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i)
                write_event(*entry.out, "", std::string(20, static_cast<char>('a' + t)));
        });
    for (std::thread& thread : threads) thread.join();
    entry.done.set();
    const Answer answer = client.receive();
    EXPECT_EQ(answer.body.size(), 4u * 500 * 28);
    for (std::size_t at = 0; at + 28 <= answer.body.size(); at += 28)
        ASSERT_EQ(answer.body.substr(at, 28), "data: " + std::string(20, answer.body[at + 6]) + "\n\n");
}

TEST(Streams, QuietOnesGetComments) {
    Hub hub;
    ServerOptions options;
    options.limits.keep_alive_comment = 100ms;
    options.limits.idle = options.limits.head = options.limits.body = options.limits.stalled_write = 200ms;
    TestServer server(router(&hub), options);
    Client client(server.port());
    client.send(
        "GET /streams/1 HTTP/1.0\r\nHost: localhost\r\n\r\n");  // without chunks the text stands alone
    ASSERT_TRUE(becomes_true([&] { return hub.size() == 1; }));
    std::string seen;
    while (seen.find(": keep-alive\n\n: keep-alive\n\n") == std::string::npos) {
        const std::string some = client.read_some();
        ASSERT_FALSE(some.empty()) << seen;
        seen += some;
    }
    // Not in the middle of what the handler writes piece by piece.
    const Hub::Entry entry = hub.entries().front();
    entry.out->write("data: a");
    asio::io_context waiting;
    asio::steady_timer long_enough(waiting, 700ms);
    long_enough.wait();
    entry.out->write("b\n\n");
    entry.done.set();
    while (true) {
        const std::string some = client.read_some();
        if (some.empty()) break;
        seen += some;
    }
    EXPECT_NE(seen.find("data: ab\n\n"), std::string::npos) << seen;
}

std::string read_until(Client& client, std::string_view end) {
    std::string seen;
    while (seen.find(end) == std::string::npos) {
        const std::string some = client.read_some();
        if (some.empty()) break;
        seen += some;
    }
    return seen;
}

// No comment shall push out what is held back.
ServerOptions without_comments() {
    ServerOptions options;
    options.limits.keep_alive_comment = 1h;
    return options;
}

TEST(Streams, BeginBeforeThereIsSomethingToSay) {
    Hub hub;
    TestServer server(router(&hub), without_comments());
    Client client(server.port());
    client.send(request("GET", "/streams/1"));
    EXPECT_TRUE(read_until(client, "\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    ASSERT_TRUE(becomes_true([&] { return hub.size() == 1; }));
    hub.entries().front().done.set();
}

// What is held back for the end of the reply must not wait for a handler that takes its time.
TEST(Streams, TheLastPieceDoesNotWaitForTheEndOfItsHandler) {
    Hub hub;
    const auto say_and_stay = [&hub](std::shared_ptr<StreamWriter> out) {
        out->write_last("data: last\n\n");
        return stay(&hub, 1, out);
    };
    const auto talkative = [say_and_stay](Request) -> Task<Reply> {
        co_return Reply::event_stream(say_and_stay);
    };
    Router routes = small_router();
    routes.add(Method::get, "/talkative", talkative);
    TestServer server(std::move(routes), without_comments());
    Client client(server.port());
    client.send(request("GET", "/talkative"));
    EXPECT_NE(read_until(client, "data: last\n\n\r\n").find("data: last"), std::string::npos);
    ASSERT_TRUE(becomes_true([&] { return hub.size() == 1; }));
    hub.entries().front().done.set();
    EXPECT_EQ(read_until(client, "0\r\n\r\n"), "0\r\n\r\n");
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Streams, ToHeadAreNotBegun) {
    Hub hub;
    TestServer server(router(&hub));
    Client client(server.port());
    const Answer answer = client.ask(request("HEAD", "/streams/1"), true);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
    EXPECT_TRUE(client.answers_another_request());
    EXPECT_EQ(hub.size(), 0u);
}

TEST(Streams, AreFollowedByThePipelinedRequest) {
    Hub hub;
    TestServer server(router(&hub));
    Client client(server.port());
    client.send(request("GET", "/streams/1") + request("GET", "/hello"));
    ASSERT_TRUE(becomes_true([&] { return hub.size() == 1; }));
    const Hub::Entry entry = hub.entries().front();
    write_event(*entry.out, "", "1");
    entry.done.set();
    EXPECT_EQ(client.receive().body, "data: 1\n\n");
    EXPECT_EQ(client.receive().body, R"({"hello":"world"})");
    EXPECT_FALSE(entry.out->write("too late"));
    EXPECT_TRUE(client.answers_another_request());
}

Task<void> failing(std::shared_ptr<StreamWriter> out) {
    write_event(*out, "", "1");
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("the source broke");
}
Task<Reply> failing_stream(Request) {
    co_return Reply::event_stream(failing);
}

TEST(Streams, ThatFailHaveNoProperEnd) {
    Router router;
    router.add(Method::get, "/failing", failing_stream);
    TestServer server(std::move(router));
    const Answer answer = Client(server.port()).ask(request("GET", "/failing"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.complete);
}

TEST(Gone, IsSaidToAStreamAndItsWriter) {
    Hub hub;
    TestServer server(router(&hub));
    for (const bool abruptly : {false, true}) {
        Client client(server.port());
        client.send(request("GET", "/streams/1"));
        ASSERT_TRUE(becomes_true([&] { return hub.size() == (abruptly ? 2u : 1u); }));
        const Hub::Entry entry = hub.entries().back();
        EXPECT_TRUE(entry.out->alive());
        if (abruptly)
            client.reset();
        else
            client.leave();
        EXPECT_TRUE(becomes_true([&] { return !entry.out->alive(); }));
        EXPECT_FALSE(write_event(*entry.out, "", "1"));
        entry.done.set();
    }
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
}

Task<Reply> until_gone(OneShot<> was_told, Request request) {
    OneShot<> gone;
    const std::stop_callback callback(request.gone, [gone] { gone.set(); });
    co_await gone.wait();
    was_told.set();
    co_return Reply::empty();
}

TEST(Gone, IsSaidToAHandlerThatHasNotAnswered) {
    OneShot<> was_told;
    Router router;
    router.add(Method::get, "/wait",
               [was_told](Request request) { return until_gone(was_told, std::move(request)); });
    TestServer server(std::move(router));
    Client client(server.port());
    client.send(request("GET", "/wait"));
    ASSERT_TRUE(becomes_true([&] { return server.server().connections() == 1; }));
    EXPECT_FALSE(was_told.done());
    client.leave();
    EXPECT_TRUE(becomes_true([&] { return was_told.done() && server.server().connections() == 0; }));
}

// The end of the stream comes behind it and finds the queue full.
TEST(Streams, APieceLargerThanTheQueueArrivesWhole) {
    const std::string large(8 << 20, 'x');
    Router router = small_router();
    router.add(Method::get, "/large", [&large](Request) -> Task<Reply> {
        co_return Reply::event_stream([&large](std::shared_ptr<StreamWriter> out) -> Task<void> {
            write_event(*out, "e", large);
            co_return;
        });
    });
    TestServer server(std::move(router));
    Client client(server.port());
    client.send(request("GET", "/large"));
    const Answer answer = client.receive();
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(answer.body, "event: e\ndata: " + large + "\n\n");
}

}  // namespace
}  // namespace assistd::http::test
