// Limits over real connections: who is refused before he has sent his body, and what he is told.

#include <gmock/gmock.h>

#include <atomic>
#include <latch>

#include "believer.h"
#include "http/fair_queue.h"
#include "http/request_rates.h"
#include "support.h"

namespace assistd::http::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// The user and the key of "Authorization: USER KEY".
Identity named(const std::string& text) {
    const std::size_t blank = text.find(' ');
    return {text.substr(0, blank),
            {.admin = false, .scopes = every_scope, .credential = text.substr(blank + 1)}};
}

std::string as(const std::string& user, const std::string& key) {
    return "Authorization: " + user + " " + key + "\r\n";
}

class LimitsTest : public ::testing::Test {
  protected:
    static LimitFigures rate(int per_minute, int burst) {
        LimitFigures figures;
        figures.requests_per_minute = per_minute;
        figures.burst = burst;
        return figures;
    }
    Router router() {
        Router router = small_router();
        router.add(Method::get, "/livez", hello, {.needs = Needs::nothing, .always_served = true});
        router.add(Method::get, "/open", hello, {.needs = Needs::nothing});
        router.add(Method::get, "/stuck", [this](Request) -> Task<Reply> {
            stuck_.count_down();
            let_go_.wait();
            co_return Reply::text("late", "text/plain");
        });
        router.render_errors_below("/echo", [](const Error& error, std::string_view) {
            return Reply::text(std::string("echo says ") + error.what(), "text/plain",
                               status_of(error.code()));
        });
        return router;
    }
    void start() {
        if (!config_.users.empty() || !config_.keys.empty() || !config_.addresses.empty())
            options_.rates = std::make_shared<RequestRates>(
                std::make_shared<const LimitRules>(config_),
                [](const std::string&) { return std::vector<std::string>(); },
                [this] { return RequestRates::Instant(1'000h + std::chrono::milliseconds(now_ms_)); });
        server_ = std::make_unique<TestServer>(router(), options_);
    }
    Answer ask(const std::string& path, const std::string& headers = {}) {
        Client client(server_->port());
        return client.ask(request("GET", path, headers));
    }

    LimitsConfig config_;
    ServerOptions options_;
    Believer believer_{named};
    std::atomic<int> now_ms_ = 0;
    std::latch stuck_{2};
    std::latch let_go_{1};
    std::unique_ptr<TestServer> server_;
};

TEST_F(LimitsTest, ARefusalSaysWhenInTheShapeOfItsDoorAndTheConnectionGoesOn) {
    config_.users = {{{}, rate(60, 2)}};
    start();
    Client client(server_->port());
    const Answer first = client.ask(request("POST", "/echo", "", "one"));
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.header("RateLimit-Policy"), R"("user";q=60;w=60)");
    EXPECT_EQ(first.header("RateLimit"), R"("user";r=1;t=1)");
    EXPECT_EQ(first.header("x-ratelimit-limit-requests"), "60");
    EXPECT_EQ(first.header("x-ratelimit-remaining-requests"), "1");
    client.ask(request("POST", "/echo", "", "two"));
    const Answer refused = client.ask(request("POST", "/echo", "", "three"));
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_EQ(refused.header("RateLimit"), R"("user";r=0;t=2)");
    EXPECT_THAT(refused.body, StartsWith("echo says This user may make 60 requests a minute"));
    now_ms_ = 1'000;
    const Answer again = client.ask(request("POST", "/echo", "", "four"));
    EXPECT_EQ(again.status, 200) << "on the same connection, behind the body that nobody read";
    EXPECT_EQ(again.body, "four");
}

TEST_F(LimitsTest, TheBodyOfARefusedRequestMayComeLater) {
    config_.users = {{{}, rate(60, 1)}};
    start();
    Client client(server_->port());
    EXPECT_EQ(client.ask(request("GET", "/hello")).status, 200);
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n");
    EXPECT_EQ(client.receive().status, 429) << "before a byte of it is there";
    now_ms_ = 1'000;
    client.send(std::string(20'000, 'x') + request("GET", "/hello"));
    EXPECT_EQ(client.receive().status, 200);
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n");
    const Answer refused = client.receive();
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("Connection"), "close") << "so much is not waited for";
    Client chunked(server_->port());
    chunked.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(chunked.receive().header("Connection"), "close");
    Client careful(server_->port());
    careful.send(
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    const Answer not_sent = careful.receive();
    EXPECT_EQ(not_sent.status, 429);
    EXPECT_EQ(not_sent.header("Connection"), "close") << "it may send the body or not";
}

TEST_F(LimitsTest, UsersAndKeysAreApartAlsoWhenTheyAreLookedUp) {
    options_.authenticator = &believer_;
    config_.users = {{{}, rate(60, 3)}};
    config_.keys = {{{"k2"}, rate(60, 1)}};
    start();
    EXPECT_EQ(ask("/hello", as("alice", "k1")).status, 200);
    EXPECT_EQ(ask("/hello", as("later alice", "k1")).status, 200);
    EXPECT_EQ(ask("/hello", as("alice", "k2")).status, 200);
    EXPECT_EQ(ask("/hello", as("alice", "k1")).status, 429);
    const Answer later = ask("/hello", as("later alice", "k1"));
    EXPECT_EQ(later.status, 429);
    EXPECT_EQ(later.header("RateLimit"), R"("user";r=0;t=3)");
    EXPECT_EQ(ask("/hello", as("bob", "k3")).status, 200);
    now_ms_ = 900;
    const Answer by_key = ask("/hello", as("carol", "k2"));
    EXPECT_EQ(by_key.status, 429) << "the key is used up, whoever has it";
    EXPECT_THAT(by_key.body, HasSubstr("This key may make"));
}

TEST_F(LimitsTest, WhoDoesNotSayWhoHeIsCountsByHisAddress) {
    options_.authenticator = &believer_;
    config_.addresses = {{{}, rate(60, 3)}};
    start();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(i == 1 ? "/nowhere" : "/hello").status, i == 1 ? 404 : 401);
    EXPECT_EQ(ask("/hello").status, 429) << "so guessing keys is limited";
    EXPECT_EQ(ask("/hello", as("alice", "k1")).status, 429);
    EXPECT_EQ(ask("/open").status, 429);
    EXPECT_EQ(ask("/nowhere").status, 429);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("/livez").status, 200) << "is always answered";
    EXPECT_FALSE(ask("/livez").has("RateLimit"));
}

TEST_F(LimitsTest, BehindATrustedProxyTheClientsAreApart) {
    options_.trusted_proxies = {"127.0.0.1"};
    config_.addresses = {{{}, rate(60, 2)}};
    start();
    const auto from = [this](const std::string& address) {
        return ask("/hello", "X-Forwarded-For: " + address + "\r\n").status;
    };
    EXPECT_EQ(from("192.0.2.1"), 200);
    EXPECT_EQ(from("192.0.2.1"), 200);
    EXPECT_EQ(from("192.0.2.1"), 429);
    EXPECT_EQ(from("192.0.2.2"), 200);
    EXPECT_EQ(from("198.51.100.9, 192.0.2.1"), 429) << "what the client itself claims does not count";
    EXPECT_EQ(from("2001:db8:1:2::1"), 200);
    EXPECT_EQ(from("2001:db8:1:2:aaaa::1"), 200);
    EXPECT_EQ(from("2001:db8:1:2:bbbb::1"), 429) << "one client may have a whole /64";
    EXPECT_EQ(from("2001:db8:1:3::1"), 200);
}

TEST_F(LimitsTest, WithoutATrustedProxyNobodyChoosesHisAddress) {
    config_.addresses = {{{}, rate(60, 2)}};
    start();
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(ask("/hello", "X-Forwarded-For: 192.0.2." + std::to_string(i) + "\r\n").status, 200);
    EXPECT_EQ(ask("/hello", "X-Forwarded-For: 192.0.2.9\r\n").status, 429);
}

TEST_F(LimitsTest, WhatIsLeftOfTheDayIsToldWithTheRest) {
    config_.users = {{{}, rate(60, 5)}};
    options_.left_today = [](const Identity& who, const std::string& address) {
        Allowance tokens;
        tokens.of = Allowance::Of::tokens;
        tokens.limit = 1'000;
        tokens.remaining = who.user == "local" && address == "127.0.0.1" ? 250 : 0;
        tokens.reset = 90s;
        return std::vector<Allowance>{tokens};
    };
    start();
    const Answer answer = ask("/hello");
    EXPECT_EQ(answer.header("x-ratelimit-remaining-tokens"), "250");
    EXPECT_EQ(answer.header("x-ratelimit-reset-tokens"), "1m30s");
    EXPECT_EQ(answer.header("RateLimit-Policy"), R"("user";q=60;w=60)");
}

// All threads are at work and do not come back: what is asked meanwhile stands in the queues.
TEST_F(LimitsTest, WhoseRequestsWaitForTooLongIsRefusedAndHealthIsNot) {
    options_.trusted_proxies = {"127.0.0.1"};
    options_.request_wait = 0ms;
    start();
    const auto get = [](const std::string& path, const std::string& address) {
        return request("GET", path, "X-Forwarded-For: " + address + "\r\n");
    };
    std::vector<std::unique_ptr<Client>> clients;
    const auto send = [&](const std::string& bytes) {
        clients.push_back(std::make_unique<Client>(server_->port()));
        clients.back()->send(bytes);
    };
    send(get("/stuck", "192.0.2.1"));
    send(get("/stuck", "192.0.2.1"));
    stuck_.wait();
    FairQueue& queue = server_->server().queue();
    while (queue.figures().waiting < 1) send(get("/hello", "192.0.2.1"));
    EXPECT_TRUE(becomes_true([&] { return queue.figures().waiting > 0; }));
    Client flooder(server_->port());
    const Answer refused = flooder.ask(get("/hello", "192.0.2.1"));
    EXPECT_EQ(refused.status, 503) << "although no thread is free";
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_GE(queue.figures().refused, 1u);
    Client other(server_->port());
    other.send(get("/hello", "192.0.2.2"));
    Client health(server_->port());
    health.send(get("/livez", "192.0.2.1"));
    let_go_.count_down();
    EXPECT_EQ(other.receive().status, 200);
    EXPECT_EQ(health.receive().status, 200);
    for (const auto& client : clients) {
        const int status = client->receive().status;
        EXPECT_TRUE(status == 200 || status == 503) << status;
    }
    EXPECT_EQ(queue.figures().waiting, 0u);
}

// What a route itself has to say is said before the body is there, and what it gives goes with the request.
TEST(AtTheDoor, WhatWouldBeRefusedLaterIsRefusedBeforeItsBody) {
    Router router;
    RouteOptions options;
    std::atomic<bool> is_full{false};
    const auto places = std::make_shared<int>(7);
    options.at_door = [&is_full, places](const Request& request) -> std::shared_ptr<void> {
        if (is_full) throw Error(ErrorCode::unavailable, request.user + " has to wait.");
        return places;
    };
    router.add(
        Method::post, "/turn",
        [](Request request) -> Task<Reply> {
            const int number = *std::static_pointer_cast<int>(request.from_door);
            co_return Reply::text(std::to_string(number) + " " + request.body, "text/plain");
        },
        options);
    TestServer server(std::move(router), ServerOptions());
    const long before = places.use_count();
    Client client(server.port());
    EXPECT_EQ(client.ask(request("POST", "/turn", "", "hello")).body, "7 hello");
    EXPECT_TRUE(becomes_true([&] { return places.use_count() == before; })) << "it went with the request";
    is_full = true;
    client.send(request("POST", "/turn", "Content-Length: 5\r\n"));
    const Answer refused = client.receive();
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.has("Retry-After"));
    EXPECT_NE(refused.body.find("local has to wait."), std::string::npos);
}

// Whoever may not begin anything now; administrators' routes and those for everybody are no matter of that.
TEST(Admission, IsAskedBeforeAHandler) {
    Router router = small_router();
    router.add(Method::get, "/for-all", hello, {.needs = Needs::nothing});
    router.add(Method::get, "/for-admins", hello, {.needs = Needs::admin});
    std::atomic<bool> leaving{false};
    ServerOptions options;
    options.admits = [&leaving](const std::string& user) {
        if (leaving) throw Error(ErrorCode::conflict, "All of " + user + " is being removed.");
    };
    TestServer server(std::move(router), std::move(options));
    Client client(server.port());
    EXPECT_EQ(client.ask(request("GET", "/hello")).status, 200);
    leaving = true;
    const Answer refused = client.ask(request("GET", "/hello"));
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.body.find("All of local is being removed."), std::string::npos);
    EXPECT_EQ(client.ask(request("GET", "/for-all")).status, 200);
    EXPECT_EQ(client.ask(request("GET", "/for-admins")).status, 200);
    leaving = false;
    EXPECT_EQ(client.ask(request("GET", "/hello")).status, 200);
}

}  // namespace
}  // namespace assistd::http::test
