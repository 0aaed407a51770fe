#include "providers/openai/chat_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/scripted_upstream.h"
#include "unit/providers/streams.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {
namespace {

using test::chunk_call;
using test::chunk_end;
using test::chunk_text;
using test::chunk_usage;
using testing::ElementsAre;
using testing::HasSubstr;

core::ProviderReply reply_of(const std::vector<std::string>& events,
                             std::unordered_set<std::string> taken = {}) {
    ChatReply reply(nullptr);
    for (const auto& event : events) reply.take(event);
    return finished(reply, std::move(taken));
}

// The calls as "name arguments".
std::vector<std::string> calls_of(const std::vector<std::string>& events) {
    std::vector<std::string> calls;
    for (const auto& block : reply_of(events).blocks) {
        if (const auto* call = std::get_if<core::ToolCallBlock>(&block))
            calls.push_back(call->name + " " + call->arguments);
    }
    return calls;
}

std::vector<std::string> ids_of(const core::ProviderReply& reply) {
    std::vector<std::string> ids;
    for (const auto& block : reply.blocks) {
        if (const auto* call = std::get_if<core::ToolCallBlock>(&block)) ids.push_back(call->call_id);
    }
    return ids;
}

// A chunk with these tool call deltas, as JSON text of an array.
std::string deltas(const std::string& calls) {
    return R"({"choices":[{"index":0,"delta":{"tool_calls":)" + calls + "}}]}";
}

std::string why(const std::vector<std::string>& events) {
    try {
        reply_of(events);
    } catch (const UpstreamError& error) {
        return error.what();
    }
    return "nothing was thrown";
}

TEST(ChatReply, PutsTextThinkingAndUsageTogether) {
    std::string heard;
    std::string thought;
    ChatReply reply([&heard](std::string_view text) { heard += "[" + std::string(text) + "]"; },
                    [&thought](std::string_view text) { thought += "[" + std::string(text) + "]"; });
    reply.take(R"({"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})");
    reply.take(R"({"choices":[{"index":0,"delta":{"reasoning_content":"Let me "}}]})");
    reply.take(R"({"choices":[{"index":0,"delta":{"reasoning":"see."}}]})");
    reply.take(chunk_text("Grüße "));
    reply.take(
        R"({"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"an 😀"},{"type":"x"}]}}]})");
    reply.take(R"({"choices":[{"index":1,"delta":{"content":"another choice"}}]})");
    reply.take(
        R"({"choices":[{"delta":{"content":null,"tool_calls":null},"finish_reason":null}],"usage":null})");
    reply.take(chunk_end("stop"));
    reply.take(chunk_usage(10, 5, 4));
    EXPECT_FALSE(reply.done());
    reply.take("[DONE]");
    EXPECT_TRUE(reply.done());
    const auto result = finished(reply);

    EXPECT_EQ(heard, "[Grüße ][an 😀]");
    EXPECT_EQ(thought, "[Let me ][see.]");
    ASSERT_EQ(result.blocks.size(), 2u);
    EXPECT_EQ(std::get<core::ThinkingBlock>(result.blocks[0]).text, "Let me see.");
    EXPECT_EQ(std::get<core::TextBlock>(result.blocks[1]).text, "Grüße an 😀");
    EXPECT_EQ(result.finish_reason, "stop");
    EXPECT_EQ(result.model, "m-1");
    EXPECT_EQ(result.usage.prompt_tokens, 10);
    EXPECT_EQ(result.usage.completion_tokens, 5);
    EXPECT_EQ(result.usage.cached_tokens, 4);
}

TEST(ChatReply, TheLastUsageCounts) {
    const auto reply = reply_of({chunk_usage(1, 1), chunk_text("x"), chunk_usage(7, 3), chunk_end("stop")});
    EXPECT_EQ(reply.usage.prompt_tokens, 7);
    EXPECT_EQ(reply.usage.completion_tokens, 3);
    EXPECT_EQ(reply_of({chunk_text("x"), chunk_end("stop")}).usage.total_tokens(), 0);
    const std::string odd =
        R"({"choices":[],"usage":{"prompt_tokens":-3,"completion_tokens":1e300,"cost":0.25}})";
    const auto strange = reply_of({chunk_text("x"), odd, chunk_end("stop")});
    EXPECT_EQ(strange.usage.prompt_tokens, 0);
    EXPECT_DOUBLE_EQ(strange.usage.cost, 0.25);
}

TEST(ChatReply, JoinsCanonicalToolCalls) {
    const auto reply = reply_of({chunk_call(0, "call_a", "grow", ""),
                                 deltas(R"([{"index":0,"function":{"arguments":"{\"n\""}}])"),
                                 deltas(R"([{"index":0,"function":{"arguments":": 5}"}}])"),
                                 chunk_call(1, "call_b", "plot", "{}"), chunk_end("tool_calls"), "[DONE]"});
    EXPECT_THAT(ids_of(reply), ElementsAre("call_a", "call_b"));
    EXPECT_EQ(reply.finish_reason, "tool_calls");
    const auto& first = std::get<core::ToolCallBlock>(reply.blocks[0]);
    EXPECT_EQ(first.name, "grow");
    EXPECT_EQ(first.arguments, R"({"n": 5})");
}

TEST(ChatReply, JoinsInterleavedToolCalls) {
    EXPECT_THAT(calls_of({chunk_call(0, "a", "grow", ""), chunk_call(1, "b", "plot", ""),
                          deltas(R"([{"index":1,"function":{"arguments":"{\"x\":"}},
                                     {"index":0,"function":{"arguments":"{\"n\":"}}])"),
                          deltas(R"([{"index":0,"function":{"arguments":"1}"}},
                                     {"index":1,"function":{"arguments":"2}"}}])"),
                          chunk_end("tool_calls")}),
                ElementsAre(R"(grow {"n":1})", R"(plot {"x":2})"));
}

TEST(ChatReply, ToleratesOddToolCalls) {
    const std::string end = chunk_end("tool_calls");
    struct Case {
        const char* what;
        std::vector<std::string> events;
        std::vector<std::string> calls;
    };
    const std::vector<Case> cases{
        {"id, type and name repeated in every delta",
         {chunk_call(0, "a", "grow", R"({"n")"), chunk_call(0, "a", "grow", R"(:5})"), end},
         {R"(grow {"n":5})"}},
        {"another id in a later delta",
         {chunk_call(0, "a", "grow", R"({"n")"), chunk_call(0, "zz", "", R"(:5})"), end},
         {R"(grow {"n":5})"}},
        {"empty id and name later",
         {chunk_call(0, "a", "grow", R"({"n")"), chunk_call(0, "", "", R"(:5})"), end},
         {R"(grow {"n":5})"}},
        {"the whole call sent again",
         {chunk_call(0, "a", "grow", R"({"n":5})"), chunk_call(0, "a", "grow", R"({"n":5})"), end},
         {R"(grow {"n":5})"}},
        {"all arguments so far with every delta",
         {chunk_call(0, "a", "grow", R"({"n")"), chunk_call(0, "a", "grow", R"({"n":5)"),
          chunk_call(0, "a", "grow", R"({"n":5})"), end},
         {R"(grow {"n":5})"}},
        {"no index, ids",
         {deltas(R"([{"id":"a","function":{"name":"grow","arguments":"{\"n\""}}])"),
          deltas(R"([{"id":"b","function":{"name":"plot","arguments":"{}"}}])"),
          deltas(R"([{"id":"a","function":{"arguments":":5}"}}])"), end},
         {R"(grow {"n":5})", "plot {}"}},
        {"no index, whole calls together",
         {deltas(R"([{"id":"a","function":{"name":"grow","arguments":"{}"}},
                     {"id":"b","function":{"name":"grow","arguments":"{}"}}])"),
          end},
         {"grow {}", "grow {}"}},
        {"no index and no id",
         {deltas(R"([{"function":{"name":"grow","arguments":""}}])"),
          deltas(R"([{"function":{"arguments":"{\"n\":"}}])"), deltas(R"([{"function":{"arguments":"5}"}}])"),
          deltas(R"([{"function":{"name":"grow","arguments":"{}"}}])"), end},
         {R"(grow {"n":5})", "grow {}"}},
        {"no index and no id, side by side",
         {deltas(R"([{"function":{"name":"grow"}},{"function":{"name":"plot"}}])"),
          deltas(R"([{"function":{"arguments":"{\"n\":1}"}},{"function":{"arguments":"{\"n\":2}"}}])"), end},
         {R"(grow {"n":1})", R"(plot {"n":2})"}},
        {"every call numbered 0",
         {chunk_call(0, "a", "grow", R"({"n":1})"), chunk_call(0, "b", "grow", R"({"n":2})"), end},
         {R"(grow {"n":1})", R"(grow {"n":2})"}},
        {"arguments numbered unlike their call",
         {chunk_call(0, "a", "grow", ""), deltas(R"([{"index":1,"function":{"arguments":"{\"n\":5}"}}])"),
          end},
         {R"(grow {"n":5})"}},
        {"indices that do not begin at 0",
         {chunk_call(3, "a", "grow", "{}"), chunk_call(7, "b", "plot", "{}"), end},
         {"grow {}", "plot {}"}},
        {"arguments null, then none",
         {deltas(R"([{"index":0,"id":"a","function":{"name":"grow","arguments":null}}])"), end},
         {"grow {}"}},
        {"arguments as an object, large integers kept",
         {deltas(R"([{"index":0,"id":"a","function":{"name":"grow","arguments":{"n":9007199254740993}}}])"),
          end},
         {R"(grow {"n":9007199254740993})"}},
        {"null where a list or an object belongs",
         {deltas("null"), deltas("[null]"),
          deltas(R"([{"index":null,"id":null,"type":null,"function":{"name":"grow"}}])"), end},
         {"grow {}"}},
        {"arguments that were cut off",
         {chunk_call(0, "a", "grow", R"({"n":)"), chunk_end("length")},
         {R"(grow {"n":)"}},
    };
    for (const auto& one : cases) EXPECT_EQ(calls_of(one.events), one.calls) << one.what;
}

TEST(ChatReply, MakesIdsThatAreMissingOrTaken) {
    const auto missing = ids_of(
        reply_of({chunk_call(0, "", "grow", "{}"), chunk_call(1, "", "plot", "{}"), chunk_end("stop")}));
    ASSERT_EQ(missing.size(), 2u);
    EXPECT_THAT(missing[0], testing::StartsWith("call_"));
    EXPECT_NE(missing[0], missing[1]);
    const auto twice = ids_of(
        reply_of({chunk_call(0, "x", "grow", "{}"), chunk_call(1, "x", "plot", "{}"), chunk_end("stop")}));
    EXPECT_EQ(twice[0], "x");
    EXPECT_NE(twice[1], "x");
    const auto taken =
        ids_of(reply_of({chunk_call(0, "call_0", "grow", "{}"), chunk_end("stop")}, {"call_0"}));
    EXPECT_NE(taken[0], "call_0");
}

TEST(ChatReply, MapsFinishReasons) {
    const auto reason = [](const std::string& wire) {
        return reply_of({chunk_text("x"), chunk_end(wire)}).finish_reason;
    };
    EXPECT_EQ(reason("stop"), "stop");
    EXPECT_EQ(reason("eos"), "stop");
    EXPECT_EQ(reason("length"), "length");
    EXPECT_EQ(reason("max_tokens"), "length");
    EXPECT_EQ(reason("content_filter"), "content_filter");
    EXPECT_EQ(reason("tool_calls"), "stop");  // without a call
    EXPECT_EQ(reply_of({chunk_call(0, "a", "grow", "{}"), chunk_end("stop")}).finish_reason, "tool_calls");
    EXPECT_EQ(reply_of({chunk_call(0, "a", "grow", "{}"), chunk_end("function_call")}).finish_reason,
              "tool_calls");
    EXPECT_EQ(reply_of({chunk_text("x"), "[DONE]"}).finish_reason, "stop");
    const auto refusal = reply_of({R"({"choices":[{"delta":{"refusal":"No."}}]})", chunk_end("stop")});
    EXPECT_EQ(refusal.finish_reason, "content_filter");
    EXPECT_EQ(std::get<core::TextBlock>(refusal.blocks[0]).text, "No.");
}

TEST(ChatReply, TakesAReplyThatIsNotStreamed) {
    const auto reply =
        reply_of({R"({"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi",
        "tool_calls":[{"id":"a","type":"function","function":{"name":"grow","arguments":"{}"}}]},
        "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"});
    EXPECT_EQ(std::get<core::TextBlock>(reply.blocks[0]).text, "Hi");
    EXPECT_THAT(ids_of(reply), ElementsAre("a"));
    EXPECT_EQ(reply.usage.total_tokens(), 3);
}

TEST(ChatReply, RepairsHalfCharacters) {
    const auto text = [](const std::string& content) {
        const auto reply =
            reply_of({R"({"choices":[{"delta":{"content":")" + content + R"("}}]})", chunk_end("stop")});
        return std::get<core::TextBlock>(reply.blocks[0]).text;
    };
    EXPECT_EQ(text("a\xF0\x9F"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(text(R"(a\ud83d)"), "a\xEF\xBF\xBD");
}

TEST(ChatReply, SaysWhatIsWrong) {
    EXPECT_EQ(why({}), "broke off its reply in the middle");
    EXPECT_EQ(why({chunk_text("half")}), "broke off its reply in the middle");
    EXPECT_EQ(why({"[DONE]"}), "sent an empty reply");
    EXPECT_EQ(why({R"({"choices":[]})", "[DONE]"}), "sent an empty reply");
    EXPECT_EQ(why({"<html>no\nsuch"}), "sent something that is not JSON: <html>no such");
    EXPECT_EQ(why({"[1]"}), "sent something that is not a chunk: [1]");
    EXPECT_EQ(why({R"({"error":{"message":"Overloaded","code":529}})"}), "reported an error: Overloaded");
    EXPECT_EQ(why({R"({"error":"out of memory"})"}), "reported an error: out of memory");
    EXPECT_EQ(why({R"({"object":"error","message":"flat"})"}), "reported an error: flat");
    EXPECT_EQ(why({chunk_call(0, "a", "", "{}"), "[DONE]"}), "asked for a tool without naming it");
}

TEST(ChatReply, IsBounded) {
    ChatReply long_text(nullptr);
    const std::string megabyte = chunk_text(std::string(1 << 20, 'x'));
    for (int i = 0; i < 16; ++i) long_text.take(megabyte);
    EXPECT_THROW(long_text.take(megabyte), UpstreamError);

    ChatReply many_calls(nullptr);
    for (int i = 0; i < 128; ++i) many_calls.take(chunk_call(i, "id" + std::to_string(i), "grow", "{}"));
    EXPECT_THROW(many_calls.take(chunk_call(128, "last", "grow", "{}")), UpstreamError);
}

}  // namespace
}  // namespace assistd::providers
