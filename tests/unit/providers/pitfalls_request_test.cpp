// The pitfalls of requests: one test for each row of the mapping of one internal form onto model servers, and
// for each kind of server that it concerns.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/providers/renderings.h"

namespace assistd::providers {
namespace {

using core::ThinkingBlock;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const core::ToolSet> shared_tools(const std::vector<std::string>& names) {
    return std::make_shared<const core::ToolSet>(tool_set(names));
}

// Two calls at once, whose results were stored in the other order.
const Messages two_calls{
    user("Grow and plot."),
    assistant(
        {core::TextBlock{"I will."}, call("a", "grow", R"({"n": 9007199254740993})"), call("b", "plot")}),
    result("b", "plot", false),
    result("a", "grow"),
};

TEST(ParallelCalls, OpenAiAnswersEachByIdInCallOrder) {
    EXPECT_EQ(openai_body(request_of(two_calls))["messages"], json::parse(R"([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Grow and plot."},
        {"role": "assistant", "content": "I will.", "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "grow", "arguments": "{\"n\": 9007199254740993}"}},
            {"id": "b", "type": "function", "function": {"name": "plot", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "a", "content": "{\"success\":true}"},
        {"role": "tool", "tool_call_id": "b", "content": "{\"success\":false}"}])"));
}

TEST(ParallelCalls, AnthropicAnswersAllInOneUserMessageFirst) {
    Messages messages = two_calls;
    messages.push_back(notice("A job ended."));
    messages.push_back(user("And?"));
    EXPECT_EQ(unmarked(anthropic_body(request_of(messages)))["messages"], json::parse(R"([
        {"role": "user", "content": [{"type": "text", "text": "Grow and plot."}]},
        {"role": "assistant", "content": [
            {"type": "text", "text": "I will."},
            {"type": "tool_use", "id": "a", "name": "grow", "input": {"n": 9007199254740993}},
            {"type": "tool_use", "id": "b", "name": "plot", "input": {}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "a", "content": "{\"success\":true}"},
            {"type": "tool_result", "tool_use_id": "b", "content": "{\"success\":false}", "is_error": true},
            {"type": "text", "text": "<system-notice>\nA job ended.\n</system-notice>"},
            {"type": "text", "text": "And?"}]}])"));
}

TEST(ParallelCalls, OllamaAnswersInCallOrderWithTheToolsNames) {
    EXPECT_EQ(ollama_body(request_of(two_calls))["messages"], json::parse(R"([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Grow and plot."},
        {"role": "assistant", "content": "I will.", "tool_calls": [
            {"function": {"name": "grow", "arguments": {"n": 9007199254740993}}},
            {"function": {"name": "plot", "arguments": {}}}]},
        {"role": "tool", "tool_name": "grow", "content": "{\"success\":true}"},
        {"role": "tool", "tool_name": "plot", "content": "{\"success\":false}"}])"));
}

// The beginning of a history may be cut off, and a turn may have ended between a call and its result.
TEST(ParallelCalls, OrphansAreNeverSent) {
    const Messages messages{
        result("gone", "grow"),
        user("One."),
        assistant({call("lost", "grow")}),
        user("Two."),
        assistant({core::TextBlock{"Both."}, call("a", "grow"), call("unanswered", "plot")}),
        notice("A job ended."),
        result("a", "grow"),
        result("stranger", "plot"),
        assistant({core::TextBlock{"Done."}}),
    };
    const core::ProviderRequest request = request_of(messages);
    for (const json& body : {openai_body(request), anthropic_body(request), ollama_body(request)}) {
        const std::string text = body.dump();
        EXPECT_THAT(text, HasSubstr("Both."));
        EXPECT_THAT(text, HasSubstr("Done."));
        for (const char* orphan : {"gone", "lost", "unanswered", "stranger", "plot"})
            EXPECT_THAT(text, Not(HasSubstr(orphan)));
    }
    // The notice does not come between a call and its result.
    EXPECT_EQ(openai_body(request)["messages"][4]["role"], "tool");
    EXPECT_EQ(openai_body(request)["messages"][5]["role"], "system");
    EXPECT_EQ(ollama_body(request)["messages"][4]["role"], "tool");
    EXPECT_EQ(anthropic_body(request)["messages"][2]["content"][0]["type"], "tool_result");
}

Messages with_thoughts(const std::string& provider) {
    return {
        user("One."),
        assistant({ThinkingBlock{"old", "old-seal", provider}, call("o", "grow")}),
        result("o", "grow"),
        assistant({ThinkingBlock{"last", "last-seal", provider}, core::TextBlock{"One it is."}}),
        user("Two."),
        assistant({ThinkingBlock{"new", "new-seal", provider}, ThinkingBlock{"", "", provider, "c2VjcmV0"},
                   core::TextBlock{"Hm. "}, call("n", "grow")}),
        result("n", "grow"),
    };
}

TEST(ThinkingSentBack, AnthropicUnchangedWhereToolsWereCalled) {
    const Messages history = with_thoughts("claude");
    const json messages = anthropic_body(request_of(history))["messages"];
    EXPECT_EQ(messages[1]["content"][0],
              json::parse(R"({"type":"thinking","thinking":"old","signature":"old-seal"})"));
    EXPECT_EQ(messages[3]["content"], json::parse(R"([{"type":"text","text":"One it is."}])"));
    EXPECT_EQ(messages[5]["content"][0],
              json::parse(R"({"type":"thinking","thinking":"new","signature":"new-seal"})"));
    EXPECT_EQ(messages[5]["content"][1], json::parse(R"({"type":"redacted_thinking","data":"c2VjcmV0"})"));
    EXPECT_EQ(messages[5]["content"][2]["text"], "Hm. ");
    EXPECT_EQ(messages[5]["content"][3]["type"], "tool_use");
}

TEST(ThinkingSentBack, AnotherProvidersThoughtsAreDropped) {
    const Messages history = with_thoughts("other");
    const core::ProviderRequest request = request_of(history);
    for (const json& body : {openai_body(request), anthropic_body(request), ollama_body(request)}) {
        EXPECT_THAT(body.dump(), Not(HasSubstr("seal")));
        EXPECT_THAT(body.dump(), Not(HasSubstr("thinking")));
        EXPECT_THAT(body.dump(), Not(HasSubstr("reasoning")));
        EXPECT_THAT(body.dump(), Not(HasSubstr("c2VjcmV0")));
    }
}

TEST(ThinkingSentBack, OpenAiAndOllamaWhileTheTurnsCallsAreAnswered) {
    const auto plain = [](const std::string& provider) {
        const ThinkingBlock thought{"Two at once.", "", provider};
        return Messages{user("One."), assistant({thought, call("o", "grow")}), result("o", "grow"),
                        user("Two."), assistant({thought, call("n", "grow")}), result("n", "grow")};
    };
    const Messages main = plain("main");
    const json openai = openai_body(request_of(main))["messages"];
    EXPECT_FALSE(openai[2].contains("reasoning_content"));
    EXPECT_EQ(openai[5]["reasoning_content"], "Two at once.");
    EXPECT_TRUE(openai[5]["content"].is_null());
    const Messages local = plain("local");
    const json ollama = ollama_body(request_of(local))["messages"];
    EXPECT_FALSE(ollama[2].contains("thinking"));
    EXPECT_EQ(ollama[5]["thinking"], "Two at once.");
}

// A model of the older kind refuses to think when the reply it goes on with did not begin with a thought.
TEST(ThinkingSentBack, AnthropicDoesWithoutAfterAChangeOfProvider) {
    MessagesRequestParts parts;
    parts.wishes.effort = "medium";
    const Messages own_history = with_thoughts("claude");
    const Messages changed_history = with_thoughts("other");
    core::ProviderRequest own = request_of(own_history);
    own.model = "claude-sonnet-4-5";
    EXPECT_EQ(anthropic_body(own, parts)["thinking"],
              json::parse(R"({"type":"enabled","budget_tokens":8192})"));
    EXPECT_EQ(anthropic_body(own, parts)["max_tokens"], 8192 + 8192);
    core::ProviderRequest changed = request_of(changed_history);
    changed.model = "claude-sonnet-4-5";
    EXPECT_FALSE(anthropic_body(changed, parts).contains("thinking"));
    EXPECT_EQ(anthropic_body(changed, parts)["max_tokens"], 8192);
    changed.model = "claude-opus-4-6";
    EXPECT_EQ(anthropic_body(changed, parts)["thinking"]["type"], "adaptive");
}

TEST(Roles, AnthropicBeginsWithTheUserAndAlternates) {
    const Messages messages{
        assistant({core::TextBlock{"Where were we?"}}),
        notice("A job ended."),
        user("First."),
        user("  \n"),
        user("Second."),  // two in a row
        assistant({core::TextBlock{""}, core::TextBlock{" \n"}}),
        assistant({core::TextBlock{"Half. "}}),
        assistant({core::TextBlock{"Whole. \n"}}),
    };
    EXPECT_EQ(unmarked(anthropic_body(request_of(messages)))["messages"], json::parse(R"([
        {"role": "user", "content": [{"type": "text", "text": "[The beginning of this conversation is left out.]"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "Where were we?"}]},
        {"role": "user", "content": [
            {"type": "text", "text": "<system-notice>\nA job ended.\n</system-notice>"},
            {"type": "text", "text": "First."}, {"type": "text", "text": "Second."}]},
        {"role": "assistant", "content": [
            {"type": "text", "text": "Half. "}, {"type": "text", "text": "Whole."}]}])"));
}

TEST(Roles, OpenAiAndOllamaKeepNoticesWhereTheyAre) {
    const Messages messages{user("First."), notice("A job ended."), assistant({core::TextBlock{""}}),
                            user("Second.")};
    for (const json& body : {openai_body(request_of(messages)), ollama_body(request_of(messages))}) {
        ASSERT_EQ(body["messages"].size(), 4u);
        EXPECT_EQ(body["messages"][2], json::parse(R"({"role":"system","content":"A job ended."})"));
    }
}

TEST(Params, TheNamesOfTheLimit) {
    const Messages messages{user("Hi.")};
    ChatRequestParts chat;
    chat.wishes.max_tokens = 77;
    EXPECT_EQ(openai_body(request_of(messages), chat)["max_tokens"], 77);
    chat.dialect.max_tokens_key = "max_completion_tokens";
    EXPECT_EQ(openai_body(request_of(messages), chat)["max_completion_tokens"], 77);
    MessagesRequestParts claude;
    EXPECT_EQ(anthropic_body(request_of(messages), claude)["max_tokens"], 8192);  // it insists on one
    claude.wishes.max_tokens = 77;
    EXPECT_EQ(anthropic_body(request_of(messages), claude)["max_tokens"], 77);
    OllamaRequestParts ollama;
    EXPECT_FALSE(ollama_body(request_of(messages), ollama).contains("options"));
    ollama.wishes.max_tokens = 77;
    ollama.context_window = 32'768;
    EXPECT_EQ(ollama_body(request_of(messages), ollama)["options"],
              json::parse(R"({"num_ctx": 32768, "num_predict": 77})"));
}

TEST(Params, TemperatureWithinWhatEachTakes) {
    const Messages messages{user("Hi.")};
    Wishes wishes;
    wishes.temperature = 1.5;
    wishes.top_p = 0.5;
    ChatRequestParts chat;
    chat.wishes = wishes;
    EXPECT_EQ(openai_body(request_of(messages), chat)["temperature"], 1.5);
    EXPECT_EQ(openai_body(request_of(messages), chat)["top_p"], 0.5);
    MessagesRequestParts claude;
    claude.wishes = wishes;
    EXPECT_EQ(anthropic_body(request_of(messages), claude)["temperature"], 1.0);
    EXPECT_FALSE(anthropic_body(request_of(messages), claude).contains("top_p"));  // one of the two
    claude.wishes.temperature.reset();
    EXPECT_EQ(anthropic_body(request_of(messages), claude)["top_p"], 0.5);
    claude.wishes.effort = "low";
    EXPECT_FALSE(anthropic_body(request_of(messages), claude).contains("top_p"));  // thinking takes neither
    OllamaRequestParts ollama;
    ollama.wishes = wishes;
    EXPECT_EQ(ollama_body(request_of(messages), ollama)["options"],
              json::parse(R"({"temperature": 1.5, "top_p": 0.5})"));
}

TEST(Params, ToolNamesThatServersTakeWithAWayBack) {
    const std::string mcp = "files.read/all";
    const std::string longest(80, 'x');
    const auto tools = shared_tools({mcp, "grow", longest});
    core::ProviderRequest request = request_of(no_messages);
    const Messages messages{user("Hi."), assistant({call("a", mcp)}), result("a", mcp)};
    request.messages = messages;
    request.tools = tools;
    const std::string sent = wire_name(mcp);
    EXPECT_THAT(sent, testing::MatchesRegex("[a-zA-Z0-9_-]{1,64}"));
    EXPECT_THAT(wire_name(longest), testing::MatchesRegex("[a-zA-Z0-9_-]{1,64}"));
    EXPECT_NE(wire_name("files/read.all"), sent);  // which would look the same otherwise

    EXPECT_EQ(openai_body(request)["tools"][0]["function"]["name"], sent);
    EXPECT_EQ(openai_body(request)["messages"][2]["tool_calls"][0]["function"]["name"], sent);
    EXPECT_EQ(anthropic_body(request)["tools"][0]["name"], sent);
    EXPECT_EQ(anthropic_body(request)["messages"][1]["content"][0]["name"], sent);
    EXPECT_EQ(ollama_body(request)["tools"][0]["function"]["name"], sent);
    EXPECT_EQ(ollama_body(request)["messages"][3]["tool_name"], sent);

    WireToolsCache cache(render_function_tools);
    core::ProviderReply reply;
    for (const std::string& name : {sent, std::string("grow"), wire_name(longest)})
        reply.blocks.emplace_back(call("c", name));
    restore_names(reply, *cache.get(tools));
    EXPECT_EQ(std::get<core::ToolCallBlock>(reply.blocks[0]).name, mcp);
    EXPECT_EQ(std::get<core::ToolCallBlock>(reply.blocks[1]).name, "grow");
    EXPECT_EQ(std::get<core::ToolCallBlock>(reply.blocks[2]).name, longest);
}

TEST(Params, CallIdsThatAnthropicTakes) {
    const Messages messages{user("Hi."),
                            assistant({call("functions.grow:0", "grow"), call("call_1-b", "grow")}),
                            result("functions.grow:0", "grow"), result("call_1-b", "grow")};
    const json body = anthropic_body(request_of(messages))["messages"];
    const std::string id = body[1]["content"][0]["id"];
    EXPECT_THAT(id, testing::MatchesRegex("[a-zA-Z0-9_-]+"));
    EXPECT_EQ(body[2]["content"][0]["tool_use_id"], id);
    EXPECT_EQ(body[1]["content"][1]["id"], "call_1-b");
}

TEST(Params, SchemasWithinTheCommonSubset) {
    const std::string plain = R"({"type":"object","properties":{"n":{"maximum":9007199254740993}}})";
    EXPECT_EQ(wire_schema(plain), plain);
    EXPECT_EQ(json::parse(wire_schema("{}")), json::parse(R"({"type":"object","properties":{}})"));
    EXPECT_EQ(json::parse(wire_schema("nonsense")), json::parse(R"({"type":"object","properties":{}})"));
    EXPECT_EQ(json::parse(wire_schema(R"({"properties":{"a":{"anyOf":[{}]}},"oneOf":[{"required":["a"]}]})")),
              json::parse(R"({"type":"object","properties":{"a":{"anyOf":[{}]}}})"));
}

TEST(Params, ToolsStayWhenNoneMayBeCalledWhereThatCanBeSaid) {
    core::ProviderRequest request = request_of(no_messages);
    request.tools = shared_tools({"grow"});
    EXPECT_FALSE(anthropic_body(request).contains("tool_choice"));
    request.allow_tools = false;
    EXPECT_EQ(openai_body(request)["tool_choice"], "none");
    EXPECT_EQ(openai_body(request)["tools"].size(), 1u);
    EXPECT_EQ(anthropic_body(request)["tool_choice"], json::parse(R"({"type":"none"})"));
    EXPECT_EQ(anthropic_body(request)["tools"].size(), 1u);
    EXPECT_FALSE(ollama_body(request).contains("tools"));
}

}  // namespace
}  // namespace assistd::providers
