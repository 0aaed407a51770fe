// What a user may spend on a day of UTC, out of the real usage book, at a time that the test sets.

#include "core/spending.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::core {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class SpendingTest : public testing::Test {
  protected:
    void spend(const Owner& user, std::int64_t tokens, double cost) {
        UsageEntry entry;
        entry.owner = user;
        entry.at = now_;
        entry.purpose = "completion";
        entry.usage.prompt_tokens = tokens - 1;
        entry.usage.completion_tokens = 1;
        entry.usage.cost = cost;
        io_.run(storage_->usage().add(entry).committed());
    }
    std::optional<Error> refusal(const Owner& user) {
        try {
            io_.run(spending_->check(user));
        } catch (const Error& error) {
            return error;
        }
        return std::nullopt;
    }
    void open() {
        spending_.reset();
        storage_.reset();
        storage_ = store::open_store({folder_.path() / "state", false});
        spending_ = std::make_unique<Spending>(
            storage_->usage(),
            [this](const Owner& user) {
                asked_.push_back(user);
                return user == "free" ? Allowed() : allowed_;
            },
            [this] { return now_; });
    }
    void SetUp() override {
        allowed_.tokens_per_day = 1'000;
        allowed_.cost_per_day = 2;
        open();
    }

    test::TempFolder folder_;
    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_;
    Allowed allowed_;
    Timestamp now_ = *parse_iso8601("2026-03-01T22:30:00.000000Z");
    std::vector<Owner> asked_;
    std::unique_ptr<Spending> spending_;
};

TEST_F(SpendingTest, TheDayIsUsedUpAndBeginsAnewAtMidnight) {
    spend("alice", 999, 0);
    EXPECT_FALSE(refusal("alice"));
    EXPECT_EQ(spending_->last_known("alice")->tokens, 999);
    spend("alice", 1, 0);
    const auto used_up = refusal("alice");
    ASSERT_TRUE(used_up);
    EXPECT_EQ(used_up->code(), ErrorCode::rate_limited);
    EXPECT_EQ(used_up->retry_after(), 90min);
    EXPECT_THAT(
        used_up->what(),
        HasSubstr("alice has used 1000 of the 1000 tokens that are allowed a day. It is free again at "
                  "midnight UTC, 2026-03-02T00:00:00.000000Z."));
    EXPECT_FALSE(refusal("bob")) << "each user has his own";
    now_ += 90min;
    EXPECT_FALSE(refusal("alice"));
    EXPECT_EQ(spending_->last_known("alice")->tokens, 0);
    EXPECT_FALSE(spending_->last_known("bob")) << "nothing is known of his new day";
}

TEST_F(SpendingTest, WhatItCostsCountsToo) {
    spend("alice", 10, 1.5);
    EXPECT_FALSE(refusal("alice"));
    spend("alice", 10, 0.75);
    ASSERT_TRUE(refusal("alice"));
    EXPECT_THAT(refusal("alice")->what(), HasSubstr("alice has spent $2.25 of the $2.00"));
}

TEST_F(SpendingTest, ARestartForgetsNothing) {
    spend("alice", 5'000, 0);
    open();
    EXPECT_FALSE(spending_->last_known("alice"));
    EXPECT_TRUE(refusal("alice"));
    now_ -= 24h;
    EXPECT_FALSE(refusal("alice")) << "what is spent tomorrow is not spent today";
}

TEST_F(SpendingTest, WhereThereIsNoLimitTheBookIsNotRead) {
    spend("free", 1'000'000, 1'000);
    EXPECT_FALSE(refusal("free"));
    EXPECT_FALSE(spending_->last_known("free"));
}

}  // namespace
}  // namespace assistd::core
