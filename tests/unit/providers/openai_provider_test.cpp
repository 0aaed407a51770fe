#include "providers/openai/provider.h"

#include "unit/providers/provider_fixture.h"

namespace assistd::providers {
namespace {

using test::chunk_call;
using test::chunk_end;
using test::chunk_text;
using test::chunk_usage;

class OpenAiProviderTest : public ProviderFixture {
  protected:
    core::ProviderReply ask(ScriptedUpstream& upstream, std::stop_token stop = {}) {
        return ask_with(OpenAiSettings(), upstream.url(), std::move(stop));
    }
    ProviderError failure(const ScriptedUpstream::Reply& reply) {
        return failure_with(OpenAiSettings(), reply);
    }
};

TEST_F(OpenAiProviderTest, AsksAndStreams) {
    std::string asked;
    bool authorized = false;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) {
        asked = std::string(request.target) + " " + std::string(request.body);
        authorized = request.has_header(std::string("Authorization: Bearer ") + secret);
        return ScriptedUpstream::stream({chunk_text("Hel"), chunk_text("lo 😀"),
                                         chunk_call(0, "a", "grow", "{}"), chunk_end("tool_calls"),
                                         chunk_usage(9, 3, 2), "[DONE]"});
    });
    const auto reply = ask(upstream);
    EXPECT_TRUE(asked.starts_with("/v1/chat/completions {")) << asked;
    EXPECT_TRUE(authorized);
    EXPECT_EQ(nlohmann::json::parse(asked.substr(asked.find('{')))["messages"][1]["content"], "Hello");
    EXPECT_EQ(heard_, "Hello 😀");
    EXPECT_EQ(reply.finish_reason, "tool_calls");
    EXPECT_EQ(reply.usage.cached_tokens, 2);
    EXPECT_EQ(reply.model, "scripted-1");
    ASSERT_EQ(reply.blocks.size(), 2u);
    EXPECT_EQ(std::get<core::ToolCallBlock>(reply.blocks[1]).call_id, "a");
    for (int i = 0; i < 5; ++i) ask(upstream);
    EXPECT_EQ(upstream.connections(), 1u);
}

TEST_F(OpenAiProviderTest, TakesAStreamThatIsCutAnywhereAndHasNoDone) {
    std::string events = "\xEF\xBB\xBF: hi\r\n\r\n";
    for (const auto& data : {chunk_text("Grü"), chunk_text("ße 😀"), chunk_end("stop")})
        events += "data:" + data + "\r\n\r\n";
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) {
        ScriptedUpstream::Reply reply{
            ScriptedUpstream::send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")};
        for (const char byte : events) reply.push_back(ScriptedUpstream::send(std::string(1, byte)));
        reply.push_back(ScriptedUpstream::Close{});
        return reply;
    });
    EXPECT_EQ(ask(upstream).finish_reason, "stop");
    EXPECT_EQ(heard_, "Grüße 😀");
}

TEST_F(OpenAiProviderTest, ReturnsAtDoneThoughTheServerKeepsTheStreamOpen) {
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        return {ScriptedUpstream::send(
                    ScriptedUpstream::stream_head() + ScriptedUpstream::event(chunk_text("x")) +
                    ScriptedUpstream::event(chunk_end("stop")) + ScriptedUpstream::event("[DONE]")),
                ScriptedUpstream::Hang{}};
    });
    EXPECT_EQ(ask(upstream).finish_reason, "stop");
}

TEST_F(OpenAiProviderTest, TakesAReplyThatIsNotStreamed) {
    ScriptedUpstream upstream([](const ScriptedUpstream::Request&) {
        return ScriptedUpstream::json(200,
                                      R"({"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]})");
    });
    EXPECT_EQ(std::get<core::TextBlock>(ask(upstream).blocks[0]).text, "Hi");
}

TEST_F(OpenAiProviderTest, SaysWhatTheServerSaid) {
    const ProviderError unauthorized = failure(ScriptedUpstream::json(
        401,
        std::string(R"({"error":{"message":"Incorrect API key provided: )") + secret + R"(.","type":"x"}})"));
    EXPECT_EQ(unauthorized.code(), ErrorCode::provider_failed);
    EXPECT_STREQ(unauthorized.what(), "The provider \"main\" answered 401: Incorrect API key provided: ***.");

    const ProviderError limited =
        failure(ScriptedUpstream::json(429, R"({"error":"slow down"})", "Retry-After: 12\r\n"));
    EXPECT_EQ(limited.code(), ErrorCode::rate_limited);
    EXPECT_EQ(limited.retry_after(), 12s);
    EXPECT_STREQ(limited.what(), "The provider \"main\" answered 429: slow down. Try again in 12 s.");

    EXPECT_EQ(failure(ScriptedUpstream::json(504, "")).code(), ErrorCode::provider_timeout);
    EXPECT_STREQ(failure(ScriptedUpstream::json(500, "")).what(),
                 "The provider \"main\" answered 500 without saying why.");
    const ProviderError page = failure(ScriptedUpstream::json(502, "<html>\n" + std::string(100'000, 'x')));
    EXPECT_LT(std::string_view(page.what()).size(), 500u);
}

TEST_F(OpenAiProviderTest, KnowsAContextThatIsTooLong) {
    for (
        const char* error :
        {R"({"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"})",
         R"({"message":"the request exceeds the available context size. try increasing it","type":"exceed_context_size_error"})",
         R"({"message":"This model's maximum prompt length is 131072 but the request contains 200000 tokens."})",
         R"({"message":"Your input exceeds the context window of this model."})",
         R"({"message":"The input token count (2000000) exceeds the maximum number of tokens allowed (1048576)."})"}) {
        const std::string body = "{\"error\":" + std::string(error) + "}";
        EXPECT_EQ(failure(ScriptedUpstream::json(400, body)).code(), ErrorCode::context_too_long) << error;
        EXPECT_EQ(failure(ScriptedUpstream::stream({body})).code(), ErrorCode::context_too_long) << error;
    }
    const ProviderError minute = failure(ScriptedUpstream::json(
        429, R"({"error":{"message":"Request too large: maximum context length per minute"}})"));
    EXPECT_EQ(minute.code(), ErrorCode::rate_limited);
    EXPECT_EQ(minute.cause().status, 429);
}

TEST_F(OpenAiProviderTest, ToolNamesComeBackAsTheyAre) {
    tools_ = std::make_shared<const core::ToolSet>(tool_set({"files.read"}));
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) {
        const std::string name =
            nlohmann::json::parse(request.body)["tools"][0]["function"]["name"].get<std::string>();
        return ScriptedUpstream::stream({chunk_call(0, "a", name, "{}"), chunk_end("tool_calls")});
    });
    EXPECT_EQ(std::get<core::ToolCallBlock>(ask(upstream).blocks[0]).name, "files.read");
}

TEST_F(OpenAiProviderTest, EveryBadReplyIsADefinedError) {
    const std::string head = ScriptedUpstream::stream_head();
    const std::string half = ScriptedUpstream::event(chunk_text("half"));
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
        {"a clean end in the middle", ScriptedUpstream::stream({chunk_text("half")}),
         ErrorCode::provider_failed, "broke off its reply"},
        {"no reply at all", {close}, ErrorCode::provider_failed, "broke off its reply"},
        {"silence", {hang}, ErrorCode::provider_timeout, "was silent for 0.3 s"},
        {"silence in the middle",
         {ScriptedUpstream::send(head + half), hang},
         ErrorCode::provider_timeout,
         "was silent"},
        {"garbage", ScriptedUpstream::stream({"garbage \x01\xff"}), ErrorCode::provider_failed,
         "not JSON: garbage"},
        {"wrong JSON", ScriptedUpstream::stream({"{\"choices\": [}"}), ErrorCode::provider_failed,
         "not JSON"},
        {"a web page", ScriptedUpstream::raw("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"),
         ErrorCode::provider_failed, "broke off its reply"},
        {"one endless line",
         ScriptedUpstream::raw(head + ScriptedUpstream::http_chunk(std::string(6 << 20, 'x'))),
         ErrorCode::provider_failed, "a line of more than"},
        {"an error in the stream", ScriptedUpstream::stream({R"({"error":{"message":"Overloaded"}})"}),
         ErrorCode::provider_failed, "reported an error: Overloaded."},
        {"nothing but the end", ScriptedUpstream::stream({"[DONE]"}), ErrorCode::provider_failed,
         "empty reply"},
    };
    for (const auto& one : cases) {
        const ProviderError error = failure(one.reply);
        EXPECT_EQ(error.code(), one.code) << one.what;
        EXPECT_THAT(error.what(), HasSubstr(one.says)) << one.what;
    }
    EXPECT_THAT(heard_, HasSubstr("half"));  // what had come was passed on
}

TEST_F(OpenAiProviderTest, AStopEndsItAndClosesTheSocket) {
    std::stop_source stop;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        stop.request_stop();
        return {ScriptedUpstream::Hang{}};
    });
    expect_cancelled(upstream, [&] { ask(upstream, stop.get_token()); });
}

TEST(ChatCompletionsUrl, TakesEveryFormOfABaseUrl) {
    EXPECT_EQ(chat_completions_url("https://h"), "https://h/v1/chat/completions");
    EXPECT_EQ(chat_completions_url("https://h:1/"), "https://h:1/v1/chat/completions");
    EXPECT_EQ(chat_completions_url("https://h/v1/"), "https://h/v1/chat/completions");
    EXPECT_EQ(chat_completions_url("https://h/api/v2"), "https://h/api/v2/chat/completions");
    EXPECT_EQ(chat_completions_url("https://h/x/chat/completions"), "https://h/x/chat/completions");
}

}  // namespace
}  // namespace assistd::providers
