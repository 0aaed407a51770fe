// The pitfalls of streams, as text/event-stream and as lines of JSON: what arrives is cut anywhere, ends in
// every way and may be wrong in every way. Pure parsers; over sockets: each provider's own test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

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

// How events stand in a stream: with the line end, and what follows "data:".
std::string stream_of(const Events& events, const std::string& end = "\n", const std::string& blank = " ") {
    std::string bytes;
    for (const std::string& event : events) bytes += "data:" + blank + event + end + end;
    return bytes;
}

// The reply to these pieces of a stream.
using Parse = std::function<core::ProviderReply(const std::vector<std::string_view>& pieces)>;

template <class Reply>
core::ProviderReply parse(const std::vector<std::string_view>& pieces) {
    Reply reply(nullptr);
    for (const std::string_view piece : pieces)
        if (!reply.done()) reply.feed(piece);
    if (!reply.done()) reply.end_of_stream();
    return finished(reply);
}
const Parse parse_openai = parse<EventReply<ChatReply>>;
const Parse parse_anthropic = parse<EventReply<MessagesReply>>;
const Parse parse_ollama = parse<LinesReply<OllamaReply>>;

void expect_the_same_cut_anywhere(const Parse& parse, const std::string& bytes,
                                  const std::vector<std::string>& wanted) {
    const std::string_view all = bytes;
    for (std::size_t i = 0; i <= all.size(); ++i) {
        const std::vector<std::string_view> pieces{all.substr(0, i), all.substr(i)};
        ASSERT_EQ(shown(parse(pieces)), wanted) << "cut at byte " << i;
    }
    std::vector<std::string_view> bytewise;
    for (std::size_t i = 0; i < all.size(); ++i) bytewise.push_back(all.substr(i, 1));
    EXPECT_EQ(shown(parse(bytewise)), wanted);
}

const Events openai_events{chunk_text("Grüße 😀"), chunk_call(0, "a", "grow", R"({"n")"),
                           chunk_call(0, "", "", ":5}"), chunk_end("tool_calls"), chunk_usage(1, 2)};
const Events anthropic_events =
    joined({{message_start(), R"({"type":"ping"})",
             block_start(0, R"({"type":"thinking","thinking":"","signature":""})"),
             block_delta(0, R"({"type":"thinking_delta","thinking":"hm"})"), R"({"type":"ping"})",
             block_delta(0, R"({"type":"signature_delta","signature":"seal"})"), block_stop(0)},
            text_block(1, "Grüße 😀"),
            tool_block(2, "a", "grow", {"", R"({"n")", ":5}"}),
            {message_delta("tool_use"), message_stop}});

TEST(Sse, OpenAiCutAtEveryByte) {
    const std::vector<std::string> wanted{"text Grüße 😀", R"(call a grow {"n":5})"};
    expect_the_same_cut_anywhere(parse_openai, stream_of(openai_events) + "data: [DONE]\n\n", wanted);
    expect_the_same_cut_anywhere(parse_openai,
                                 "\xEF\xBB\xBF: hi\r\n\r\n" + stream_of(openai_events, "\r\n", ""), wanted);
}

TEST(Sse, AnthropicCutAtEveryByte) {
    const std::vector<std::string> wanted{"thought hm seal", "text Grüße 😀", R"(call a grow {"n":5})"};
    expect_the_same_cut_anywhere(parse_anthropic, stream_of(anthropic_events), wanted);
    expect_the_same_cut_anywhere(
        parse_anthropic, "\xEF\xBB\xBF: hi\r\n\r\n" + stream_of(anthropic_events, "\r\n", ""), wanted);
    expect_the_same_cut_anywhere(parse_anthropic, stream_of(anthropic_events, "\r"), wanted);
}

TEST(Sse, AnthropicEventsThatOnlyTheirNameTells) {
    // As its own server sends them: named, and data over two lines is one text.
    const std::string bytes =
        "event: message_start\ndata: {\"type\":\"message_start\",\ndata: \"message\":{}}\n\n"
        "event: content_block_start\ndata: "
        "{\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"Hi\"}}\n\n"
        "event: brand_new\ndata: {}\n\n"
        "event: message_delta\ndata: {\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
        "event: message_stop\ndata: {}\n";
    EXPECT_EQ(shown(parse_anthropic({bytes})), std::vector<std::string>{"text Hi"});
}

TEST(JsonLines, OllamaCutAtEveryByte) {
    const Events lines{
        line(R"("content":"","thinking":"hm")"), line(R"("content":"Grüße 😀")"),
        line(R"("content":"","tool_calls":[{"id":"a","function":{"name":"grow","arguments":{"n":5}}}])"),
        last_line()};
    const std::vector<std::string> wanted{"thought hm ", "text Grüße 😀", R"(call a grow {"n":5})"};
    for (const std::string end : {"\n", "\r\n", "\n\n"}) {
        std::string bytes;
        for (const std::string& one : lines) bytes += one + end;
        expect_the_same_cut_anywhere(parse_ollama, bytes, wanted);
        // The last line may lack its end.
        EXPECT_EQ(shown(parse_ollama({std::string_view(bytes).substr(0, bytes.size() - end.size())})),
                  wanted);
    }
}

TEST(Sse, AnEndWithoutTheLastEventIsAnError) {
    for (const Parse& parse : {Parse(parse_openai), Parse(parse_anthropic), Parse(parse_ollama)}) {
        const auto nothing = failure_of([&] { parse({}); });
        EXPECT_EQ(nothing.fault, UpstreamFault::connection);
        EXPECT_STREQ(nothing.what(), "broke off its reply in the middle");
    }
    const auto cut = [](const Parse& parse, const std::string& bytes) {
        return failure_of([&] { parse({bytes}); }).fault;
    };
    EXPECT_EQ(cut(parse_openai, stream_of({chunk_text("half")})), UpstreamFault::connection);
    EXPECT_EQ(cut(parse_anthropic,
                  stream_of({message_start(), text_block(0, "half")[0], text_block(0, "half")[1]})),
              UpstreamFault::connection);
    EXPECT_EQ(cut(parse_anthropic, stream_of(joined({{message_start()}, text_block(0, "all but the end")}))),
              UpstreamFault::connection);
    EXPECT_EQ(cut(parse_ollama, line(R"("content":"half")") + "\n"), UpstreamFault::connection);
    EXPECT_EQ(cut(parse_ollama, R"({"message":{"content":"half a li)"), UpstreamFault::reply);
}

TEST(Sse, OneEndlessLineIsRefused) {
    const std::string endless = "data: {\"x\": \"" + std::string(5 << 20, 'x');
    for (const Parse& parse : {Parse(parse_openai), Parse(parse_anthropic), Parse(parse_ollama)})
        EXPECT_THAT(failure_of([&] { parse({endless}); }).what(), HasSubstr("a line of more than"));
}

TEST(Sse, AReplyBeyondAllBoundsIsRefused) {
    const std::string megabyte(1 << 20, 'x');
    MessagesReply anthropic(nullptr);
    anthropic.take(message_start());
    anthropic.take(block_start(0, R"({"type":"text","text":""})"));
    const std::string delta = block_delta(0, R"({"type":"text_delta","text":")" + megabyte + "\"}");
    for (int i = 0; i < 15; ++i) anthropic.take(delta);
    EXPECT_THROW(anthropic.take(delta + delta), UpstreamError);  // no JSON
    EXPECT_THROW(
        {
            anthropic.take(delta);
            anthropic.take(delta);
        },
        UpstreamError);
    OllamaReply ollama(nullptr);
    const std::string one = line(R"("content":")" + megabyte + "\"");
    for (int i = 0; i < 16; ++i) ollama.take(one);
    EXPECT_THROW(ollama.take(one), UpstreamError);
    EXPECT_THROW(
        {
            MessagesReply many(nullptr);
            for (int i = 0; i < 129; ++i)
                many.take(block_start(i, R"({"type":"tool_use","id":"x","name":"grow"})"));
        },
        UpstreamError);
}

TEST(ErrorsInTheStream, OfEveryKindAndUnderTheStatusThatTheyStandFor) {
    const auto openai = [](const std::string& bytes) { return failure_of([&] { parse_openai({bytes}); }); };
    EXPECT_STREQ(openai(stream_of({R"({"error":{"message":"Busy.","code":529}})"})).what(),
                 "reported an error: Busy.");
    EXPECT_EQ(openai(stream_of({R"({"error":{"message":"Busy.","code":529}})"})).status, 529);
    EXPECT_EQ(openai("event: error\ndata: {\"message\":\"flat\",\"type\":\"server_error\"}\n\n").status, 500);
    EXPECT_STREQ(openai("event: error\ndata: {\"message\":\"flat\"}\n\n").what(), "reported an error: flat");
    EXPECT_STREQ(openai("event: error\ndata: {\"x\":1}\n\n").what(), "reported an error: {\"x\":1}");

    const auto anthropic = [](const std::string& type, const std::string& text) {
        return failure_of([&] {
            parse_anthropic({stream_of({message_start(), R"({"type":"error","error":{"type":")" + type +
                                                             R"(","message":")" + text + "\"}}"})});
        });
    };
    EXPECT_STREQ(anthropic("overloaded_error", "Overloaded").what(), "reported an error: Overloaded");
    EXPECT_EQ(anthropic("overloaded_error", "Overloaded").status, 529);
    EXPECT_EQ(anthropic("rate_limit_error", "Slow").status, 429);
    EXPECT_EQ(anthropic("api_error", "Oops").status, 500);
    EXPECT_EQ(anthropic("timeout_error", "Late").status, 504);
    EXPECT_EQ(anthropic("brand_new_error", "New").status, 0);
    EXPECT_EQ(anthropic("api_error", "Oops").fault, UpstreamFault::reply);

    const auto ollama =
        failure_of([] { parse_ollama({line(R"("content":"half")") + "\n{\"error\":\"out of memory\"}\n"}); });
    EXPECT_STREQ(ollama.what(), "reported an error: out of memory");
}

TEST(ErrorsInTheStream, GarbageIsSaid) {
    for (const Parse& parse : {Parse(parse_openai), Parse(parse_anthropic)}) {
        EXPECT_THAT(failure_of([&] { parse({"data: <html>no\n\n"}); }).what(),
                    HasSubstr("not JSON: <html>no"));
        EXPECT_THAT(failure_of([&] { parse({"data: [1]\n\n"}); }).what(), HasSubstr("not a chunk: [1]"));
    }
    EXPECT_THAT(failure_of([] { parse_ollama({"<html>no\n"}); }).what(), HasSubstr("not JSON: <html>no"));
    EXPECT_THAT(failure_of([] { parse_ollama({"[1]\n"}); }).what(), HasSubstr("not a chunk: [1]"));
    EXPECT_STREQ(failure_of([] { parse_ollama({last_line("load")}); }).what(), "sent an empty reply");
    EXPECT_STREQ(failure_of([] { anthropic_reply({message_stop}); }).what(), "sent an empty reply");
    EXPECT_STREQ(
        failure_of([] { anthropic_reply(claude_says({tool_block(0, "a", "", {})}, "tool_use")); }).what(),
        "asked for a tool without naming it");
}

TEST(ErrorsInTheStream, OddFieldsAreNothing) {
    // None of these may crash or be taken for text.
    const Events odd{
        R"({"type":"message_start","message":7})",
        R"({"type":"content_block_start","index":"x","content_block":{"type":"text","text":7}})",
        R"({"type":"content_block_delta","index":9,"delta":{"type":"text_delta","text":"lost"}})",
        R"({"type":"content_block_delta","index":0,"delta":null})",
        R"({"type":"content_block_delta"})",
        R"({"type":"content_block_stop","index":-5})",
        R"({"type":"message_delta","delta":[],"usage":"many"})",
        R"({"type":7})",
        message_delta("end_turn", R"({"output_tokens":-1,"input_tokens":1e300})"),
        message_stop};
    EXPECT_TRUE(anthropic_reply(odd).blocks.empty());
    const Events odd_lines{R"({"message":7})", R"({"message":{"content":7,"tool_calls":7}})",
                           R"({"message":{"tool_calls":[7,null,{}]},"done":"no"})",
                           R"({"prompt_eval_count":"many","done":true,"done_reason":7})"};
    EXPECT_TRUE(ollama_reply(odd_lines).blocks.empty());
}

TEST(WholeReplies, AreTakenFromServersThatDoNotStream) {
    MessagesReply anthropic(nullptr);
    anthropic.take_whole(R"({"type":"message","model":"claude-x","content":[{"type":"text","text":"Hi"},
        {"type":"tool_use","id":"a","name":"grow","input":{"n":1}},{"type":"tool_use","id":"b","name":"plot","input":{}}],
        "stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}})");
    const auto reply = finished(anthropic);
    EXPECT_THAT(shown(reply), ElementsAre("text Hi", R"(call a grow {"n":1})", "call b plot {}"));
    EXPECT_EQ(reply.usage.prompt_tokens, 3);
    EXPECT_EQ(reply.model, "claude-x");

    OllamaReply ollama(nullptr);
    ollama.take_whole(
        "{\n  \"model\": \"llama\",\n  \"message\": {\"content\": \"Hi\"},\n  \"done\": true\n}\n");
    EXPECT_THAT(shown(finished(ollama)), ElementsAre("text Hi"));
    OllamaReply lines(nullptr);
    lines.take_whole(line(R"("content":"H")") + "\n" + line(R"("content":"i")") + "\n" + last_line());
    EXPECT_THAT(shown(finished(lines)), ElementsAre("text Hi"));
}

}  // namespace
}  // namespace assistd::providers
