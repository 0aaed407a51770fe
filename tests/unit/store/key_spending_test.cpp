// What keys spend on a day.

#include "core/key_spending.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using std::chrono::days;

class KeySpendingTest : public StoreTest {
  protected:
    void add(const std::string& key, std::chrono::sys_days day, std::int64_t tokens, double cost) {
        commit(storage_->key_spending().add(key, "local", day, {tokens, cost}));
    }
    core::SpentToday of(const std::string& key, std::chrono::sys_days day) {
        return run(storage_->key_spending().of(key, day));
    }
    const std::chrono::sys_days today_{days(20'000)};
};

TEST_F(KeySpendingTest, EachKeyAndDayHasItsSum) {
    add("a", today_, 10, 0.5);
    add("a", today_, 5, 0.25);
    add("b", today_, 1, 0);
    add("a", today_ + days(1), 7, 0);
    EXPECT_EQ(of("a", today_).tokens, 15);
    EXPECT_DOUBLE_EQ(of("a", today_).cost, 0.75);
    EXPECT_EQ(of("b", today_).tokens, 1);
    EXPECT_EQ(of("a", today_ + days(1)).tokens, 7);
    EXPECT_EQ(of("c", today_).tokens, 0);
}

TEST_F(KeySpendingTest, WhatIsLongAgoIsForgotten) {
    add("a", today_, 10, 0);
    add("b", today_ + days(7), 1, 0);
    EXPECT_EQ(of("a", today_).tokens, 10);
    add("b", today_ + days(60), 1, 0);
    EXPECT_EQ(of("a", today_).tokens, 0);
    EXPECT_EQ(of("b", today_ + days(60)).tokens, 1);
}

}  // namespace
}  // namespace assistd::store
