#include <gtest/gtest.h>

#include "unit/providers/renderings.h"

namespace assistd::providers {
namespace {

using nlohmann::json;

TEST(ChatRequest, WritesAWholeConversation) {
    const Messages messages{
        user("Grow \"it\"\n"),
        assistant({core::ThinkingBlock{"Two at once.", ""}, core::TextBlock{"I will."},
                   call("call_1", "grow", R"({"n": 5})"), call("call_2", "plot", "{\"n\": ")}),
        result("call_1", "grow"),
        result("call_2", "plot", false),
        notice("A job ended."),
    };
    core::ProviderRequest request = request_of(messages);
    request.model = "gpt-x";
    request.tools = std::make_shared<const core::ToolSet>(tool_set({"grow", "plot"}));
    ChatRequestParts parts;
    parts.wishes.max_tokens = 77;
    const json body = openai_body(request, parts);

    EXPECT_EQ(body["model"], "gpt-x");
    EXPECT_EQ(body["stream"], true);
    EXPECT_EQ(body["stream_options"], json::parse(R"({"include_usage": true})"));
    EXPECT_EQ(body["max_tokens"], 77);
    EXPECT_FALSE(body.contains("tool_choice"));
    ASSERT_EQ(body["tools"].size(), 2u);
    EXPECT_EQ(body["tools"][0]["type"], "function");
    EXPECT_EQ(body["tools"][1]["function"]["name"], "plot");
    EXPECT_EQ(body["tools"][1]["function"]["description"], "Does \"plot\".");
    EXPECT_EQ(body["tools"][1]["function"]["parameters"]["properties"]["n"]["maximum"], 9007199254740993);
    EXPECT_EQ(body["messages"], json::parse(R"([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Grow \"it\"\n"},
        {"role": "assistant", "content": "I will.", "reasoning_content": "Two at once.", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "grow", "arguments": "{\"n\": 5}"}},
            {"id": "call_2", "type": "function", "function": {"name": "plot", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "{\"success\":true}"},
        {"role": "tool", "tool_call_id": "call_2", "content": "{\"success\":false}"},
        {"role": "system", "content": "A job ended."}])"));
}

TEST(ChatRequest, LeavesOutWhatIsNotThere) {
    core::ProviderRequest request;
    request.model = "m";
    EXPECT_EQ(openai_body(request), json::parse(R"({"model": "m", "stream": true, "messages": [],
                                                    "stream_options": {"include_usage": true}})"));
    EXPECT_EQ(render_function_tools(core::ToolSet()), "");
}

TEST(ChatRequest, SaysHowHardToThink) {
    core::ProviderRequest request;
    ChatRequestParts parts;
    parts.wishes.effort = "low";
    EXPECT_EQ(openai_body(request, parts)["reasoning_effort"], "low");
}

TEST(WireToolsCache, RendersAVersionOnce) {
    WireToolsCache cache(render_function_tools);
    const auto first = cache.get(tool_set({"grow"}, 1));
    EXPECT_EQ(cache.get(tool_set({"grow"}, 1)), first);
    EXPECT_NE(cache.get(tool_set({}, 2)), first);
    EXPECT_EQ(cache.get(tool_set({"grow"}, 1)), first);
    for (std::uint64_t version = 3; version < 10; ++version) cache.get(tool_set({"grow"}, version));
    EXPECT_NE(cache.get(tool_set({"grow"}, 1)), first);  // old ones are let go
    EXPECT_EQ(cache.get(tool_set({"grow"}, 1))->text, first->text);
    EXPECT_EQ(cache.get(nullptr)->text, "");
}

// What the request says counts for more than what is configured, and the model's own bound for more than
// both.
TEST(Wishes, OfTheRequestElseOfTheConfig) {
    ServerSettings settings;
    settings.defaults.temperature = 0.7;
    settings.defaults.max_tokens = 4'000;
    settings.models = {{.name = "small", .max_output_tokens = 1'000, .thinking = Thinking::low}};
    core::ProviderRequest request;
    request.model = "large";
    EXPECT_EQ(wishes_of(request, settings).max_tokens, 4'000);
    EXPECT_EQ(wishes_of(request, settings).temperature, 0.7);
    EXPECT_EQ(wishes_of(request, settings).effort, "");
    request.model = "small";
    request.wishes.temperature = 0;
    EXPECT_EQ(wishes_of(request, settings).max_tokens, 1'000);
    EXPECT_EQ(wishes_of(request, settings).temperature, 0);
    EXPECT_EQ(wishes_of(request, settings).effort, "low");
    request.wishes.max_tokens = 10;
    request.wishes.reasoning_effort = "none";
    EXPECT_EQ(wishes_of(request, settings).max_tokens, 10);
    EXPECT_EQ(wishes_of(request, settings).effort, "none");
}

}  // namespace
}  // namespace assistd::providers
