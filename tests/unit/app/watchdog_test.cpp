#include "app/watchdog.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <sstream>

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

class WatchdogTest : public testing::Test {
  protected:
    WatchdogTest() {
        for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { io_.run(); });
        before_ = spdlog::default_logger();
        spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink_));
    }
    ~WatchdogTest() override {
        spdlog::set_default_logger(before_);
        work_.reset();
        for (std::thread& thread : threads_) thread.join();
    }

    std::unique_ptr<Watchdog> watch(std::vector<SignOfLife> signs = {},
                                    std::chrono::microseconds limit = 40ms) {
        return std::make_unique<Watchdog>(limit, std::vector<IoThreads>{{io_, threads, "turns"}},
                                          std::move(signs), [this] {
                                              ++told_;
                                              told_.notify_all();
                                          });
    }
    void wait_until_told_again() {
        const int now = told_;
        told_.wait(now);
    }
    // The watchdog says so once, when it has waited for half of its limit; on a busy machine of others as
    // well.
    void wait_until_missed(const std::string& what) {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        const auto is_missed = [&] {
            const std::string said = log();
            const auto names = said.find("no answer from: ");
            return names != std::string::npos && said.find(what, names) < said.find(';', names);
        };
        while (!is_missed()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << log();
            std::this_thread::yield();
        }
    }
    std::string log() {
        sink_->flush();
        const std::lock_guard lock(text_.mutex);
        return text_.text;
    }

    struct Text : std::stringbuf {
        std::mutex mutex;
        std::string text;
        int sync() override {
            const std::lock_guard lock(mutex);
            text = str();
            return 0;
        }
    };

    static constexpr int threads = 3;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = make_work_guard(io_);
    std::vector<std::thread> threads_;
    std::atomic<int> told_ = 0;
    Text text_;
    std::ostream stream_{&text_};
    std::shared_ptr<spdlog::sinks::ostream_sink_mt> sink_ =
        std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_, true);
    std::shared_ptr<spdlog::logger> before_;
};

TEST_F(WatchdogTest, TellsWhileEveryThreadGoesOn) {
    const auto watchdog = watch({}, 4s);  // two of which no machine is busy for
    for (int i = 0; i < 2; ++i) wait_until_told_again();
    EXPECT_EQ(log(), "");
}

TEST_F(WatchdogTest, TellsNothingWhileOneThreadHangs) {
    std::promise<void> hung, go_on;
    boost::asio::post(io_, [&] {
        hung.set_value();
        go_on.get_future().wait();
    });
    hung.get_future().wait();
    const auto watchdog = watch();
    wait_until_missed("turns");
    EXPECT_EQ(told_, 0);
    go_on.set_value();
    wait_until_told_again();
}

TEST_F(WatchdogTest, TellsNothingUntilEachSignIsSeen) {
    std::mutex mutex;
    std::function<void()> late;
    std::atomic<int> looks = 0;
    const auto watchdog = watch({{"the store", [](std::function<void()> seen) { seen(); }},
                                 {"the door", [&](std::function<void()> seen) {
                                      const std::lock_guard lock(mutex);
                                      if (++looks == 1)
                                          late = std::move(seen);
                                      else
                                          seen();
                                  }}});
    wait_until_missed("the door");
    EXPECT_EQ(told_, 0);
    EXPECT_EQ(looks, 1);
    {
        const std::lock_guard lock(mutex);
        late();
    }
    for (int i = 0; i < 3; ++i) wait_until_told_again();
}

TEST_F(WatchdogTest, EndsWhileSomethingIsMissing) {
    std::function<void()> late;
    {
        const auto watchdog =
            watch({{"the door", [&](std::function<void()> seen) { late = std::move(seen); }}});
        wait_until_missed("the door");
    }
    late();  // an answer to nobody
    EXPECT_EQ(told_, 0);
}

}  // namespace
}  // namespace assistd::app
