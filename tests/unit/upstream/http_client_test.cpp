#include "upstream/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <numeric>

#include "support/scripted_upstream.h"
#include "upstream/upstream_error.h"

namespace assistd {
namespace {

using test::ScriptedUpstream;
using testing::HasSubstr;
using namespace std::chrono_literals;

struct Got {
    HttpHead head;
    std::string body;
};

Task<Got> fetch(HttpClient& client, HttpRequest request) {
    HttpReply reply = client.send(std::move(request));
    Got got;
    got.head = co_await reply.head();
    std::string bytes;
    while (co_await reply.read(bytes)) got.body += bytes;
    co_return got;
}

// Whatever must come true, soon.
template <class Condition>
bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

class HttpClientTest : public testing::Test {
  protected:
    ~HttpClientTest() override { pool_.join(); }

    template <class T>
    std::future<T> spawn(Task<T> task) {
        return asio::co_spawn(asio::make_strand(pool_.get_executor()), std::move(task), asio::use_future);
    }
    Got get(HttpRequest request) { return spawn(fetch(client_, std::move(request))).get(); }
    UpstreamError failure(HttpRequest request) {
        try {
            get(std::move(request));
        } catch (const UpstreamError& error) {
            return error;
        }
        ADD_FAILURE() << "nothing was thrown";
        return {UpstreamFault::reply, ""};
    }

    asio::thread_pool pool_{2};
    HttpClient client_;
};

HttpRequest request_to(const ScriptedUpstream& upstream, std::optional<std::string> body = std::nullopt) {
    HttpRequest request;
    request.url = upstream.url() + "/x";
    if (body) request.body = std::make_shared<const std::string>(std::move(*body));
    return request;
}

TEST_F(HttpClientTest, SendsWhatItIsGivenAndKeepsTheConnection) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) {
        std::string said(request.method);
        said += " " + std::string(request.target) + " " + std::string(request.body);
        said += request.has_header("X-Mine: 7") ? " mine" : " not mine";
        return ScriptedUpstream::json(203, said, "Retry-After: 7\r\nRetry-After-Ms: 1500\r\n");
    });
    HttpRequest request = request_to(upstream, "the body");
    request.headers = std::make_shared<const HttpHeaders>(std::vector<std::string>{"X-Mine: 7"});
    const Got posted = get(request);
    EXPECT_EQ(posted.head.status, 203);
    EXPECT_EQ(posted.head.content_type, "application/json");
    EXPECT_EQ(posted.head.retry_after, 1500ms);
    EXPECT_EQ(posted.body, "POST /v1/x the body mine");
    EXPECT_EQ(get(request_to(upstream)).body, "GET /v1/x  not mine");
    EXPECT_EQ(get(request_to(upstream, "")).body, "POST /v1/x  not mine");
    EXPECT_EQ(upstream.connections(), 1u);
}

TEST_F(HttpClientTest, SendsAndReadsLargeBodies) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) {
        return ScriptedUpstream::json(200, std::string(request.body) + std::string(request.body));
    });
    std::string body(3'000'000, 'x');
    std::iota(body.begin(), body.end(), 0);
    const Got got = get(request_to(upstream, body));
    EXPECT_TRUE(got.body == body + body);
}

TEST_F(HttpClientTest, ManyAtOnceGetTheirOwnReplies) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) {
        return ScriptedUpstream::stream({std::string(request.body), "[DONE]"});
    });
    for (int round = 0; round < 10; ++round) {
        std::vector<std::future<Got>> replies;
        for (int i = 0; i < 64; ++i)
            replies.push_back(spawn(fetch(client_, request_to(upstream, std::to_string(i)))));
        for (int i = 0; i < 64; ++i) {
            EXPECT_EQ(replies[static_cast<std::size_t>(i)].get().body,
                      "data: " + std::to_string(i) + "\n\ndata: [DONE]\n\n");
        }
    }
    EXPECT_LE(upstream.connections(), 64u);
}

TEST_F(HttpClientTest, AKeptConnectionThatTheServerClosedIsReplaced) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) {
        auto reply = ScriptedUpstream::json(200, "ok");
        reply.push_back(ScriptedUpstream::Close{});
        return reply;
    });
    for (int i = 0; i < 20; ++i) EXPECT_EQ(get(request_to(upstream, "x")).body, "ok");
    EXPECT_EQ(upstream.connections(), 20u);
}

// The same in the other order: the request is on its way when the server closes, and its reply is a reset.
TEST_F(HttpClientTest, ARequestThatAKeptConnectionResetIsSentAgain) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) -> ScriptedUpstream::Reply {
        if (request.number % 2 == 0) return {ScriptedUpstream::Reset{}};
        return ScriptedUpstream::json(200, "ok");
    });
    for (int i = 0; i < 20; ++i) EXPECT_EQ(get(request_to(upstream, "x")).body, "ok") << i;
    EXPECT_EQ(upstream.connections(), 20u);
}

// While a server thinks, what it was asked takes no memory; only that it can be sent again is over.
TEST_F(HttpClientTest, ABodyIsGivenUpWhenItWasSent) {
    std::weak_ptr<const std::string> body;
    std::promise<void> asked, thought;
    std::shared_future<void> answer = thought.get_future().share();
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) -> ScriptedUpstream::Reply {
        if (request.number == 1) return ScriptedUpstream::json(200, "warm");
        EXPECT_EQ(request.body.size(), 300'000u);
        asked.set_value();
        answer.wait();
        return {ScriptedUpstream::Reset{}};
    });
    HttpClient::Options options;
    options.kept_bodies = 0ms;
    HttpClient client(options);
    EXPECT_EQ(spawn(fetch(client, request_to(upstream, "x"))).get().body, "warm");
    HttpRequest request = request_to(upstream, std::string(300'000, 'x'));
    body = request.body;
    std::future<Got> reply = spawn(fetch(client, std::move(request)));
    asked.get_future().wait();
    EXPECT_TRUE(eventually([&] { return body.expired(); }));
    thought.set_value();
    try {
        reply.get();
        ADD_FAILURE() << "There was no reply.";
    } catch (const UpstreamError& error) {
        EXPECT_EQ(error.fault, UpstreamFault::connection);
        EXPECT_EQ(std::string(error.what()), "closed the connection instead of replying");
    }
    EXPECT_EQ(upstream.connections(), 2u) << "one to say that the first is closed; nothing is sent on it";
}

// Nothing is sent twice over a connection that was made for it, however long others are kept.
TEST_F(HttpClientTest, OverANewConnectionABodyIsGivenUpAtOnce) {
    std::promise<void> asked, thought;
    std::shared_future<void> answer = thought.get_future().share();
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        asked.set_value();
        answer.wait();
        return ScriptedUpstream::json(200, "thought");
    });
    HttpClient::Options options;
    options.kept_bodies = 1h;
    HttpClient client(options);
    HttpRequest request = request_to(upstream, std::string(300'000, 'x'));
    const std::weak_ptr<const std::string> body = request.body;
    std::future<Got> reply = spawn(fetch(client, std::move(request)));
    asked.get_future().wait();
    EXPECT_TRUE(eventually([&] { return body.expired(); }));
    thought.set_value();
    EXPECT_EQ(reply.get().body, "thought");
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
    std::uint16_t port = 0;
    {
        ScriptedUpstream gone([](const ScriptedUpstream::Request&) { return ScriptedUpstream::Reply(); });
        port = gone.port();
    }
    HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(port) + "/";
    const UpstreamError error = failure(request);
    EXPECT_EQ(error.fault, UpstreamFault::connection);
    EXPECT_THAT(error.what(), HasSubstr("could not be reached"));
}

TEST_F(HttpClientTest, SaysThatTheReplyBrokeOff) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) -> ScriptedUpstream::Reply {
        if (request.body == "chunked") {
            return {ScriptedUpstream::send(ScriptedUpstream::stream_head() + ScriptedUpstream::event("half")),
                    ScriptedUpstream::Close{}};
        }
        if (request.body == "length") {
            return {ScriptedUpstream::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
                    ScriptedUpstream::Close{}};
        }
        return {ScriptedUpstream::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
                ScriptedUpstream::Reset{}};
    });
    for (const char* kind : {"chunked", "length", "reset"}) {
        const UpstreamError error = failure(request_to(upstream, kind));
        EXPECT_EQ(error.fault, UpstreamFault::connection) << kind;
        EXPECT_THAT(error.what(), HasSubstr("broke off its reply")) << kind;
    }
}

TEST_F(HttpClientTest, GarbageAndEndlessHeadersAreRefused) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) -> ScriptedUpstream::Reply {
        if (request.body == "garbage") return ScriptedUpstream::raw("\x16\x03\x01 garbage\r\n\r\n");
        std::string head = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < 5000; ++i) head += "X-Filler: 0123456789012345678901234567890123456789\r\n";
        return ScriptedUpstream::raw(head);
    });
    EXPECT_EQ(failure(request_to(upstream, "garbage")).fault, UpstreamFault::connection);
    EXPECT_THAT(failure(request_to(upstream, "head")).what(), HasSubstr("headers of more than"));
}

TEST_F(HttpClientTest, KeepsItsTimeLimits) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) -> ScriptedUpstream::Reply {
        if (request.body == "silent") return {ScriptedUpstream::Hang{}};
        ScriptedUpstream::Reply drip{ScriptedUpstream::send(ScriptedUpstream::stream_head())};
        for (int i = 0; i < 1000; ++i) {
            drip.push_back(ScriptedUpstream::send(ScriptedUpstream::event("drop")));
            drip.push_back(ScriptedUpstream::Pause{20ms});
        }
        return drip;
    });
    HttpRequest silent = request_to(upstream, "silent");
    silent.limits.idle = 150ms;
    const UpstreamError idle = failure(silent);
    EXPECT_EQ(idle.fault, UpstreamFault::timeout);
    EXPECT_STREQ(idle.what(), "was silent for 0.15 s");

    HttpRequest dripping = request_to(upstream, "drip");
    dripping.limits.idle = 150ms;  // which a drip keeps
    dripping.limits.total = 400ms;
    const UpstreamError total = failure(dripping);
    EXPECT_EQ(total.fault, UpstreamFault::timeout);
    EXPECT_STREQ(total.what(), "did not finish its reply within 0.4 s");
    EXPECT_TRUE(eventually([&] { return upstream.open_connections() == 0; }));
}

TEST_F(HttpClientTest, AStopClosesTheSocket) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        return {ScriptedUpstream::send(ScriptedUpstream::stream_head() + ScriptedUpstream::event("x")),
                ScriptedUpstream::Hang{}};
    });
    std::stop_source stop;
    HttpRequest request = request_to(upstream, "x");
    request.stop = stop.get_token();
    auto reply = spawn(fetch(client_, request));
    ASSERT_TRUE(eventually([&] { return upstream.requests() == 1; }));
    stop.request_stop();
    try {
        reply.get();
        ADD_FAILURE() << "it was not stopped";
    } catch (const UpstreamError& error) {
        EXPECT_EQ(error.fault, UpstreamFault::cancelled);
    }
    EXPECT_TRUE(eventually([&] { return upstream.open_connections() == 0; }));
    EXPECT_EQ(failure(request).fault, UpstreamFault::cancelled);  // stopped before it began
}

Task<int> read_head_only(HttpClient& client, HttpRequest request) {
    HttpReply reply = client.send(std::move(request));
    const HttpHead head = co_await reply.head();
    co_return head.status;
}

TEST_F(HttpClientTest, ADroppedReplyClosesTheSocket) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        return {ScriptedUpstream::send(ScriptedUpstream::stream_head()), ScriptedUpstream::Hang{}};
    });
    EXPECT_EQ(spawn(read_head_only(client_, request_to(upstream, "x"))).get(), 200);
    EXPECT_TRUE(eventually([&] { return upstream.open_connections() == 0; }));
}

Task<int> let_end_after_head(HttpClient& client, HttpRequest request) {
    HttpReply reply = client.send(std::move(request));
    const HttpHead head = co_await reply.head();
    reply.let_end();
    co_return head.status;
}

TEST_F(HttpClientTest, AReplyThatMayEndKeepsItsConnection) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        return {ScriptedUpstream::send(ScriptedUpstream::stream_head()), ScriptedUpstream::Pause{30ms},
                ScriptedUpstream::send(ScriptedUpstream::event("late") + ScriptedUpstream::stream_end())};
    });
    EXPECT_EQ(spawn(let_end_after_head(client_, request_to(upstream, "x"))).get(), 200);
    ASSERT_EQ(get(request_to(upstream, "x")).body,
              "data: late\n\n");  // it lasts longer than the first one's rest
    EXPECT_EQ(get(request_to(upstream, "x")).body, "data: late\n\n");
    EXPECT_EQ(upstream.open_connections(), upstream.connections());
}

Task<std::size_t> read_slowly(HttpClient& client, HttpRequest request, std::atomic<bool>& may_read) {
    HttpReply reply = client.send(std::move(request));
    co_await reply.head();
    const Executor executor = co_await asio::this_coro::executor;
    while (!may_read) co_await asio::post(executor, asio::use_awaitable);
    std::size_t total = 0;
    std::string bytes;
    while (co_await reply.read(bytes)) {
        EXPECT_LE(bytes.size(), 256u << 10);
        total += bytes.size();
    }
    co_return total;
}

TEST_F(HttpClientTest, ASlowReaderMakesTheServerWait) {
    const std::size_t size = 32 << 20;
    const auto body = std::make_shared<const std::string>(size, 'x');
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) -> ScriptedUpstream::Reply {
        if (request.body == "quick") return ScriptedUpstream::json(200, "ok");
        return {
            ScriptedUpstream::send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n"),
            ScriptedUpstream::Send{body}};
    });
    std::atomic<bool> may_read = false;
    HttpRequest request = request_to(upstream, "slow");
    request.limits.idle = 300ms;
    auto slow = spawn(read_slowly(client_, request, may_read));
    ASSERT_TRUE(eventually([&] { return upstream.requests() == 1; }));
    // Others go on, for longer than the slow one may be silent: a pause of ours is no silence of the
    // server's.
    const auto until = std::chrono::steady_clock::now() + 500ms;
    while (std::chrono::steady_clock::now() < until) ASSERT_EQ(get(request_to(upstream, "quick")).body, "ok");
    may_read = true;
    EXPECT_EQ(slow.get(), size);
}

TEST_F(HttpClientTest, RefusesMoreThanItsBound) {
    ScriptedUpstream upstream(
        [](const ScriptedUpstream::Request&) { return ScriptedUpstream::Reply{ScriptedUpstream::Hang{}}; });
    HttpClient::Options options;
    options.requests = 2;
    HttpClient small(options);
    auto first = small.send(request_to(upstream));
    auto second = small.send(request_to(upstream));
    try {
        small.send(request_to(upstream));
        ADD_FAILURE() << "a third one was taken";
    } catch (const UpstreamError& error) {
        EXPECT_EQ(error.fault, UpstreamFault::busy);
    }
}

TEST_F(HttpClientTest, EndsWhatIsOnItsWayWithItself) {
    ScriptedUpstream upstream(
        [](const ScriptedUpstream::Request&) { return ScriptedUpstream::Reply{ScriptedUpstream::Hang{}}; });
    auto client = std::make_unique<HttpClient>();
    auto reply = spawn(fetch(*client, request_to(upstream)));
    ASSERT_TRUE(eventually([&] { return upstream.requests() == 1; }));
    client.reset();
    EXPECT_THROW(reply.get(), UpstreamError);
}

TEST_F(HttpClientTest, RandomStopsHarmNobodyElse) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request& request) {
        return ScriptedUpstream::stream({std::string(request.body), "[DONE]"});
    });
    int whole = 0;
    for (int round = 0; round < 30; ++round) {
        std::vector<std::stop_source> stops(16);
        std::vector<std::future<Got>> replies;
        for (std::size_t i = 0; i < stops.size(); ++i) {
            HttpRequest request = request_to(upstream, std::to_string(i));
            request.stop = stops[i].get_token();
            replies.push_back(spawn(fetch(client_, request)));
        }
        for (std::size_t i = 0; i < stops.size(); i += 2) stops[i].request_stop();
        for (std::size_t i = 0; i < stops.size(); ++i) {
            const bool stopped = i % 2 == 0;
            try {
                EXPECT_EQ(replies[i].get().body, "data: " + std::to_string(i) + "\n\ndata: [DONE]\n\n");
                ++whole;
            } catch (const UpstreamError& error) {
                EXPECT_TRUE(stopped) << error.what();
                EXPECT_EQ(error.fault, UpstreamFault::cancelled);
            }
        }
    }
    EXPECT_GE(whole, 30 * 8);
}

}  // namespace
}  // namespace assistd
