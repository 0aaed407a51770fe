#include "providers/anthropic/provider.h"

#include "unit/providers/provider_fixture.h"

namespace assistd::providers {
namespace {

ScriptedUpstream::Reply stream(const Events& events) {
    return ScriptedUpstream::stream(events);
}

class AnthropicProviderTest : public ProviderFixture {
  protected:
    core::ProviderReply ask(ScriptedUpstream& upstream, std::stop_token stop = {}) {
        return ask_with(AnthropicSettings(), upstream.url(), std::move(stop));
    }
    ProviderError failure(const ScriptedUpstream::Reply& reply) {
        return failure_with(AnthropicSettings(), reply);
    }
};

TEST_F(AnthropicProviderTest, AsksAndStreams) {
    std::string target;
    json body;
    bool headers = false;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) {
        target = request.target;
        body = json::parse(request.body);
        headers = request.has_header(std::string("x-api-key: ") + secret) &&
                  request.has_header("anthropic-version: 2023-06-01");
        return stream(
            claude_says({{block_start(0, R"({"type":"thinking","thinking":"","signature":""})"),
                          block_delta(0, R"({"type":"thinking_delta","thinking":"hm"})"),
                          block_delta(0, R"({"type":"signature_delta","signature":"seal"})"), block_stop(0)},
                         text_block(1, "Grüße 😀"),
                         tool_block(2, "a", wire_name("files.read"), {"{}"})},
                        "tool_use"));
    });
    tools_ = std::make_shared<const core::ToolSet>(tool_set({"files.read"}));
    const auto reply = ask(upstream);
    EXPECT_EQ(target, "/v1/messages");
    EXPECT_TRUE(headers);
    EXPECT_EQ(body["messages"][0]["content"][0]["text"], "Hello");
    EXPECT_EQ(body["stream"], true);
    EXPECT_EQ(heard_, "Grüße 😀");
    EXPECT_THAT(shown(reply),
                testing::ElementsAre("thought hm seal", "text Grüße 😀", "call a files.read {}"));
    EXPECT_EQ(std::get<core::ThinkingBlock>(reply.blocks[0]).provider, "main");
    EXPECT_EQ(reply.finish_reason, "tool_calls");
    EXPECT_EQ(reply.usage.prompt_tokens, 10);
    EXPECT_EQ(reply.model, "claude-x");
    for (int i = 0; i < 5; ++i) ask(upstream);
    EXPECT_EQ(upstream.connections(), 1u);
}

TEST_F(AnthropicProviderTest, GoesOnAfterAPause) {
    std::vector<json> bodies;
    const Events first = claude_says(
        {text_block(0, "Searching. "),
         {block_start(1, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})"),
          block_delta(1, R"({"type":"input_json_delta","partial_json":"{\"q\":\"x\"}"})"), block_stop(1)}},
        "pause_turn");
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) {
        bodies.push_back(json::parse(request.body));
        if (request.number == 1) return stream(first);
        return stream(claude_says({text_block(0, "Found.")}, "end_turn"));
    });
    const auto reply = ask(upstream);
    ASSERT_EQ(bodies.size(), 2u);
    EXPECT_EQ(bodies[1]["messages"].back(), json::parse(R"({"role":"assistant","content":[
        {"type":"text","text":"Searching. "},
        {"type":"server_tool_use","id":"s","name":"web_search","input":{"q":"x"}}]})"));
    EXPECT_EQ(heard_, "Searching. Found.");
    EXPECT_EQ(reply.finish_reason, "stop");
    EXPECT_EQ(reply.usage.prompt_tokens, 20);  // both were paid for
    EXPECT_EQ(reply.usage.completion_tokens, 10);
}

TEST_F(AnthropicProviderTest, DoesNotGoOnForEver) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) {
        return stream(claude_says({text_block(0, ".")}, "pause_turn"));
    });
    EXPECT_EQ(ask(upstream).finish_reason, "length");
    EXPECT_EQ(upstream.requests(), 9u);
}

TEST_F(AnthropicProviderTest, SaysWhatTheServerSaidAndForWhichRequest) {
    const std::string body =
        R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key )" +
        std::string(secret) + R"("}})";
    const ProviderError unauthorized = failure(ScriptedUpstream::json(401, body, "request-id: req_1\r\n"));
    EXPECT_EQ(unauthorized.code(), ErrorCode::provider_failed);
    EXPECT_EQ(unauthorized.cause().status, 401);
    EXPECT_EQ(unauthorized.cause().request_id, "req_1");
    EXPECT_STREQ(unauthorized.what(),
                 "The provider \"main\" answered 401: invalid x-api-key *** (request req_1).");

    const ProviderError busy = failure(
        ScriptedUpstream::json(529, R"({"error":{"type":"overloaded_error","message":"Overloaded."}})",
                               "Retry-After: 12\r\nrequest-id: req_2\r\n"));
    EXPECT_EQ(busy.cause().status, 529);
    EXPECT_EQ(busy.retry_after(), 12s);
    EXPECT_STREQ(busy.what(),
                 "The provider \"main\" answered 529: Overloaded (request req_2). Try again in 12 s.");

    const ProviderError late = failure(stream(
        {message_start(), R"({"type":"error","error":{"type":"timeout_error","message":"Too slow"}})"}));
    EXPECT_EQ(late.code(), ErrorCode::provider_timeout);
}

TEST_F(AnthropicProviderTest, KnowsAContextThatIsTooLong) {
    for (const char* text : {"prompt is too long: 210000 tokens > 200000 maximum",
                             "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"}) {
        const std::string body = R"({"type":"error","error":{"type":"invalid_request_error","message":")" +
                                 std::string(text) + "\"}}";
        EXPECT_EQ(failure(ScriptedUpstream::json(400, body)).code(), ErrorCode::context_too_long) << text;
        EXPECT_EQ(failure(stream({body})).code(), ErrorCode::context_too_long) << text;
        EXPECT_EQ(failure(ScriptedUpstream::json(429, body)).code(), ErrorCode::rate_limited) << text;
    }
    EXPECT_EQ(
        failure(ScriptedUpstream::json(413, R"({"error":{"type":"request_too_large","message":"Too big"}})"))
            .code(),
        ErrorCode::context_too_long);
    EXPECT_EQ(
        failure(ScriptedUpstream::json(
                    400, R"({"error":{"message":"max_tokens: 9000 > 8192, which is the maximum allowed"}})"))
            .code(),
        ErrorCode::provider_failed);
}

TEST_F(AnthropicProviderTest, EveryBadReplyIsADefinedError) {
    const std::string head = ScriptedUpstream::stream_head();
    const std::string half = ScriptedUpstream::event(message_start()) +
                             ScriptedUpstream::event(block_start(0, R"({"type":"text","text":"half"})"));
    const std::string ping = ScriptedUpstream::event(R"({"type":"ping"})");
    struct Case {
        const char* what;
        ScriptedUpstream::Reply reply;
        ErrorCode code;
        const char* says;
    };
    const ScriptedUpstream::Step close = ScriptedUpstream::Close{};
    const ScriptedUpstream::Step reset = ScriptedUpstream::Reset{};
    const ScriptedUpstream::Step hang = ScriptedUpstream::Hang{};
    const std::vector<Case> cases{
        {"half a stream",
         {ScriptedUpstream::send(head + half), close},
         ErrorCode::provider_failed,
         "broke off its reply"},
        {"a reset",
         {ScriptedUpstream::send(head + half), reset},
         ErrorCode::provider_failed,
         "broke off its reply"},
        {"a clean end in the middle", stream({message_start()}), ErrorCode::provider_failed,
         "broke off its reply"},
        {"silence", {hang}, ErrorCode::provider_timeout, "was silent for 0.3 s"},
        {"silence after a ping",
         {ScriptedUpstream::send(head + ping), hang},
         ErrorCode::provider_timeout,
         "was silent"},
        {"garbage", stream({"garbage \x01\xff"}), ErrorCode::provider_failed, "not JSON: garbage"},
        {"one endless line",
         ScriptedUpstream::raw(head + ScriptedUpstream::http_chunk(std::string(6 << 20, 'x'))),
         ErrorCode::provider_failed, "a line of more than"},
        {"an error in the stream",
         stream({R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"}),
         ErrorCode::provider_failed, "reported an error: Overloaded."},
    };
    for (const auto& one : cases) {
        const ProviderError error = failure(one.reply);
        EXPECT_EQ(error.code(), one.code) << one.what;
        EXPECT_THAT(error.what(), HasSubstr(one.says)) << one.what;
    }
    EXPECT_THAT(heard_, HasSubstr("half"));  // what had come was passed on
}

TEST_F(AnthropicProviderTest, PingsKeepALongThoughtAlive) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) {
        ScriptedUpstream::Reply reply{ScriptedUpstream::send(ScriptedUpstream::stream_head())};
        for (int i = 0; i < 4; ++i) {
            reply.push_back(ScriptedUpstream::Pause{150ms});
            reply.push_back(ScriptedUpstream::send(ScriptedUpstream::event(R"({"type":"ping"})")));
        }
        for (const auto& event : claude_says({text_block(0, "Hi")}, "end_turn"))
            reply.push_back(ScriptedUpstream::send(ScriptedUpstream::event(event)));
        return reply;
    });
    EXPECT_EQ(shown(ask(upstream)), std::vector<std::string>{"text Hi"});
}

TEST_F(AnthropicProviderTest, AStopEndsItAndClosesTheSocket) {
    std::stop_source stop;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        stop.request_stop();
        return {ScriptedUpstream::Hang{}};
    });
    expect_cancelled(upstream, [&] { ask(upstream, stop.get_token()); });
}

TEST(MessagesUrl, TakesEveryFormOfABaseUrl) {
    EXPECT_EQ(messages_url("https://h"), "https://h/v1/messages");
    EXPECT_EQ(messages_url("https://h/v1/"), "https://h/v1/messages");
    EXPECT_EQ(messages_url("https://h/v1/messages"), "https://h/v1/messages");
    EXPECT_EQ(messages_url("https://h/anthropic"), "https://h/anthropic/v1/messages");
}

}  // namespace
}  // namespace assistd::providers
