#include "tools/mcp/message.h"

#include <gtest/gtest.h>

namespace assistd::tools::mcp {
namespace {

using Kind = Incoming::Kind;

Incoming only(std::string_view text) {
    const std::vector<Incoming> all = read_messages(text);
    EXPECT_EQ(all.size(), 1u) << text;
    return all.empty() ? Incoming() : all.front();
}

TEST(McpMessage, EveryKindIsTold) {
    const Incoming result = only(R"({"jsonrpc":"2.0","id":7,"result":{"a":1}})");
    EXPECT_EQ(result.kind, Kind::result);
    EXPECT_EQ(result.id, 7);
    EXPECT_EQ(result.body, Json({{"a", 1}}));
    const Incoming error =
        only(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no","data":[1]}})");
    EXPECT_EQ(error.kind, Kind::error);
    EXPECT_EQ(error.code, invalid_params);
    EXPECT_EQ(error.text, "no");
    EXPECT_EQ(error.body, Json({1}));
    const Incoming request = only(R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
    EXPECT_EQ(request.kind, Kind::request);
    EXPECT_EQ(request.id, "a");
    const Incoming notification = only(R"({"jsonrpc":"2.0","method":"x","params":{"b":2}})");
    EXPECT_EQ(notification.kind, Kind::notification);
    EXPECT_EQ(notification.body.at("b"), 2);
}

TEST(McpMessage, AnErrorThatIsATextIsOne) {
    const Incoming error = only(R"({"jsonrpc":"2.0","id":7,"error":"No such thing."})");
    EXPECT_EQ(error.kind, Kind::error);
    EXPECT_EQ(error.id, 7);
    EXPECT_EQ(error.text, "No such thing.");
}

TEST(McpMessage, AReplyThatIsNestedTooDeeplyFailsItsRequest) {
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    const Incoming failed = only(R"({"jsonrpc":"2.0","result":)" + deep + R"(,"id":7})");
    EXPECT_EQ(failed.kind, Kind::error);
    EXPECT_EQ(failed.id, 7);
    EXPECT_EQ(failed.text, "its answer is nested more than 64 levels deep");
    EXPECT_TRUE(read_messages(R"({"jsonrpc":"2.0","method":"x","id":7,"params":)" + deep + "}").empty());
    EXPECT_TRUE(read_messages(deep).empty());
}

TEST(McpMessage, WhatIsNoneIsNone) {
    for (const std::string_view text :
         {"", " ", "hello", "{", "null", "12", "[]", "\"x\"", "{}", R"({"id":1,"result":{}})",
          R"({"jsonrpc":"1.0","id":1,"result":{}})", R"({"jsonrpc":"2.0","id":1})",
          R"({"jsonrpc":"2.0","id":1,"error":7})", R"({"jsonrpc":2,"id":1,"result":{}})", "\xff\xfe"})
        EXPECT_TRUE(read_messages(text).empty()) << text;
    const std::string deep(5'000, '[');
    EXPECT_TRUE(read_messages(deep + std::string(5'000, ']')).empty());
}

TEST(McpMessage, ABatchIsSeveral) {
    const auto all =
        read_messages(R"([{"jsonrpc":"2.0","id":1,"result":1},7,{"jsonrpc":"2.0","method":"x"}])");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[1].method, "x");
}

TEST(McpMessage, BytesThatAreNoTextAreReplaced) {
    const Incoming result = only("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\xff\\ud800z\"}");
    EXPECT_EQ(result.body, "a\uFFFD\uFFFDz");
}

TEST(McpMessage, WhatIsWrittenIsOneLine) {
    const std::string text = request_text(3, "tools/call", {{"text", "one\ntwo\xff"}});
    EXPECT_EQ(text.find('\n'), std::string::npos);
    const Json back = Json::parse(text);
    EXPECT_EQ(back.at("id"), 3);
    EXPECT_EQ(back.at("params").at("text"), "one\ntwo\uFFFD");
    EXPECT_FALSE(Json::parse(notification_text("x", Json())).contains("params"));
    EXPECT_EQ(Json::parse(error_text("a", -1, "no")).at("error").at("code"), -1);
}

}  // namespace
}  // namespace assistd::tools::mcp
