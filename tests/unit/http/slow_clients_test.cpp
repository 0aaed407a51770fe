// Clients that send or read slowly, or not at all.

#include <gtest/gtest.h>

#include "support.h"

namespace assistd::http::test {
namespace {

Limits short_limits() {
    Limits limits;
    limits.idle = 600ms;
    limits.head = 300ms;
    limits.body = 300ms;
    limits.stalled_write = 500ms;
    limits.linger = 300ms;
    return limits;
}

ServerOptions short_options() {
    ServerOptions options;
    options.limits = short_limits();
    return options;
}

std::chrono::milliseconds since(Clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
}

Task<Reply> much(Request) {
    co_return Reply::text(std::string(30 << 20, 'm'), "application/octet-stream");
}

struct Counters {
    std::atomic<int> refused{0};
    std::atomic<int> gone{0};
};

// Writes without end, as fast as the writer allows.
Task<void> endless(std::shared_ptr<StreamWriter> out, Counters* counters) {
    const std::string text(1000, 'e');
    while (write_event(*out, "e", text)) co_await asio::post(asio::use_awaitable);
    ++counters->refused;
}

Task<Reply> endless_stream(Counters* counters, Request request) {
    const auto gone = request.gone;
    Reply reply = Reply::event_stream([counters, gone](std::shared_ptr<StreamWriter> out) -> Task<void> {
        // The lambda is kept by the connection's coroutine while this runs.
        co_await endless(std::move(out), counters);
        if (gone.stop_requested()) ++counters->gone;
    });
    co_return reply;
}

Router router(Counters* counters) {
    Router router = small_router();
    router.add(Method::get, "/much", much);
    router.add(Method::get, "/endless",
               [counters](Request request) { return endless_stream(counters, std::move(request)); });
    return router;
}

TEST(SlowSenders, OfAHeadGet408AndAreClosed) {
    TestServer server(small_router(), short_options());
    const auto begin = Clock::now();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 50; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        clients.back()->send("GET /hello HTTP/1.1\r\nHo");
    }
    for (const auto& client : clients) {
        const Answer answer = client->receive();
        EXPECT_EQ(answer.status, 408);
        EXPECT_EQ(answer.header("Connection"), "close");
        EXPECT_TRUE(client->is_closed_by_server());
    }
    EXPECT_GE(since(begin), 300ms);
    EXPECT_LT(since(begin), 3s);
}

// Each byte comes in time; together they take too long.
TEST(SlowSenders, ThatTrickleAreNotWaitedFor) {
    TestServer server(small_router(), short_options());
    const auto begin = Clock::now();
    Client client(server.port());
    Answer answer;
    std::thread reader([&] { answer = client.receive(); });
    const std::string text = request("GET", "/hello", "X-A: " + std::string(5000, 'a') + "\r\n");
    asio::io_context waiting;
    asio::steady_timer pause(waiting);
    for (std::size_t i = 0; i < text.size() && since(begin) < 5s && client.send({&text[i], 1}); ++i) {
        pause.expires_after(5ms);
        pause.wait();
    }
    reader.join();
    EXPECT_EQ(answer.status, 408);
    EXPECT_LT(since(begin), 4s);
}

TEST(SlowSenders, OfABodyGet408AndAreClosed) {
    TestServer server(small_router(), short_options());
    const auto begin = Clock::now();
    Client client(server.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: mine\r\nContent-Length: 100\r\n\r\npart");
    const Answer answer = client.receive();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.header("X-Request-ID"), "mine");
    EXPECT_TRUE(client.is_closed_by_server());
    EXPECT_LT(since(begin), 3s);
}

TEST(SlowSenders, IdleConnectionsAreClosedWithoutAWord) {
    TestServer server(small_router(), short_options());
    Client fresh(server.port());
    Client used(server.port());
    EXPECT_TRUE(used.answers_another_request());
    const auto begin = Clock::now();
    EXPECT_EQ(fresh.receive().status, 0);
    EXPECT_EQ(used.receive().status, 0);
    EXPECT_GE(since(begin), 400ms);
    EXPECT_LT(since(begin), 3s);
}

TEST(SlowSenders, AClientThatKeepsSendingAfterAnErrorIsCutOff) {
    TestServer server(small_router(), short_options());
    const auto begin = Clock::now();
    Client client(server.port());
    client.send("nonsense\r\n\r\n");
    while (since(begin) < 5s && client.send("more")) std::this_thread::yield();
    EXPECT_LT(since(begin), 3s);
}

TEST(SlowReaders, DoNotDisturbOthersAndAreCutOff) {
    Counters counters;
    TestServer server(router(&counters), short_options());
    std::vector<std::unique_ptr<Client>> lazy;
    for (int i = 0; i < 20; ++i) {
        lazy.push_back(std::make_unique<Client>(server.port(), 4096));
        lazy.back()->send(request("GET", i % 2 ? "/much" : "/endless"));
    }
    const auto begin = Clock::now();
    Client lively(server.port());
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(lively.answers_another_request());
    EXPECT_LT(since(begin), 3s);
    // Ten streams ran into their full queues, and the readers of large replies into the stalled-write limit.
    EXPECT_TRUE(becomes_true([&] { return counters.refused == 10 && counters.gone == 10; }));
    EXPECT_TRUE(becomes_true([&] {
        lively.answers_another_request();
        return server.server().connections() == 1;
    }));
}

TEST(SlowReaders, ThatDoReadGetEverything) {
    Counters counters;
    TestServer server(router(&counters), short_options());
    Client client(server.port(), 4096);
    client.send(request("GET", "/much") + request("GET", "/hello"));
    const Answer answer = client.receive();
    EXPECT_EQ(answer.body.size(), 30u << 20);
    EXPECT_EQ(client.receive().status, 200);
}

}  // namespace
}  // namespace assistd::http::test
