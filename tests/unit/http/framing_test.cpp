// How requests follow one another on a connection.

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "support.h"

namespace assistd::http::test {
namespace {

// Answers the id in the path, later for smaller ids.
Task<Reply> slow_for_small(Request request) {
    const int id = std::stoi(request.path_value("id"));
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(std::chrono::milliseconds(id < 5 ? 20 - 4 * id : 0));
    co_await timer.async_wait(asio::use_awaitable);
    co_return Reply::text(std::to_string(id), "text/plain");
}

Task<Reply> large(Request request) {
    co_return Reply::text(std::string(300'000, request.path_value("id").front()), "application/octet-stream");
}

Router router() {
    Router router = small_router();
    router.add(Method::get, "/slow/{id}", slow_for_small);
    router.add(Method::get, "/large/{id}", large);
    return router;
}

TEST(Pipelining, RepliesComeInTheOrderOfTheRequests) {
    TestServer server(router());
    Client client(server.port());
    std::string all;
    for (int i = 0; i < 200; ++i) all += request("GET", "/slow/" + std::to_string(i));
    ASSERT_TRUE(client.send(all));
    for (int i = 0; i < 200; ++i) ASSERT_EQ(client.receive().body, std::to_string(i));
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Pipelining, MixesBodiesErrorsAndLargeReplies) {
    TestServer server(router());
    Client client(server.port());
    std::string all;
    for (int i = 0; i < 10; ++i) {
        const std::string digit = std::to_string(i);
        all += request("POST", "/echo", {}, "body " + digit) + request("GET", "/nothing") +
               request("GET", "/large/" + digit) +
               request("POST", "/echo", "Transfer-Encoding: chunked\r\n") + "1\r\n" + digit +
               "\r\n0\r\n\r\n" + request("OPTIONS", "/echo") + request("HEAD", "/hello");
    }
    ASSERT_TRUE(client.send(all));
    for (int i = 0; i < 10; ++i) {
        const std::string digit = std::to_string(i);
        EXPECT_EQ(client.receive().body, "body " + digit);
        EXPECT_EQ(client.receive().status, 404);
        EXPECT_EQ(client.receive().body, std::string(300'000, digit.front()));
        EXPECT_EQ(client.receive().body, digit);
        EXPECT_EQ(client.receive().status, 204);
        const Answer head = client.receive(true);
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(head.header("Content-Length"), "17");
    }
    EXPECT_TRUE(client.answers_another_request());
}

TEST(Pipelining, NothingIsAnsweredAfterTheRequestThatCloses) {
    TestServer server(router());
    Client client(server.port());
    client.send(request("GET", "/slow/1", "Connection: close\r\n") + request("GET", "/hello"));
    EXPECT_EQ(client.receive().body, "1");
    EXPECT_EQ(client.receive().status, 0);
}

TEST(Pipelining, AFloodBehindASlowRequestEndsTheConnection) {
    TestServer server(router());
    Client client(server.port());
    client.send(request("GET", "/slow/0"));
    const std::string flood = request("GET", "/hello", "X-A: " + std::string(10'000, 'a') + "\r\n");
    for (int i = 0; i < 100; ++i) client.send(flood);
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
    EXPECT_TRUE(Client(server.port()).answers_another_request());
}

TEST(Pipelining, AClientThatEndedItsSideStillGetsItsReplies) {
    TestServer server(router());
    Client client(server.port());
    client.send(request("GET", "/slow/1") + request("GET", "/slow/2") + "GET /slow/3 HT");
    client.end_sending();
    EXPECT_EQ(client.receive().body, "1");
    EXPECT_EQ(client.receive().body, "2");
    EXPECT_EQ(client.receive().status, 0);
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 0; }));
}

TEST(Expect, IsAnsweredBeforeTheBodyIsSent) {
    TestServer server(router());
    Client client(server.port());
    const std::string head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n";
    EXPECT_EQ(client.ask(head + "Content-Length: 4\r\n\r\n").status, 100);
    EXPECT_EQ(client.ask("body").body, "body");
    EXPECT_EQ(client.ask(head + "Transfer-Encoding: chunked\r\n\r\n").status, 100);
    EXPECT_EQ(client.ask("2\r\nok\r\n0\r\n\r\n").body, "ok");
    // A body that will not be taken is not asked for.
    EXPECT_EQ(client.ask(head + "Content-Length: 4000000\r\n\r\n").status, 413);
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(KeepAlive, ServesThousandsOfRequestsOnOneConnection) {
    TestServer server(router());
    Client client(server.port());
    for (int i = 0; i < 3000; ++i) {
        const std::string id = "item-" + std::to_string(i);
        const Answer answer =
            client.ask(request("GET", "/items/" + id, "X-Request-ID: r" + std::to_string(i) + "\r\n"));
        ASSERT_EQ(answer.header("X-Request-ID"), "r" + std::to_string(i));
        ASSERT_NE(answer.body.find("\"" + id + "\""), std::string::npos);
    }
}

TEST(Connections, BeyondTheLimitAreToldSo) {
    ServerOptions options;
    options.limits.connections = 5;
    options.trusted_proxies = {"127.0.0.1"};  // who may have them all
    TestServer server(router(), options);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        EXPECT_TRUE(clients.back()->answers_another_request());
    }
    Client one_more(server.port());
    const Answer answer = one_more.receive();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Connection"), "close");
    one_more.leave();
    clients.pop_back();
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 4; }));
    EXPECT_TRUE(Client(server.port()).answers_another_request());
}

TEST(Connections, OneAddressNeverHasThemAll) {
    ServerOptions options;
    options.limits.connections = 8;
    TestServer server(router(), options);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        EXPECT_TRUE(clients.back()->answers_another_request());
    }
    EXPECT_EQ(Client(server.port()).receive().status, 503);
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 6; }));
    Client other(server.port(), 0, "127.0.0.2");
    EXPECT_TRUE(other.answers_another_request());
    clients.clear();
    EXPECT_TRUE(becomes_true([&] { return server.server().connections() == 1; }));
    EXPECT_TRUE(Client(server.port()).answers_another_request());
}

}  // namespace
}  // namespace assistd::http::test
