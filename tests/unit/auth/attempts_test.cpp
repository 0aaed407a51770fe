// How long somebody has to wait whose logins fail.

#include "auth/attempts.h"

namespace assistd::auth {
namespace {

using namespace std::chrono_literals;

class AttemptsTest : public testing::Test {
  protected:
    Attempts attempts{3, 300s, 4};
    Attempts::Clock::time_point now{1'000'000s};
};

TEST_F(AttemptsTest, LetSoManyFailAndThenWait) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(attempts.wait_of("a", now), std::nullopt) << i;
        attempts.failed("a", now);
    }
    EXPECT_EQ(attempts.wait_of("a", now), 100s);
    EXPECT_EQ(attempts.wait_of("b", now), std::nullopt);
    EXPECT_EQ(attempts.wait_of("a", now + 60s), 40s);
    EXPECT_EQ(attempts.wait_of("a", now + 100s), std::nullopt);
    attempts.failed("a", now + 100s);
    EXPECT_EQ(attempts.wait_of("a", now + 100s), 100s);
    EXPECT_EQ(attempts.wait_of("a", now + 10'000s), std::nullopt);
}

TEST_F(AttemptsTest, ForgetWhatWasNone) {
    for (int i = 0; i < 3; ++i) attempts.failed("a", now);
    attempts.take_back("a");
    EXPECT_EQ(attempts.wait_of("a", now), std::nullopt);
    attempts.failed("a", now);
    EXPECT_NE(attempts.wait_of("a", now), std::nullopt);
    attempts.forget("a");
    EXPECT_EQ(attempts.wait_of("a", now), std::nullopt);
}

TEST_F(AttemptsTest, KeepAFewNamesAndTheWorstOfThem) {
    for (int i = 0; i < 3; ++i) attempts.failed("worst", now);
    for (int i = 0; i < 100; ++i) attempts.failed("name" + std::to_string(i), now);
    EXPECT_EQ(attempts.wait_of("worst", now), 100s);
}

}  // namespace
}  // namespace assistd::auth
