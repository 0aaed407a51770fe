// Origins, hosts and proxies.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support.h"
#include "support/logged.h"

namespace assistd::http::test {
namespace {

constexpr const char* page = "Origin: https://app.example\r\n";

ServerOptions with_origin(std::string origin) {
    ServerOptions options;
    options.cors_origins = {std::move(origin)};
    return options;
}

TEST(Cors, PreflightNamesWhatIsAllowed) {
    TestServer server(small_router(), with_origin("https://app.example"));
    Client client(server.port());
    const Answer answer = client.ask(request(
        "OPTIONS", "/items/1",
        std::string(page) + "Access-Control-Request-Method: POST\r\n"
                            "Access-Control-Request-Headers: content-type, x-stainless-lang, x-evil\r\n"));
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(answer.header("Vary"), "Origin");
    EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
    const std::string headers = answer.header("Access-Control-Allow-Headers");
    for (const char* name : {"Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID",
                             "X-Conversation-ID", "X-Request-ID", "OpenAI-Beta", "x-stainless-lang"})
        EXPECT_NE(headers.find(name), std::string::npos) << name;
    EXPECT_EQ(headers.find("x-evil"), std::string::npos);
    EXPECT_EQ(client.ask(request("OPTIONS", "/unknown", page)).status, 404);
}

TEST(Cors, RepliesAndErrorsCarryTheOrigin) {
    TestServer server(small_router(), with_origin("https://app.example"));
    Client client(server.port());
    for (const char* path : {"/hello", "/unknown"}) {
        const Answer answer = client.ask(request("GET", path, page));
        EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://app.example");
        EXPECT_NE(answer.header("Access-Control-Expose-Headers").find("X-Request-ID"), std::string::npos);
    }
    EXPECT_EQ(client.ask(request("POST", "/echo", page, "x")).status, 200);
}

TEST(Cors, OtherOriginsGetNothing) {
    TestServer server(small_router(), with_origin("https://app.example"));
    Client client(server.port());
    for (const char* origin :
         {"https://app.example.evil", "http://app.example", "https://app.example:8443", "null"}) {
        const std::string header = std::string("Origin: ") + origin + "\r\n";
        EXPECT_FALSE(client.ask(request("GET", "/hello", header)).has("Access-Control-Allow-Origin"));
        const Answer preflight =
            client.ask(request("OPTIONS", "/echo", header + "Access-Control-Request-Method: POST\r\n"));
        EXPECT_EQ(preflight.status, 204);
        EXPECT_FALSE(preflight.has("Access-Control-Allow-Methods"));
        EXPECT_EQ(client.ask(request("POST", "/items/1", header)).status, 403);
    }
}

TEST(Cors, SomeRoutesAreNotEvenReadByOthersPages) {
    Router router = small_router();
    const Handler handler = [](Request) -> Task<Reply> { co_return Reply::json("{}"); };
    router.add(Method::get, "/own", handler, {.foreign_origins_may_read = false});
    TestServer server(std::move(router), with_origin("https://app.example"));
    Client client(server.port());
    const std::string evil = "Origin: https://evil.example\r\n";
    EXPECT_EQ(client.ask(request("GET", "/own", evil)).status, 403);
    EXPECT_EQ(client.ask(request("HEAD", "/own", evil), true).status, 403);
    EXPECT_EQ(client.ask(request("GET", "/own", page)).status, 200);
    EXPECT_EQ(client.ask(request("GET", "/own")).status, 200);
    EXPECT_EQ(client.ask(request("GET", "/hello", evil)).status, 200);
}

TEST(Cors, TheStarAllowsEveryOrigin) {
    TestServer server(small_router(), with_origin("*"));
    Client client(server.port());
    const Answer answer = client.ask(request("GET", "/hello", page));
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    EXPECT_FALSE(answer.has("Vary"));
}

TEST(Hosts, OnLoopbackAreLoopbackNames) {
    TestServer server(small_router());
    Client client(server.port());
    const auto status = [&](const std::string& host) {
        return client.ask("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
    };
    for (const char* good :
         {"localhost", "LOCALHOST:8080", "chat.localhost", "127.0.0.1", "127.1.2.3:1", "[::1]:8080"})
        EXPECT_EQ(status(good), 200) << good;
    for (const char* bad :
         {"evil.example", "10.0.0.1", "localhost.example", "127.0.0.1.example", "[::2]", "alocalhost"})
        EXPECT_EQ(status(bad), 403) << bad;
    const Answer refused = client.ask("GET /hello HTTP/1.1\r\nHost: assist.example\r\n\r\n");
    EXPECT_THAT(refused.body, testing::HasSubstr("add the proxy's address to http.trusted_proxies."));
}

TEST(Hosts, ThatATrustedProxyPassesOnAreFree) {
    ServerOptions options;
    options.trusted_proxies = {"127.0.0.1"};
    TestServer server(small_router(), options);
    EXPECT_EQ(Client(server.port()).ask("GET /hello HTTP/1.1\r\nHost: assist.example\r\n\r\n").status, 200);
}

TEST(Hosts, OnOtherAddressesAreFree) {
    ServerOptions options;
    options.address = "0.0.0.0";
    TestServer server(small_router(), options);
    EXPECT_EQ(Client(server.port()).ask("GET /hello HTTP/1.1\r\nHost: any.example\r\n\r\n").status, 200);
}

std::string peer_seen(Client& client, const std::string& headers) {
    return nlohmann::json::parse(client.ask(request("GET", "/items/1", headers)).body)["peer"];
}

TEST(Proxies, AreBelievedOnlyWhenTrusted) {
    TestServer server(small_router());
    Client client(server.port());
    EXPECT_EQ(peer_seen(client, "X-Forwarded-For: 1.2.3.4\r\n"), "127.0.0.1");
}

TEST(Proxies, TheClientIsTheLastHopThatIsNoProxy) {
    ServerOptions options;
    options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
    TestServer server(small_router(), options);
    Client client(server.port());
    EXPECT_EQ(peer_seen(client, ""), "127.0.0.1");
    EXPECT_EQ(peer_seen(client, "X-Forwarded-For: 1.2.3.4\r\n"), "1.2.3.4");
    EXPECT_EQ(peer_seen(client, "X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.9.9.9\r\n"), "1.2.3.4");
    EXPECT_EQ(peer_seen(client, "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 2001:db8::1\r\n"),
              "2001:db8::1");
    EXPECT_EQ(peer_seen(client, "X-Forwarded-For: unknown, 10.0.0.2\r\n"), "10.0.0.2");
    // A proxy passes the name on that the page's own requests come from.
    const std::string own_page = "Origin: https://assist.example\r\nX-Forwarded-Host: assist.example\r\n";
    EXPECT_EQ(client.ask(request("POST", "/echo", own_page, "x")).status, 200);
}

TEST(Proxies, MayNameThePort) {
    ServerOptions options;
    options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8", "2001:db8::/32"};
    TestServer server(small_router(), options);
    Client client(server.port());
    const std::map<std::string, std::string> clients = {
        {"1.2.3.4:5555", "1.2.3.4"},
        {"[2001:db9::1]:443", "2001:db9::1"},
        {"[2001:db9::1]", "2001:db9::1"},
        {"2001:DB9::1", "2001:db9::1"},
        {"1.2.3.4:1, 10.1.1.1:65535, [2001:db8::2]:2", "1.2.3.4"},
    };
    for (const auto& [written, seen] : clients)
        EXPECT_EQ(peer_seen(client, "X-Forwarded-For: " + written + "\r\n"), seen) << written;
    for (const char* wrong :
         {"1.2.3.4:", "1.2.3.4:x", "1.2.3.4:123456", "[1.2.3.4]", "[2001:db9::1", "[2001:db9::1]x",
          "[2001:db9::1]:", "[]", "[", ":1", "unknown", "2001:db9::1:443:1:2:3:4:5:6:7"})
        EXPECT_EQ(peer_seen(client, std::string("X-Forwarded-For: ") + wrong + "\r\n"), "127.0.0.1") << wrong;
}

TEST(Proxies, ThatNameNoAddressAreToldOfOnce) {
    const assistd::test::Logged log;
    {
        ServerOptions options;
        options.trusted_proxies = {"127.0.0.1"};
        TestServer server(small_router(), options);
        Client client(server.port());
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(peer_seen(client, "X-Forwarded-For: client-" + std::to_string(i) + "\r\n"),
                      "127.0.0.1");
    }
    EXPECT_EQ(log.count("in X-Forwarded-For that is no address: \"client-0\"."), 1);
    EXPECT_EQ(log.count("X-Forwarded-For"), 1);
}

TEST(Proxies, ThatAreNoAddressesStopTheStart) {
    asio::io_context io;
    ServerOptions options;
    options.port = 0;
    options.trusted_proxies = {"my-proxy"};
    EXPECT_THROW(Server(io, options, small_router()), Error);
}

}  // namespace
}  // namespace assistd::http::test
