#include "providers/openai/chat_request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assistd::providers {
namespace {

using nlohmann::json;

std::shared_ptr<const core::Message> message(core::Role role, std::vector<core::Block> blocks) {
    auto result = std::make_shared<core::Message>();
    result->role = role;
    result->blocks = std::move(blocks);
    return result;
}

core::ToolSet two_tools(std::uint64_t version) {
    core::ToolSet set;
    set.version = version;
    for (const char* name : {"grow", "plot"}) {
        auto tool = std::make_shared<core::ToolSpec>();
        tool->name = name;
        tool->description = std::string("Does \"") + name + "\".";
        tool->input_schema =
            R"({"type":"object","properties":{"n":{"type":"integer","maximum":9007199254740993}}})";
        set.tools.push_back(tool);
    }
    return set;
}

TEST(ChatRequest, WritesAWholeConversation) {
    const std::vector<std::shared_ptr<const core::Message>> messages{
        message(core::Role::user, {core::TextBlock{"Grow \"it\"\n"}}),
        message(core::Role::assistant, {core::ThinkingBlock{"Two at once.", ""}, core::TextBlock{"I will."},
                                        core::ToolCallBlock{"call_1", "grow", R"({"n": 5})"},
                                        core::ToolCallBlock{"call_2", "plot", "{\"n\": "}}),
        message(core::Role::tool, {core::ToolResultBlock{"call_1", "grow", R"({"success": true})", true}}),
        message(core::Role::tool, {core::ToolResultBlock{"call_2", "plot", R"({"success": false})", false}}),
        message(core::Role::system, {core::TextBlock{"A job ended."}}),
    };
    core::ProviderRequest request;
    request.model = "gpt-x";
    request.system = "Be brief.";
    request.messages = messages;
    request.max_tokens = 77;
    const json body = json::parse(render_chat_request(request, render_chat_tools(two_tools(1))));

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
        {"role": "tool", "tool_call_id": "call_1", "content": "{\"success\": true}"},
        {"role": "tool", "tool_call_id": "call_2", "content": "{\"success\": false}"},
        {"role": "system", "content": "A job ended."}])"));
}

TEST(ChatRequest, LeavesOutWhatIsNotThere) {
    core::ProviderRequest request;
    request.model = "m";
    const json body = json::parse(render_chat_request(request, ""));
    EXPECT_EQ(body["messages"], json::array());
    for (const char* key : {"tools", "tool_choice", "max_tokens"}) EXPECT_FALSE(body.contains(key)) << key;
    EXPECT_EQ(render_chat_tools(core::ToolSet()), "");
}

TEST(ChatRequest, KeepsTheToolsButForbidsThemForAFinalAnswer) {
    core::ProviderRequest request;
    request.model = "m";
    request.allow_tools = false;
    request.max_tokens = 5;
    const json body = json::parse(render_chat_request(request, render_chat_tools(two_tools(1)),
                                                      {.max_tokens_key = "max_completion_tokens"}));
    EXPECT_EQ(body["tools"].size(), 2u);
    EXPECT_EQ(body["tool_choice"], "none");
    EXPECT_EQ(body["max_completion_tokens"], 5);
}

TEST(ChatRequest, SendsNoOldOrSealedThoughtsBack) {
    const core::ToolCallBlock call{"c", "grow", "{}"};
    const std::vector<std::shared_ptr<const core::Message>> messages{
        message(core::Role::user, {core::TextBlock{"a"}}),
        message(core::Role::assistant, {core::ThinkingBlock{"old", ""}, call}),
        message(core::Role::user, {core::TextBlock{"b"}}),
        message(core::Role::assistant, {core::ThinkingBlock{"sealed", "signature"}, call}),
    };
    core::ProviderRequest request;
    request.model = "m";
    request.messages = messages;
    const json body = json::parse(render_chat_request(request, ""));
    for (const auto& one : body["messages"]) EXPECT_FALSE(one.contains("reasoning_content")) << one;
    EXPECT_TRUE(body["messages"][1]["content"].is_null());
}

TEST(ChatToolsCache, RendersAVersionOnce) {
    ChatToolsCache cache;
    const auto first = cache.text(two_tools(1));
    EXPECT_EQ(cache.text(two_tools(1)), first);
    EXPECT_NE(cache.text(core::ToolSet{.version = 2, .tools = {}}), first);
    EXPECT_EQ(cache.text(two_tools(1)), first);
    for (std::uint64_t version = 3; version < 10; ++version) cache.text(two_tools(version));
    EXPECT_NE(cache.text(two_tools(1)), first);  // old ones are let go
    EXPECT_EQ(*cache.text(two_tools(1)), *first);
}

}  // namespace
}  // namespace assistd::providers
