// The pitfalls of replies: one test for each row of the mapping of model servers onto one internal form, and
// for each kind of server that it concerns.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scripted_upstream.h"
#include "unit/providers/streams.h"

namespace assistd::providers {
namespace {

using test::chunk_call;
using test::chunk_end;
using test::chunk_text;
using test::chunk_usage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string thinking_start = R"({"type":"thinking","thinking":"","signature":""})";

std::string ollama_call(const std::string& functions) {
    return line(R"("content":"","tool_calls":[)" + functions + "]");
}

TEST(ToolCallKey, OpenAiByIndexElseByIdElseByPosition) {
    const auto deltas = [](const std::string& calls) {
        return R"({"choices":[{"index":0,"delta":{"tool_calls":)" + calls + "}}]}";
    };
    EXPECT_THAT(shown(openai_reply({chunk_call(0, "a", "grow", ""), chunk_call(1, "b", "plot", ""),
                                    deltas(R"([{"index":1,"function":{"arguments":"{\"y\":2}"}}])"),
                                    deltas(R"([{"index":0,"function":{"arguments":"{\"x\":1}"}}])"),
                                    chunk_end("tool_calls")})),
                ElementsAre(R"(call a grow {"x":1})", R"(call b plot {"y":2})"));
    EXPECT_THAT(shown(openai_reply({deltas(R"([{"id":"a","function":{"name":"grow","arguments":"{\"x\""}}])"),
                                    deltas(R"([{"id":"b","function":{"name":"plot","arguments":"{}"}}])"),
                                    deltas(R"([{"id":"a","function":{"arguments":":1}"}}])"),
                                    chunk_end("tool_calls")})),
                ElementsAre(R"(call a grow {"x":1})", "call b plot {}"));
    EXPECT_EQ(calls_in(openai_reply({deltas(R"([{"function":{"name":"grow"}},{"function":{"name":"plot"}}])"),
                                     deltas(R"([{"function":{"arguments":"{\"x\":1}"}},
                                                {"function":{"arguments":"{\"y\":2}"}}])"),
                                     chunk_end("tool_calls")}))
                  .at(1)
                  .arguments,
              R"({"y":2})");
    // The whole object again, and another id later: still one call, under its first id.
    EXPECT_THAT(shown(openai_reply({chunk_call(0, "a", "grow", R"({"x":1})"),
                                    chunk_call(0, "a", "grow", R"({"x":1})"), chunk_call(0, "zz", "", ""),
                                    chunk_end("stop")})),
                ElementsAre(R"(call a grow {"x":1})"));
}

TEST(ToolCallKey, AnthropicByBlockWhoseNumberIsNotTheCalls) {
    const Events interleaved =
        joined({{message_start(), block_start(0, thinking_start),
                 block_delta(0, R"({"type":"thinking_delta","thinking":"hm"})"),
                 block_delta(0, R"({"type":"signature_delta","signature":"seal"})"), block_stop(0)},
                text_block(1, "I will."),
                {block_start(2, R"({"type":"tool_use","id":"a","name":"grow","input":{}})"),
                 block_start(5, R"({"type":"tool_use","id":"b","name":"plot","input":{}})"),
                 block_delta(5, R"({"type":"input_json_delta","partial_json":"{\"y\""})"),
                 block_delta(2, R"({"type":"input_json_delta","partial_json":"{\"x\":1}"})"),
                 block_delta(5, R"({"type":"input_json_delta","partial_json":":2}"})"), block_stop(2),
                 block_stop(5), message_delta("tool_use"), message_stop}});
    EXPECT_THAT(
        shown(anthropic_reply(interleaved)),
        ElementsAre("thought hm seal", "text I will.", R"(call a grow {"x":1})", R"(call b plot {"y":2})"));
}

TEST(ToolCallKey, AnthropicBlocksOfUnknownKindsAreLeftOutAndTheRestStaysInOrder) {
    const Events events =
        claude_says({text_block(0, "Searching."),
                     tool_block(1, "s", "web_search", {R"({"q":1})"}),
                     {block_start(2, R"({"type":"server_tool_use","id":"x","name":"web","input":{}})"),
                      block_delta(2, R"({"type":"input_json_delta","partial_json":"{}"})"), block_stop(2)},
                     {block_start(3, R"({"type":"hologram","data":[1]})"),
                      block_delta(3, R"({"type":"hologram_delta"})"), block_stop(3)},
                     text_block(4, "Done.")},
                    "end_turn");
    EXPECT_THAT(shown(anthropic_reply(events)),
                ElementsAre("text Searching.", R"(call s web_search {"q":1})", "text Done."));
}

TEST(ToolCallKey, OllamaMakesIdsAndKeepsTheOrder) {
    const auto reply =
        ollama_reply({ollama_call(R"({"function":{"name":"grow","arguments":{"n":1}}})"),
                      ollama_call(R"({"function":{"index":1,"name":"grow","arguments":{"n":2}}},
                                                    {"id":"call_x","function":{"name":"plot","arguments":{}}})"),
                      last_line()});
    const auto calls = calls_in(reply);
    ASSERT_EQ(calls.size(), 3u);
    EXPECT_THAT(calls[0].call_id, StartsWith("call_"));
    EXPECT_NE(calls[0].call_id, calls[1].call_id);
    EXPECT_EQ(calls[0].arguments, R"({"n":1})");
    EXPECT_EQ(calls[1].arguments, R"({"n":2})");
    EXPECT_EQ(calls[2].call_id, "call_x");
    EXPECT_NE(
        calls_in(ollama_reply({ollama_call(R"({"id":"call_x","function":{"name":"plot"}})"), last_line()},
                              {"call_x"}))
            .at(0)
            .call_id,
        "call_x");
}

TEST(ToolCallKey, AnthropicIdsThatAreTakenAreReplaced) {
    const Events events =
        claude_says({tool_block(0, "a", "grow", {}), tool_block(1, "a", "grow", {})}, "tool_use");
    const auto calls = calls_in(anthropic_reply(events, {"b"}));
    EXPECT_EQ(calls[0].call_id, "a");
    EXPECT_NE(calls[1].call_id, "a");
}

TEST(Arguments, NoneAtAllAreAnEmptyObject) {
    EXPECT_EQ(
        calls_in(openai_reply({chunk_call(0, "a", "grow", ""), chunk_end("tool_calls")})).at(0).arguments,
        "{}");
    EXPECT_EQ(
        calls_in(anthropic_reply(claude_says({tool_block(0, "a", "grow", {})}, "tool_use"))).at(0).arguments,
        "{}");
    EXPECT_EQ(calls_in(anthropic_reply(claude_says({tool_block(0, "a", "grow", {""})}, "tool_use")))
                  .at(0)
                  .arguments,
              "{}");
    EXPECT_EQ(
        calls_in(ollama_reply({ollama_call(R"({"function":{"name":"grow"}})"), last_line()})).at(0).arguments,
        "{}");
}

TEST(Arguments, AnthropicTakesThemFromTheStartOfABlockWhenNoDeltaComes) {
    const Events events = claude_says(
        {{block_start(0, R"({"type":"tool_use","id":"a","name":"grow","input":{"n":9007199254740993}})"),
          block_stop(0)}},
        "tool_use");
    EXPECT_EQ(calls_in(anthropic_reply(events)).at(0).arguments, R"({"n":9007199254740993})");
}

// What was cut off must be no JSON: then the call is reported as wrong and not carried out.
TEST(Arguments, CutOffOnesAreNeverWhole) {
    for (const std::string piece : {R"({"n": 5)", ""}) {
        SCOPED_TRACE(piece);
        const auto openai = openai_reply({chunk_call(0, "a", "grow", piece), chunk_end("length")});
        EXPECT_FALSE(nlohmann::json::accept(calls_in(openai).at(0).arguments));
        EXPECT_EQ(openai.finish_reason, "length");
        for (const bool stopped : {true, false}) {
            Events block = tool_block(0, "a", "grow", {piece});
            if (!stopped) block.pop_back();
            const auto anthropic = anthropic_reply(claude_says({block}, "max_tokens"));
            EXPECT_FALSE(nlohmann::json::accept(calls_in(anthropic).at(0).arguments));
            EXPECT_EQ(anthropic.finish_reason, "length");
        }
    }
    // The call before it was whole.
    const auto both = calls_in(openai_reply(
        {chunk_call(0, "a", "grow", ""), chunk_call(1, "b", "plot", R"({"x)"), chunk_end("length")}));
    EXPECT_EQ(both[0].arguments, "{}");
}

TEST(Arguments, KeepLargeIntegers) {
    const std::string wanted = R"({"n":9223372036854775807,"u":18446744073709551615})";
    EXPECT_EQ(calls_in(openai_reply({chunk_call(0, "a", "grow", wanted), chunk_end("stop")})).at(0).arguments,
              wanted);
    EXPECT_EQ(calls_in(anthropic_reply(claude_says({tool_block(0, "a", "grow", {wanted})}, "tool_use")))
                  .at(0)
                  .arguments,
              wanted);
    const auto ollama = ollama_reply(
        {ollama_call(R"({"function":{"name":"grow","arguments":)" + wanted + "}}"), last_line()});
    EXPECT_EQ(calls_in(ollama).at(0).arguments, wanted);
    const auto text =
        ollama_reply({ollama_call(R"({"function":{"name":"grow","arguments":"{\"n\":1}"}})"), last_line()});
    EXPECT_EQ(calls_in(text).at(0).arguments, R"({"n":1})");
}

TEST(ThinkingOfReplies, OpenAiUnderBothNames) {
    EXPECT_THAT(shown(openai_reply({R"({"choices":[{"delta":{"reasoning_content":"a"}}]})",
                                    R"({"choices":[{"delta":{"reasoning":"b"}}]})", chunk_text("x"),
                                    chunk_end("stop")})),
                ElementsAre("thought ab ", "text x"));
}

TEST(ThinkingOfReplies, AnthropicSealedAndRedacted) {
    const Events events = claude_says(
        {{block_start(0, thinking_start), block_delta(0, R"({"type":"thinking_delta","thinking":"a"})"),
          block_delta(0, R"({"type":"thinking_delta","thinking":"b"})"),
          block_delta(0, R"({"type":"signature_delta","signature":"se"})"),
          block_delta(0, R"({"type":"signature_delta","signature":"al"})"), block_stop(0)},
         {block_start(1, R"({"type":"redacted_thinking","data":"c2VjcmV0"})"), block_stop(1)},
         text_block(2, "x")},
        "end_turn");
    EXPECT_THAT(shown(anthropic_reply(events)),
                ElementsAre("thought ab seal", "redacted c2VjcmV0", "text x"));
    // Some models show nothing of a thought but its seal, which has to be sent back all the same.
    const Events silent =
        claude_says({{block_start(0, thinking_start),
                      block_delta(0, R"({"type":"signature_delta","signature":"seal"})"), block_stop(0)}},
                    "end_turn");
    EXPECT_THAT(shown(anthropic_reply(silent)), ElementsAre("thought  seal"));
}

TEST(ThinkingOfReplies, OllamaBesideTheText) {
    EXPECT_THAT(
        shown(ollama_reply({line(R"("content":"","thinking":"a")"), line(R"("content":"","thinking":"b")"),
                            line(R"("content":"x")"), last_line()})),
        ElementsAre("thought ab ", "text x"));
}

TEST(StopReasons, OfEveryKind) {
    const auto openai = [](const std::string& wire) {
        return openai_reply({chunk_text("x"), chunk_end(wire)}).finish_reason;
    };
    EXPECT_EQ(openai("stop"), "stop");
    EXPECT_EQ(openai("length"), "length");
    EXPECT_EQ(openai("content_filter"), "content_filter");
    const auto anthropic = [](const std::string& wire) {
        return anthropic_reply(claude_says({text_block(0, "x")}, wire)).finish_reason;
    };
    EXPECT_EQ(anthropic("end_turn"), "stop");
    EXPECT_EQ(anthropic("stop_sequence"), "stop");
    EXPECT_EQ(anthropic("max_tokens"), "length");
    EXPECT_EQ(anthropic("model_context_window_exceeded"), "length");
    EXPECT_EQ(anthropic("refusal"), "content_filter");
    EXPECT_EQ(anthropic("pause_turn"), "length");  // when it is not followed up
    EXPECT_EQ(anthropic("something_new"), "stop");
    EXPECT_EQ(ollama_reply({line(R"("content":"x")"), last_line("length")}).finish_reason, "length");
    EXPECT_EQ(ollama_reply({line(R"("content":"x")"), last_line("stop")}).finish_reason, "stop");
}

TEST(StopReasons, WhatTheReplyHoldsCountsForMore) {
    EXPECT_EQ(openai_reply({chunk_call(0, "a", "grow", "{}"), chunk_end("stop")}).finish_reason,
              "tool_calls");
    EXPECT_EQ(anthropic_reply(claude_says({tool_block(0, "a", "grow", {})}, "end_turn")).finish_reason,
              "tool_calls");
    EXPECT_EQ(anthropic_reply(claude_says({tool_block(0, "a", "grow", {})}, "tool_use")).finish_reason,
              "tool_calls");
    EXPECT_EQ(ollama_reply({ollama_call(R"({"function":{"name":"grow","arguments":{}}})"), last_line("stop")})
                  .finish_reason,
              "tool_calls");
}

TEST(UsageCounts, OpenAiInAChunkWithoutChoicesBehindTheFinishReason) {
    const auto reply = openai_reply({chunk_text("x"), chunk_end("stop"), chunk_usage(10, 5, 4), "[DONE]"});
    EXPECT_EQ(reply.usage.prompt_tokens, 10);
    EXPECT_EQ(reply.usage.cached_tokens, 4);
    EXPECT_FALSE(reply.usage.estimated);
    EXPECT_TRUE(openai_reply({chunk_text("x"), chunk_end("stop")}).usage.estimated);
}

TEST(UsageCounts, AnthropicCountsTheCacheApartAndReplaces) {
    const auto reply = anthropic_reply(joined(
        {{message_start(
             R"({"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":1000,"output_tokens":1})")},
         text_block(0, "x"),
         {message_delta("end_turn", R"({"output_tokens":3})"),
          message_delta("end_turn", R"({"output_tokens":7})"), message_stop}}));
    EXPECT_EQ(reply.usage.prompt_tokens, 1110);
    EXPECT_EQ(reply.usage.cached_tokens, 100);
    EXPECT_EQ(reply.usage.completion_tokens, 7);
    EXPECT_FALSE(reply.usage.estimated);
    const auto late = anthropic_reply(joined(
        {{message_start(R"({"input_tokens":0,"output_tokens":0})")},
         {message_delta("end_turn", R"({"input_tokens":20,"cache_read_input_tokens":5,"output_tokens":2})"),
          message_stop}}));
    EXPECT_EQ(late.usage.prompt_tokens, 25);
    EXPECT_TRUE(anthropic_reply({message_start("null"), message_delta("end_turn", "null"), message_stop})
                    .usage.estimated);
}

TEST(UsageCounts, OllamaLeavesOutAPromptThatWasCached) {
    const auto whole = ollama_reply({line(R"("content":"x")"), last_line()});
    EXPECT_EQ(whole.usage.prompt_tokens, 9);
    EXPECT_EQ(whole.usage.completion_tokens, 3);
    EXPECT_FALSE(whole.usage.estimated);
    const auto cached = ollama_reply({line(R"("content":"x")"), last_line("stop", R"(,"eval_count":3)")});
    EXPECT_EQ(cached.usage.completion_tokens, 3);
    EXPECT_TRUE(cached.usage.estimated);
}

}  // namespace
}  // namespace assistd::providers
