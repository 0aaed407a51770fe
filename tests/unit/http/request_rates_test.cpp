// Requests of a minute, at a time that the test sets.

#include "http/request_rates.h"

#include <gmock/gmock.h>

namespace assistd::http {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class RequestRatesTest : public testing::Test {
  protected:
    static LimitFigures rate(int per_minute, int burst) {
        LimitFigures figures;
        figures.requests_per_minute = per_minute;
        figures.burst = burst;
        return figures;
    }
    static Identity who(const std::string& user, const std::string& key = {}) {
        return {user, {.admin = false, .scopes = every_scope, .credential = key}};
    }
    RequestRates& rates() {
        if (!rates_)
            rates_ = std::make_unique<RequestRates>(
                std::make_shared<const LimitRules>(config_),
                [](const std::string& user) {
                    return user == "carol" ? std::vector<std::string>{"staff"} : std::vector<std::string>();
                },
                [this] { return now_; });
        return *rates_;
    }
    int let_in(const Identity& identity, int times) {
        int in = 0;
        for (int i = 0; i < times; ++i) in += rates().take_of_user(identity).refusal ? 0 : 1;
        return in;
    }
    int let_in_from(const std::string& address, int times) {
        int in = 0;
        for (int i = 0; i < times; ++i)
            in += rates().take_of_address(limited_address(address)).refusal ? 0 : 1;
        return in;
    }

    LimitsConfig config_;
    RequestRates::Instant now_{1'000h};
    std::unique_ptr<RequestRates> rates_;
};

TEST_F(RequestRatesTest, ABurstPassesAndThenAsManyAsTheRateSays) {
    config_.users = {{{}, rate(60, 5)}};
    EXPECT_EQ(let_in(who("alice"), 20), 5);
    EXPECT_EQ(let_in(who("bob"), 20), 5) << "each has a bucket of his own";
    now_ += 999ms;
    EXPECT_EQ(let_in(who("alice"), 3), 0);
    now_ += 1ms;
    EXPECT_EQ(let_in(who("alice"), 3), 1);
    now_ += 3s;
    EXPECT_EQ(let_in(who("alice"), 20), 3);
    now_ += 1h;
    EXPECT_EQ(let_in(who("alice"), 20), 5) << "no more than a burst is saved up";
    int in = 0;
    for (int i = 0; i < 600; ++i, now_ += 100ms) in += let_in(who("alice"), 1);
    EXPECT_EQ(in, 60) << "who does not listen gets what the rate says";
}

TEST_F(RequestRatesTest, ARefusalSaysWhenAndWhatIsLeft) {
    config_.users = {{{}, rate(60, 3)}};
    auto taken = rates().take_of_user(who("alice"));
    ASSERT_EQ(taken.left.size(), 1u);
    EXPECT_EQ(taken.left[0].whose, "user");
    EXPECT_EQ(taken.left[0].limit, 60);
    EXPECT_EQ(taken.left[0].remaining, 2);
    EXPECT_EQ(taken.left[0].reset, 1s);
    rates().take_of_user(who("alice"));
    rates().take_of_user(who("alice"));
    now_ += 250ms;
    taken = rates().take_of_user(who("alice"));
    ASSERT_TRUE(taken.refusal);
    EXPECT_EQ(taken.refusal->code(), ErrorCode::rate_limited);
    EXPECT_EQ(taken.refusal->retry_after(), 1s);
    EXPECT_STREQ(taken.refusal->what(),
                 "This user may make 60 requests a minute, and 3 at once; try again in 1 s.");
    EXPECT_EQ(taken.left[0].remaining, 0);
    EXPECT_EQ(taken.left[0].reset, 2750ms);
    EXPECT_EQ(rates().left(who("alice"), "")[0].remaining, 0) << "looking takes nothing";
    EXPECT_EQ(rates().refused().user, 1u);
}

TEST_F(RequestRatesTest, ARateBelowOneAMinuteOfTheLimitWaitsLong) {
    config_.users = {{{}, rate(1, 1)}};
    EXPECT_EQ(let_in(who("alice"), 2), 1);
    EXPECT_EQ(rates().take_of_user(who("alice")).refusal->retry_after(), 60s);
    now_ += 60s;
    EXPECT_EQ(let_in(who("alice"), 2), 1);
}

TEST_F(RequestRatesTest, AKeyHasItsOwnLimitBelowThatOfItsUser) {
    config_.users = {{{{}, {"staff"}}, rate(0, 1)}, {{}, rate(60, 10)}};
    config_.keys = {{{}, rate(60, 4)}};
    EXPECT_EQ(let_in(who("alice", "key_1"), 20), 4);
    EXPECT_EQ(rates().refused().key, 16u);
    EXPECT_EQ(let_in(who("alice", "key_2"), 20), 4);
    EXPECT_EQ(let_in(who("alice", "key_3"), 20), 2) << "what keys refuse takes nothing of the user's";
    EXPECT_EQ(let_in(who("carol"), 50), 50) << "without a key, and without a limit by her role";
}

TEST_F(RequestRatesTest, AddressesAreClients) {
    config_.addresses = {{{"10.0.0.0/8"}, rate(0, 1)}, {{}, rate(60, 4)}};
    EXPECT_EQ(let_in_from("192.0.2.1", 20), 4);
    EXPECT_EQ(let_in_from("::ffff:192.0.2.1", 20), 0) << "the same one in other words";
    EXPECT_EQ(let_in_from("10.1.2.3", 50), 50);
    EXPECT_EQ(let_in_from("2001:db8:1:2::1", 3) + let_in_from("2001:db8:1:2:3:4:5:6", 3), 4)
        << "one network is one client";
    EXPECT_EQ(let_in_from("2001:db8:1:3::1", 20), 4);
}

TEST_F(RequestRatesTest, FullBucketsAreForgottenAndAFloodOfAddressesFillsNothing) {
    config_.addresses = {{{}, rate(60, 2)}};
    for (int i = 0; i < 100'000; ++i, now_ += 10ms) let_in_from("10." + std::to_string(i), 1);
    EXPECT_LT(rates().buckets(), 3'000u);
    for (int i = 0; i < 300'000; ++i) let_in_from("20." + std::to_string(i), 1);
    EXPECT_LT(rates().buckets(), 205'000u);
    EXPECT_EQ(let_in_from("20.1", 5), 1) << "those that were there keep theirs";
    EXPECT_EQ(let_in_from("30.1", 5), 0) << "those that come new share one, which is used up";
    now_ += 1h;
    EXPECT_EQ(let_in_from("30.1", 5), 2);
    EXPECT_LT(rates().buckets(), 10u);
}

TEST_F(RequestRatesTest, OtherRulesCountWhatWasUsed) {
    config_.users = {{{}, rate(600, 600)}};
    EXPECT_EQ(let_in(who("alice"), 700), 600);
    config_.users = {{{}, rate(60, 5)}};
    rates().change(std::make_shared<const LimitRules>(config_));
    EXPECT_EQ(let_in(who("alice"), 10), 0);
    now_ += 5s;
    EXPECT_EQ(let_in(who("alice"), 10), 5) << "and no more than a new burst has to be waited for";
    rates().change(std::make_shared<const LimitRules>(LimitsConfig()));
    EXPECT_EQ(let_in(who("alice"), 50), 50);
}

}  // namespace
}  // namespace assistd::http
