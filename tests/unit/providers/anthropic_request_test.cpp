#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/providers/renderings.h"

namespace assistd::providers {
namespace {

using nlohmann::json;

const json mark = json::parse(R"({"type":"ephemeral"})");

// Where the marks for the cache stand, as JSON pointers.
std::vector<std::string> marks_in(const json& body) {
    std::vector<std::string> found;
    const json flat = body.flatten();
    for (const auto& [pointer, value] : flat.items())
        if (pointer.ends_with("/cache_control/type")) found.push_back(pointer.substr(0, pointer.size() - 19));
    return found;
}

TEST(AnthropicRequest, MarksTheToolsTheSystemPromptAndTheNewestUserMessages) {
    core::ProviderRequest request = request_of(no_messages);
    request.tools = std::make_shared<const core::ToolSet>(tool_set({"grow", "plot"}));
    Messages messages{user("One."), assistant({core::TextBlock{"1"}}), user("Two."),
                      assistant({call("a", "grow")}), result("a", "grow")};
    request.messages = messages;
    EXPECT_THAT(marks_in(anthropic_body(request)),
                testing::UnorderedElementsAre("/tools/1", "/system/0", "/messages/2/content/0",
                                              "/messages/4/content/0"));
    messages.resize(1);
    request.messages = messages;
    EXPECT_THAT(marks_in(anthropic_body(request)),
                testing::UnorderedElementsAre("/tools/1", "/system/0", "/messages/0/content/0"));
}

// What was sent in one round stands at the beginning of the next, byte for byte, but for the marks.
TEST(AnthropicRequest, TheNextRoundBeginsLikeTheLast) {
    core::ProviderRequest request = request_of(no_messages);
    const Messages all{
        user("Two."), assistant({core::ThinkingBlock{"hm", "seal", "claude"}, call("a", "grow")}),
        result("a", "grow"), assistant({core::TextBlock{"And "}, call("b", "plot")}), result("b", "plot")};
    const auto text_of_first = [&](std::size_t count) {
        const Messages some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
        request.messages = some;
        std::string text = render_messages_request(request, {{.provider = "claude"}});
        const std::string written(R"(,"cache_control":{"type":"ephemeral"})");
        for (std::size_t at; (at = text.find(written)) != std::string::npos;) text.erase(at, written.size());
        return text;
    };
    const std::string first = text_of_first(1);
    const std::string second = text_of_first(3);
    const std::string third = text_of_first(5);
    const auto without_end = [](const std::string& text) { return text.substr(0, text.size() - 2); };  // "]}"
    EXPECT_TRUE(second.starts_with(without_end(first))) << second;
    EXPECT_TRUE(third.starts_with(without_end(second))) << third;
}

TEST(AnthropicRequest, LeavesOutWhatIsNotThere) {
    core::ProviderRequest request;
    request.model = "m";
    request.system = " \n";
    const json body = anthropic_body(request);
    EXPECT_EQ(body, json::parse(R"({"model":"m","stream":true,"max_tokens":8192,"messages":[]})"));
    EXPECT_EQ(render_messages_tools(core::ToolSet()), "");
}

TEST(AnthropicRequest, WritesToolsWithTheirSchemas) {
    core::ProviderRequest request = request_of(no_messages);
    request.tools = std::make_shared<const core::ToolSet>(tool_set({"grow"}));
    const json tool = unmarked(anthropic_body(request))["tools"][0];
    EXPECT_EQ(tool["name"], "grow");
    EXPECT_EQ(tool["description"], "Does \"grow\".");
    EXPECT_EQ(tool["input_schema"]["properties"]["n"]["maximum"], 9007199254740993);
}

TEST(AnthropicRequest, AsksForThoughtInTheWayOfTheModel) {
    EXPECT_TRUE(thinks_adaptively("claude-opus-4-6"));
    EXPECT_TRUE(thinks_adaptively("claude-sonnet-5"));
    EXPECT_TRUE(thinks_adaptively("anthropic/claude-opus-4.7"));
    for (const char* older :
         {"claude-3-7-sonnet-latest", "claude-sonnet-4-20250514", "claude-opus-4-1-20250805",
          "claude-haiku-4-5", "claude-sonnet-4-0", "kimi-k2", "deepseek-chat"})
        EXPECT_FALSE(thinks_adaptively(older)) << older;

    const Messages messages{user("Hi.")};
    core::ProviderRequest request = request_of(messages);
    MessagesRequestParts parts;
    parts.wishes.effort = "minimal";
    parts.wishes.temperature = 0.2;
    request.model = "claude-opus-4-6";
    EXPECT_EQ(anthropic_body(request, parts)["thinking"], json::parse(R"({"type":"adaptive"})"));
    EXPECT_EQ(anthropic_body(request, parts)["output_config"], json::parse(R"({"effort":"low"})"));
    EXPECT_FALSE(anthropic_body(request, parts).contains("temperature"));
    request.model = "claude-haiku-4-5";
    EXPECT_EQ(anthropic_body(request, parts)["thinking"]["budget_tokens"], 2048);
    EXPECT_EQ(anthropic_body(request, parts)["max_tokens"], 8192 + 2048);
    parts.limits.most = 2'500;  // thoughts and answer share what the model can give
    EXPECT_EQ(anthropic_body(request, parts)["max_tokens"], 2'500);
    EXPECT_EQ(anthropic_body(request, parts)["thinking"]["budget_tokens"], 2'500 - 1'024);
    parts.limits.most = 2'000;
    EXPECT_EQ(anthropic_body(request, parts)["max_tokens"], 2'000);
    EXPECT_FALSE(anthropic_body(request, parts).contains("thinking"));
    parts.wishes.effort = "none";
    EXPECT_FALSE(anthropic_body(request, parts).contains("thinking"));
    EXPECT_EQ(anthropic_body(request, parts)["temperature"], 0.2);
}

}  // namespace
}  // namespace assistd::providers
