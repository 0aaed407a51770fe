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
    std::optional<Error> refusal(const Owner& user, CameBy by = {}) {
        try {
            const Asker asker{user, std::move(by)};
            io_.run(spending_->check(asker));
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
            storage_->usage(), storage_->key_spending(),
            [this](const Asker& asker) {
                return AllowedOfAll{asker.user == "free" ? Allowed() : allowed_,
                                    asker.by.key.empty() ? Allowed() : of_key_,
                                    asker.by.address.empty() ? Allowed() : of_address_};
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
    Allowed of_key_;
    Allowed of_address_;
    std::unique_ptr<Spending> spending_;
};

TEST_F(SpendingTest, TheDayIsUsedUpAndBeginsAnewAtMidnight) {
    spend("alice", 999, 0);
    EXPECT_FALSE(refusal("alice"));
    EXPECT_EQ(spending_->last_known({"alice"}).user->tokens, 999);
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
    EXPECT_EQ(spending_->last_known({"alice"}).user->tokens, 0);
    EXPECT_FALSE(spending_->last_known({"bob"}).user) << "nothing is known of his new day";
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
    EXPECT_FALSE(spending_->last_known({"alice"}).user);
    EXPECT_TRUE(refusal("alice"));
    now_ -= 24h;
    EXPECT_FALSE(refusal("alice")) << "what is spent tomorrow is not spent today";
}

TEST_F(SpendingTest, WhereThereIsNoLimitTheBookIsNotRead) {
    spend("free", 1'000'000, 1'000);
    EXPECT_FALSE(refusal("free"));
    EXPECT_FALSE(spending_->last_known({"free"}).user);
}

TEST_F(SpendingTest, AKeysDayIsKeptOverARestart) {
    of_key_.cost_per_day = 1;
    const Asker asker{"free", {"key_ci", ""}};
    Usage usage;
    usage.prompt_tokens = 10;
    usage.cost = 0.75;
    EXPECT_FALSE(refusal("free", asker.by));
    spending_->spent(asker, usage);
    EXPECT_DOUBLE_EQ(spending_->last_known(asker).key->cost, 0.75);
    open();
    EXPECT_FALSE(refusal("free", asker.by));
    spending_->spent(asker, usage);
    const auto used_up = refusal("free", asker.by);
    ASSERT_TRUE(used_up);
    EXPECT_THAT(used_up->what(), HasSubstr("This key has spent $1.50 of the $1.00"));
    EXPECT_FALSE(refusal("free", {"key_other", ""})) << "each key has its own";
    open();
    EXPECT_TRUE(refusal("free", asker.by));
    now_ += 24h;
    EXPECT_FALSE(refusal("free", asker.by));
}

TEST_F(SpendingTest, AnAddressHasItsDay) {
    of_address_.tokens_per_day = 100;
    const Asker asker{"free", {"", "192.0.2.1"}};
    Usage usage;
    usage.prompt_tokens = 60;
    spending_->spent(asker, usage);
    EXPECT_FALSE(refusal("free", asker.by));
    spending_->spent(asker, usage);
    EXPECT_THAT(refusal("free", asker.by)->what(), HasSubstr("This address has used 120 of the 100 tokens"));
    EXPECT_FALSE(refusal("free", {"", "192.0.2.2"}));
    EXPECT_EQ(io_.run(spending_->today(asker)).address->tokens, 120);
    now_ += 24h;
    EXPECT_FALSE(refusal("free", asker.by));
}

// The book may be a moment behind.
TEST_F(SpendingTest, WhatWasSpentIsNotUnspentByReading) {
    EXPECT_FALSE(refusal("alice"));
    Usage usage;
    usage.prompt_tokens = 600;
    spending_->spent({"alice"}, usage);
    EXPECT_EQ(spending_->last_known({"alice"}).user->tokens, 600);
    EXPECT_FALSE(refusal("alice"));
    EXPECT_EQ(spending_->last_known({"alice"}).user->tokens, 600);
    spend("alice", 600, 0);
    EXPECT_FALSE(refusal("alice"));
    EXPECT_EQ(spending_->last_known({"alice"}).user->tokens, 600) << "and the book's entry is the same again";
}

}  // namespace
}  // namespace assistd::core
