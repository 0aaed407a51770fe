#include "base/async.h"

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

namespace assistd {
namespace {

// Runs a coroutine on a strand of two threads and gives its result.
template <class T>
T run(Task<T> task) {
    asio::thread_pool pool(2);
    auto result = asio::co_spawn(asio::make_strand(pool.get_executor()), std::move(task), asio::use_future);
    return result.get();
}

TEST(OneShot, DeliversFromAnotherThread) {
    asio::thread_pool pool(2);  // outlives the threads that deliver into it
    for (int i = 0; i < 2'000; ++i) {
        const OneShot<int> shot;
        std::thread other([shot, i] { shot.set(i); });
        auto result = asio::co_spawn(asio::make_strand(pool.get_executor()), shot.wait(), asio::use_future);
        EXPECT_EQ(result.get(), i);
        other.join();
    }
}

TEST(OneShot, TheFirstDeliveryWins) {
    const OneShot<std::string> shot;
    EXPECT_TRUE(shot.set("first"));
    EXPECT_FALSE(shot.set("second"));
    EXPECT_FALSE(shot.fail(std::make_exception_ptr(std::runtime_error("late"))));
    EXPECT_EQ(run(shot.wait()), "first");
}

TEST(OneShot, AFailureIsThrownWhereItIsAwaited) {
    const OneShot<> shot;
    shot.fail(std::make_exception_ptr(std::runtime_error("broken")));
    EXPECT_THROW(run(shot.wait()), std::runtime_error);
}

Task<int> wait_for(OneShot<int> shot) {
    co_return co_await shot.wait();
}

TEST(WhenAll, GivesResultsInOrderWhateverEndsFirst) {
    std::vector<OneShot<int>> shots(8);
    std::thread other([&shots] {
        for (int i = 7; i >= 0; --i) shots[static_cast<std::size_t>(i)].set(i);
    });
    std::vector<Task<int>> tasks;
    for (const auto& shot : shots) tasks.push_back(wait_for(shot));
    EXPECT_THAT(run(when_all(std::move(tasks))), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    other.join();
}

TEST(WhenAll, WaitsForAllBeforeItRethrows) {
    const OneShot<int> good;
    const OneShot<int> bad;
    bad.fail(std::make_exception_ptr(std::runtime_error("broken")));
    std::thread other([good] { good.set(1); });
    std::vector<Task<int>> tasks;
    tasks.push_back(wait_for(bad));
    tasks.push_back(wait_for(good));
    EXPECT_THROW(run(when_all(std::move(tasks))), std::runtime_error);
    EXPECT_TRUE(good.done());
    other.join();
}

TEST(WhenAll, OfNothingIsNothing) {
    EXPECT_TRUE(run(when_all(std::vector<Task<int>>{})).empty());
}

}  // namespace
}  // namespace assistd
