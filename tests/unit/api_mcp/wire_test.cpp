#include "api/mcp/wire.h"

#include <gtest/gtest.h>

namespace assistd::api::mcp {
namespace {

TEST(Wire, TheThreeKindsOfMessages) {
    using Kind = Message::Kind;
    EXPECT_EQ(read_message(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").kind, Kind::request);
    EXPECT_EQ(read_message(R"({"jsonrpc":"2.0","id":"1","method":"ping","params":null})").kind,
              Kind::request);
    EXPECT_EQ(read_message(R"({"jsonrpc":"2.0","method":"ping"})").kind, Kind::notification);
    const Message good = read_message(R"({"jsonrpc":"2.0","id":"a","result":{"x":1}})");
    EXPECT_EQ(good.kind, Kind::response);
    EXPECT_EQ(good.result, Json::parse(R"({"x":1})"));
    EXPECT_TRUE(read_message(R"({"jsonrpc":"2.0","id":"a","error":{"code":1}})").result.is_null());
}

TEST(Wire, WhatIsNoUtf8IsReplaced) {
    EXPECT_EQ(to_text(Json("a\xff")), "\"a\xef\xbf\xbd\"");
}

TEST(Wire, MembersOfWhatIsNoObjectAreNothing) {
    EXPECT_TRUE(member(Json(3), "x").is_null());
    EXPECT_TRUE(member(Json::array(), "x").is_null());
    EXPECT_EQ(member(Json::parse(R"({"x":1})"), "x"), 1);
}

}  // namespace
}  // namespace assistd::api::mcp
