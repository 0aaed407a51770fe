// Starting and stopping.

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "support.h"

namespace assistd::http::test {
namespace {

Task<Reply> takes_a_while(std::atomic<int>* running, Request) {
    ++*running;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(200ms);
    co_await timer.async_wait(asio::use_awaitable);
    co_return Reply::text("done", "text/plain");
}

Task<Reply> until_gone(std::atomic<int>* running, Request request) {
    OneShot<> gone;
    const std::stop_callback callback(request.gone, [gone] { gone.set(); });
    ++*running;
    co_await gone.wait();
    --*running;
    co_return Reply::empty();
}

Task<void> endless(std::atomic<int>* running, std::stop_token gone, std::shared_ptr<StreamWriter> out) {
    OneShot<> left;
    const std::stop_callback callback(gone, [left] { left.set(); });
    ++*running;
    write_event(*out, "", "begun");
    co_await left.wait();
    --*running;
}

Task<Reply> endless_stream(std::atomic<int>* running, Request request) {
    const auto gone = request.gone;
    co_return Reply::event_stream([running, gone](std::shared_ptr<StreamWriter> out) {
        return endless(running, gone, std::move(out));
    });
}

Router router(std::atomic<int>* running) {
    Router router = small_router();
    router.add(Method::get, "/while", [running](Request r) { return takes_a_while(running, std::move(r)); });
    router.add(Method::get, "/until-gone",
               [running](Request r) { return until_gone(running, std::move(r)); });
    router.add(Method::get, "/endless",
               [running](Request r) { return endless_stream(running, std::move(r)); });
    return router;
}

std::vector<std::unique_ptr<Client>> ask(TestServer& server, int count, const char* path) {
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        clients.back()->send(request("GET", path));
    }
    return clients;
}

TEST(Stop, LetsRunningRequestsFinish) {
    std::atomic<int> running{0};
    TestServer server(router(&running));
    const auto clients = ask(server, 50, "/while");
    Client idle(server.port());
    EXPECT_TRUE(idle.answers_another_request());
    ASSERT_TRUE(becomes_true([&] { return running == 50; }));
    std::thread readers([&] {
        for (const auto& client : clients) {
            const Answer answer = client->receive();
            EXPECT_EQ(answer.body, "done");
            EXPECT_EQ(answer.header("Connection"), "close");
            client->leave();
        }
        EXPECT_TRUE(idle.is_closed_by_server());
    });
    const auto begin = Clock::now();
    server.server().stop(10s);
    EXPECT_LT(Clock::now() - begin, 3s);
    EXPECT_EQ(server.server().connections(), 0u);
    EXPECT_THROW(Client(server.port()), std::runtime_error);
    readers.join();
    server.server().stop(10s);
}

TEST(Stop, EndsWhatDoesNotFinishInTime) {
    std::atomic<int> running{0};
    TestServer server(router(&running));
    const auto waiting = ask(server, 20, "/until-gone");
    const auto streams = ask(server, 20, "/endless");
    const auto half = ask(server, 5, "/hel");
    Client unfinished(server.port());
    unfinished.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
    ASSERT_TRUE(becomes_true([&] { return running == 40; }));
    const auto begin = Clock::now();
    server.server().stop(100ms);
    EXPECT_LT(Clock::now() - begin, 2s);
    EXPECT_TRUE(becomes_true([&] { return running == 0; }));
    for (const auto& client : waiting) EXPECT_TRUE(client->is_closed_by_server());
}

TEST(Stop, UnderLoadLeavesNothingBehind) {
    for (int round = 0; round < 5; ++round) {
        std::atomic<int> running{0};
        std::atomic<bool> stopping{false};
        std::atomic<int> wrong{0};
        TestServer server(router(&running));
        const auto port = server.port();
        std::vector<std::thread> threads;
        std::atomic<int> served{0};
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                try {
                    while (!stopping) {
                        Client client(port);
                        for (int i = 0; i < 10; ++i) {
                            const Answer answer = client.ask(request("GET", "/hello"));
                            if (answer.status == 200 && answer.body == R"({"hello":"world"})")
                                ++served;
                            else if (answer.status != 0 || !stopping)
                                ++wrong;
                            if (answer.status == 0 || answer.header("Connection") == "close") break;
                        }
                    }
                } catch (const std::runtime_error&) {
                    if (!stopping) ++wrong;  // cannot connect
                }
            });
        EXPECT_TRUE(becomes_true([&] { return served > 200; }));
        stopping = true;
        server.server().stop(5s);
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(wrong, 0);
        EXPECT_EQ(server.server().connections(), 0u);
    }
}

TEST(Stop, HandlersMayOutliveTheServer) {
    asio::io_context io;
    OneShot<> finish;
    std::atomic<int> begun{0};
    std::atomic<int> finished{0};
    Router router;
    router.add(Method::get, "/late", [&](Request) -> Task<Reply> {
        ++begun;
        co_await finish.wait();
        ++finished;
        co_return Reply::empty();
    });
    ServerOptions options;
    options.port = 0;
    auto server = std::make_unique<Server>(io, options, std::move(router));
    server->start();
    auto work = asio::make_work_guard(io);
    std::thread thread([&] { io.run(); });
    Client client(server->port());
    client.send(request("GET", "/late"));
    ASSERT_TRUE(becomes_true([&] { return begun == 1; }));
    server->stop(50ms);
    server.reset();
    finish.set();
    EXPECT_TRUE(becomes_true([&] { return finished == 1; }));
    work.reset();
    thread.join();
}

TEST(Start, OnATakenPortSaysSo) {
    TestServer first(small_router());
    asio::io_context io;
    ServerOptions options;
    options.port = first.port();
    try {
        Server second(io, options, small_router());
        ADD_FAILURE() << "the port is taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unavailable);
        EXPECT_NE(std::string(error.what()).find("Address already in use"), std::string::npos)
            << error.what();
    }
    EXPECT_TRUE(Client(first.port()).answers_another_request());
}

TEST(Start, OnAnAddressThatIsNoneSaysSo) {
    asio::io_context io;
    ServerOptions options;
    options.port = 0;
    for (const char* address : {"203.0.113.1", "not an address", ""}) {
        options.address = address;
        EXPECT_THROW(Server(io, options, small_router()), Error) << address;
    }
}

TEST(Start, ServesAgainOnTheSamePort) {
    asio::io_context io;
    ServerOptions options;
    options.port = 0;
    options.port = Server(io, options, small_router()).port();  // never started
    for (int i = 0; i < 3; ++i) {
        Server server(io, options, small_router());
        server.start();
        Client client(options.port);
        EXPECT_EQ(client.ask(request("GET", "/unknown")).status, 404);
    }
}

TEST(Start, OnIpv6) {
    asio::io_context io;
    ServerOptions options;
    options.port = 0;
    options.address = "::1";
    try {
        Server server(io, options, small_router());
        EXPECT_GT(server.port(), 0);
    } catch (const Error& error) {
        // A machine without IPv6 must say just that.
        EXPECT_NE(std::string(error.what()).find("Cannot listen on [::1]:0"), std::string::npos)
            << error.what();
    }
}

}  // namespace
}  // namespace assistd::http::test
