// What providers of every kind do alike: replies that say nothing, what broken ones had cost, and secrets.

#include "providers/model_provider.h"

#include "providers/anthropic/provider.h"
#include "providers/ollama/provider.h"
#include "providers/openai/provider.h"
#include "unit/providers/provider_fixture.h"

namespace assistd::providers {
namespace {

using test::chunk_end;
using test::chunk_text;
using test::chunk_usage;

ScriptedUpstream::Reply as_lines(const Events& lines) {
    std::string bytes;
    for (const std::string& one : lines) bytes += ScriptedUpstream::http_chunk(one + "\n");
    return ScriptedUpstream::raw(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n" +
        bytes + ScriptedUpstream::stream_end());
}

class ModelProviderTest : public ProviderFixture {
  protected:
    // The sentence when it fails, else "finish_reason|text".
    template <class Settings>
    std::string outcome(Settings settings, const ScriptedUpstream::Reply& reply) {
        lost_ = {};
        ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) { return reply; });
        try {
            const core::ProviderReply got = ask_with(settings, upstream.url());
            std::string text;
            for (const core::Block& block : got.blocks)
                if (const auto* part = std::get_if<core::TextBlock>(&block)) text += part->text;
            return got.finish_reason + "|" + text;
        } catch (const ProviderError& error) {
            EXPECT_EQ(error.cause().fault, UpstreamFault::empty) << error.what();
            EXPECT_EQ(error.code(), ErrorCode::provider_failed);
            return error.what();
        }
    }
    static ScriptedUpstream::Reply events(const Events& all) { return ScriptedUpstream::stream(all); }
};

constexpr const char* nothing_said = "The provider \"main\" sent an empty reply.";

TEST_F(ModelProviderTest, AReplyThatSaysNothingIsAFailure) {
    const Events thought{block_start(0, R"({"type":"thinking","thinking":"Hm.","signature":"x"})"),
                         block_stop(0)};
    EXPECT_EQ(outcome(OpenAiSettings(), events({chunk_text(""), chunk_end("stop"), chunk_usage(9, 1, 0)})),
              nothing_said);
    EXPECT_EQ(lost_.prompt_tokens, 9);
    EXPECT_EQ(lost_.completion_tokens, 1);
    EXPECT_EQ(outcome(OpenAiSettings(), events({chunk_text(" \n"), chunk_end("stop")})), nothing_said);
    EXPECT_EQ(outcome(AnthropicSettings(), events(claude_says({}, "end_turn"))), nothing_said);
    EXPECT_EQ(outcome(AnthropicSettings(), events(claude_says({thought}, "end_turn"))), nothing_said);
    EXPECT_EQ(lost_.prompt_tokens, 10);
    EXPECT_EQ(outcome(OllamaSettings(), as_lines({line(R"("content":"")"), last_line()})), nothing_said);
    EXPECT_EQ(lost_.prompt_tokens, 9);
}

TEST_F(ModelProviderTest, AReplyThatWasCutOffBeforeItSaidAnythingSaysWhy) {
    EXPECT_EQ(outcome(OpenAiSettings(), events({chunk_text(""), chunk_end("length")})), "length|");
    EXPECT_EQ(outcome(OpenAiSettings(), events({chunk_text(""), chunk_end("content_filter")})),
              "content_filter|");
    EXPECT_EQ(outcome(AnthropicSettings(), events(claude_says({}, "max_tokens"))), "length|");
    EXPECT_EQ(outcome(AnthropicSettings(), events(claude_says({}, "refusal"))), "content_filter|");
    EXPECT_EQ(outcome(OllamaSettings(), as_lines({line(R"("content":"")"), last_line("length")})), "length|");
    EXPECT_EQ(lost_.total_tokens(), 0);
}

TEST_F(ModelProviderTest, WhoAsksForATitleMayGetNone) {
    wants_prose_ = true;
    EXPECT_EQ(outcome(OpenAiSettings(), events({chunk_text(""), chunk_end("stop")})), "stop|");
}

TEST_F(ModelProviderTest, WhatABrokenReplyHadCostIsTold) {
    const std::string begin =
        ScriptedUpstream::stream_head() +
        ScriptedUpstream::event(message_start(
            R"({"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":6,"output_tokens":1})")) +
        ScriptedUpstream::event(block_start(0, R"({"type":"text","text":"Half"})"));
    const auto check = [&] {
        EXPECT_EQ(lost_.prompt_tokens, 20);
        EXPECT_EQ(lost_.cached_tokens, 4);
        EXPECT_EQ(lost_.cache_write_tokens, 6);
        EXPECT_EQ(lost_.completion_tokens, 1);
        lost_ = {};
    };
    failure_with(AnthropicSettings(), {ScriptedUpstream::send(begin), ScriptedUpstream::Close{}});
    check();
    // Also of one that the user stops.
    std::stop_source stop;
    on_text_ = [&stop] { stop.request_stop(); };
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) -> ScriptedUpstream::Reply {
        return {ScriptedUpstream::send(begin), ScriptedUpstream::Hang{}};
    });
    expect_cancelled(upstream, [&] { ask_with(AnthropicSettings(), upstream.url(), stop.get_token()); });
    check();
    // A server that refuses has reported nothing.
    failure_with(AnthropicSettings(), ScriptedUpstream::json(401, R"({"error":{"message":"No."}})"));
    EXPECT_EQ(lost_.total_tokens(), 0);
}

TEST_F(ModelProviderTest, WhatAPausedReplyHadCostIsTold) {
    int asked = 0;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) {
        if (++asked == 1)
            return ScriptedUpstream::stream(claude_says({text_block(0, "First.")}, "pause_turn"));
        return ScriptedUpstream::json(400, R"({"error":{"message":"No."}})");
    });
    EXPECT_THROW(ask_with(AnthropicSettings(), upstream.url()), ProviderError);
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(lost_.prompt_tokens, 10);
    EXPECT_EQ(lost_.completion_tokens, 5);
}

TEST_F(ModelProviderTest, ValuesOfHeadersAreShownNowhere) {
    headers_ = {"X-Gateway: Bearer gateway-token-1", "X-Title: a  quiet title", "X-Short: 401"};
    const auto says = [&](const std::string& text) {
        return std::string(failure_with(OpenAiSettings(), ScriptedUpstream::json(401, text)).what());
    };
    EXPECT_EQ(says("No: Bearer gateway-token-1!"), "The provider \"main\" answered 401: No: ***!");
    EXPECT_EQ(says("No: gateway-token-1."), "The provider \"main\" answered 401: No: ***.");
    EXPECT_EQ(says("No: a  quiet\ttitle."), "The provider \"main\" answered 401: No: ***.");
    const ProviderError named = failure_with(
        OpenAiSettings(), ScriptedUpstream::json(500, "No.", "X-Request-Id: for-gateway-token-1\r\n"));
    EXPECT_STREQ(named.what(), "The provider \"main\" answered 500: No (request for-***).");
}

TEST_F(ModelProviderTest, AKeyIsNotShownInPartEither) {
    const std::string_view key = secret;
    const std::string bearer = "Bearer " + std::string(key);
    // Wherever the sentence is cut.
    for (std::size_t before = 330; before < 460; ++before) {
        const std::string quoted = std::string(before, '.') + bearer;
        for (const std::string& body : {quoted, json({{"error", {{"message", quoted}}}}).dump()}) {
            const std::string sentence =
                failure_with(OpenAiSettings(), ScriptedUpstream::json(401, body)).what();
            ASSERT_THAT(sentence, testing::Not(HasSubstr(std::string(key.substr(0, 6))))) << before;
        }
    }
    const std::string garbage = std::string(110, '.') + bearer + std::string(1'000, '.');
    EXPECT_THAT(failure_with(OpenAiSettings(), events({garbage})).what(),
                testing::Not(HasSubstr(std::string(key.substr(0, 6)))));
    const std::string blanks = std::string(1'000, ' ') + bearer + std::string(20'000, ' ') + "x";
    EXPECT_THAT(failure_with(OpenAiSettings(), ScriptedUpstream::json(401, blanks)).what(),
                testing::Not(HasSubstr(std::string(key.substr(0, 6)))));
}

TEST_F(ModelProviderTest, ARateLimitIsOneAndSaysHowLong) {
    const std::string body = R"({"error":{"type":"rate_limit_error","message":"Slow down"}})";
    const ProviderError limited =
        failure_with(AnthropicSettings(), ScriptedUpstream::json(429, body, "Retry-After: 3600\r\n"));
    EXPECT_EQ(limited.code(), ErrorCode::rate_limited);
    EXPECT_EQ(limited.retry_after(), 3600s);
    EXPECT_STREQ(limited.what(), "The provider \"main\" answered 429: Slow down. Try again in 3600 s.");
    const ProviderError in_stream =
        failure_with(AnthropicSettings(), events({message_start(), R"({"type":"error",)" + body.substr(1)}));
    EXPECT_EQ(in_stream.code(), ErrorCode::rate_limited);
    EXPECT_FALSE(in_stream.retry_after());
}

}  // namespace
}  // namespace assistd::providers
