#include "api/openai/handed_out_calls.h"

namespace assistd::api::openai {
namespace {

std::vector<core::Message> exchange(const std::vector<std::string>& calls, std::size_t bytes = 10) {
    core::Message reply;
    reply.role = core::Role::assistant;
    reply.blocks.emplace_back(core::ThinkingBlock{std::string(bytes, 'x'), "seal", "main", ""});
    for (const std::string& call : calls) reply.blocks.emplace_back(core::ToolCallBlock{call, "ask", "{}"});
    return {reply};
}

TEST(HandedOutCalls, AreFoundByAnyOfThemAndByTheirOwnerAlone) {
    HandedOutCalls calls;
    calls.put("alice", exchange({"a", "b"}));
    EXPECT_EQ(calls.find("alice", "a").size(), 1u);
    EXPECT_EQ(calls.find("alice", "b").size(), 1u);
    EXPECT_TRUE(calls.find("alice", "c").empty());
    EXPECT_TRUE(calls.find("bob", "a").empty());
}

TEST(HandedOutCalls, TheOldestGoFirst) {
    HandedOutCalls calls(10'000);
    calls.put("alice", exchange({"a"}, 4'000));
    calls.put("alice", exchange({"b"}, 4'000));
    calls.put("alice", exchange({"c"}, 4'000));
    EXPECT_TRUE(calls.find("alice", "a").empty());
    EXPECT_FALSE(calls.find("alice", "c").empty());
    calls.put("alice", exchange({"huge"}, 20'000));
    EXPECT_TRUE(calls.find("alice", "huge").empty());
    EXPECT_FALSE(calls.find("alice", "c").empty());
}

// Some models number their calls anew in each reply.
TEST(HandedOutCalls, OneWithTheSameIdTakesThePlaceOfTheOther) {
    HandedOutCalls calls(10'000);
    calls.put("alice", exchange({"call_0"}, 100));
    calls.put("alice", exchange({"call_0"}, 3'000));
    calls.put("alice", exchange({"x"}, 3'000));
    calls.put("alice", exchange({"y"}, 1'000));
    const auto found = calls.find("alice", "call_0");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(std::get<core::ThinkingBlock>(found.front().blocks.front()).text.size(), 3'000u);
}

}  // namespace
}  // namespace assistd::api::openai
