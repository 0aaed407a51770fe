#include "providers/ollama/provider.h"

#include "unit/providers/provider_fixture.h"

namespace assistd::providers {
namespace {

std::string head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
}
std::string lines_of(const Events& lines) {
    std::string bytes;
    for (const std::string& one : lines) bytes += ScriptedUpstream::http_chunk(one + "\n");
    return bytes;
}
ScriptedUpstream::Reply stream(const Events& lines) {
    return ScriptedUpstream::raw(head() + lines_of(lines) + ScriptedUpstream::stream_end());
}

class OllamaProviderTest : public ProviderFixture {
  protected:
    core::ProviderReply ask(ScriptedUpstream& upstream, std::stop_token stop = {}) {
        OllamaSettings settings;
        settings.keep_alive = "10m";
        settings.other_models.context_window = 16'384;
        return ask_with(settings, upstream.url(), std::move(stop));
    }
    ProviderError failure(const ScriptedUpstream::Reply& reply) {
        return failure_with(OllamaSettings(), reply);
    }
};

TEST_F(OllamaProviderTest, AsksAndStreams) {
    std::string target;
    json body;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) {
        target = request.target;
        body = json::parse(request.body);
        return stream({line(R"("content":"","thinking":"hm")"), line(R"("content":"Grüße ")"),
                       line(R"("content":"😀")"),
                       line(R"("content":"","tool_calls":[{"function":{"name":")" + wire_name("files.read") +
                            R"(","arguments":{"n":9007199254740993}}}])"),
                       last_line()});
    });
    tools_ = std::make_shared<const core::ToolSet>(tool_set({"files.read"}));
    const auto reply = ask(upstream);
    EXPECT_EQ(target, "/api/chat");
    EXPECT_EQ(body["stream"], true);
    EXPECT_EQ(body["options"]["num_ctx"], 16'384);
    EXPECT_EQ(body["keep_alive"], "10m");
    EXPECT_EQ(body["messages"][1]["content"], "Hello");
    EXPECT_EQ(heard_, "Grüße 😀");
    ASSERT_EQ(reply.blocks.size(), 3u);
    EXPECT_EQ(std::get<core::ThinkingBlock>(reply.blocks[0]).provider, "main");
    const auto call = calls_in(reply).at(0);
    EXPECT_EQ(call.name, "files.read");
    EXPECT_EQ(call.arguments, R"({"n":9007199254740993})");
    EXPECT_EQ(reply.finish_reason, "tool_calls");
    EXPECT_EQ(reply.model, "llama");
    for (int i = 0; i < 5; ++i) ask(upstream);
    EXPECT_EQ(upstream.connections(), 1u);
}

TEST_F(OllamaProviderTest, SaysWhatTheServerSaid) {
    const ProviderError missing = failure(ScriptedUpstream::json(404, R"({"error":"model 'x' not found"})"));
    EXPECT_EQ(missing.code(), ErrorCode::provider_failed);
    EXPECT_EQ(missing.cause().status, 404);
    EXPECT_STREQ(missing.what(), "The provider \"main\" answered 404: model 'x' not found.");
    EXPECT_STREQ(failure(ScriptedUpstream::json(400, R"({"error":"\"x\" does not support tools"})")).what(),
                 "The provider \"main\" answered 400: \"x\" does not support tools.");
    EXPECT_EQ(
        failure(ScriptedUpstream::json(400, R"({"error":"the input length exceeds the context length"})"))
            .code(),
        ErrorCode::context_too_long);
    EXPECT_EQ(failure(ScriptedUpstream::json(
                          400, R"({"error":"prompt too long; exceeded max context length by 4 tokens"})"))
                  .code(),
              ErrorCode::context_too_long);
}

TEST_F(OllamaProviderTest, EveryBadReplyIsADefinedError) {
    const std::string half = head() + lines_of({line(R"("content":"half")")});
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
         {ScriptedUpstream::send(half), close},
         ErrorCode::provider_failed,
         "broke off its reply"},
        {"a reset", {ScriptedUpstream::send(half), reset}, ErrorCode::provider_failed, "broke off its reply"},
        {"a clean end in the middle", stream({line(R"("content":"half")")}), ErrorCode::provider_failed,
         "broke off its reply"},
        {"a cut line", stream({R"({"message":{"content":"hal)"}), ErrorCode::provider_failed, "not JSON"},
        {"silence", {hang}, ErrorCode::provider_timeout, "was silent for 0.3 s"},
        {"silence in the middle",
         {ScriptedUpstream::send(half), hang},
         ErrorCode::provider_timeout,
         "was silent"},
        {"garbage", stream({"garbage \x01\xff"}), ErrorCode::provider_failed, "not JSON: garbage"},
        {"one endless line",
         ScriptedUpstream::raw(head() + ScriptedUpstream::http_chunk(std::string(6 << 20, 'x'))),
         ErrorCode::provider_failed, "a line of more than"},
        {"an error in the stream",
         stream({line(R"("content":"half")"), R"({"error":"the runner has crashed"})"}),
         ErrorCode::provider_failed, "reported an error: the runner has crashed."},
    };
    for (const auto& one : cases) {
        const ProviderError error = failure(one.reply);
        EXPECT_EQ(error.code(), one.code) << one.what;
        EXPECT_THAT(error.what(), HasSubstr(one.says)) << one.what;
    }
    EXPECT_THAT(heard_, HasSubstr("half"));  // what had come was passed on
}

TEST_F(OllamaProviderTest, AStopEndsItAndClosesTheSocket) {
    std::stop_source stop;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        stop.request_stop();
        return {ScriptedUpstream::send(head() + lines_of({line(R"("content":"half")")})),
                ScriptedUpstream::Hang{}};
    });
    expect_cancelled(upstream, [&] { ask(upstream, stop.get_token()); });
}

TEST(OllamaChatUrl, TakesEveryFormOfABaseUrl) {
    for (const char* base :
         {"http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/api", "http://h:1/api/chat"})
        EXPECT_EQ(ollama_chat_url(base), "http://h:1/api/chat");
    EXPECT_EQ(ollama_chat_url("http://h/proxy"), "http://h/proxy/api/chat");
}

TEST(OllamaRequest, AsksForThoughtOnlyWhenItIsWanted) {
    const Messages messages{user("Hi.")};
    OllamaRequestParts parts;
    EXPECT_FALSE(ollama_body(request_of(messages), parts).contains("think"));
    parts.wishes.effort = "none";
    EXPECT_EQ(ollama_body(request_of(messages), parts)["think"], false);
    parts.wishes.effort = "minimal";
    EXPECT_EQ(ollama_body(request_of(messages), parts)["think"], "low");
    parts.wishes.effort = "high";
    EXPECT_EQ(ollama_body(request_of(messages), parts)["think"], "high");
}

TEST(OllamaRequest, KeepAliveIsSecondsOrAText) {
    const Messages messages{user("Hi.")};
    const auto written = [&](std::string_view time) {
        OllamaRequestParts parts;
        parts.keep_alive = time;
        return ollama_body(request_of(messages), parts)["keep_alive"];
    };
    EXPECT_EQ(written("5m"), "5m");
    EXPECT_EQ(written("300"), 300);
    EXPECT_EQ(written("-1"), -1);
}

}  // namespace
}  // namespace assistd::providers
