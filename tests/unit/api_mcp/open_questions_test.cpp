#include "api/mcp/open_questions.h"

#include <gtest/gtest.h>

namespace assistd::api::mcp {
namespace {

TEST(OpenQuestions, AnAnswerCountsOnceForItsUserAndCall) {
    OpenQuestions questions(std::chrono::hours(1));
    const std::string state = questions.ask("alice", "erase a");
    EXPECT_FALSE(questions.take("bob", state, "erase a"));
    EXPECT_FALSE(questions.take("alice", state, "erase b"));
    EXPECT_FALSE(questions.take("alice", state + "x", "erase a"));
    EXPECT_FALSE(questions.take("alice", "", "erase a"));
    EXPECT_TRUE(questions.take("alice", state, "erase a"));
    EXPECT_FALSE(questions.take("alice", state, "erase a"));
}

TEST(OpenQuestions, StatesCannotBeGuessedFromOneAnother) {
    OpenQuestions questions(std::chrono::hours(1));
    const std::string one = questions.ask("alice", "erase");
    const std::string other = questions.ask("alice", "erase");
    EXPECT_EQ(one.size(), 32u);
    EXPECT_NE(one, other);
}

TEST(OpenQuestions, TheyEnd) {
    OpenQuestions questions(std::chrono::seconds(0));
    EXPECT_FALSE(questions.take("alice", questions.ask("alice", "erase"), "erase"));
}

TEST(OpenQuestions, OfOneUserTheNewestAreKept) {
    OpenQuestions questions(std::chrono::hours(1));
    const std::string bobs = questions.ask("bob", "erase");
    const std::string first = questions.ask("alice", "erase");
    const std::string second = questions.ask("alice", "erase");
    for (int i = 0; i < 63; ++i) questions.ask("alice", "erase");
    EXPECT_FALSE(questions.take("alice", first, "erase"));
    EXPECT_TRUE(questions.take("alice", second, "erase"));
    EXPECT_TRUE(questions.take("bob", bobs, "erase"));
}

}  // namespace
}  // namespace assistd::api::mcp
