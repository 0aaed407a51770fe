#include "providers/resilient_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/io_threads.h"

namespace assistd::providers {
namespace {

using namespace std::chrono_literals;

// Fails as the list says, then answers with its name.
class FailingProvider : public core::Provider {
  public:
    explicit FailingProvider(std::string name) : name_(std::move(name)) {}

    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override {
        models.push_back(request.model);
        if (!told.empty()) sink(told);
        if (!failures.empty()) {
            const UpstreamError failure = failures.front();
            failures.erase(failures.begin());
            throw ProviderError(ErrorCode::provider_failed, name_ + " " + failure.what() + ".", failure);
        }
        core::ProviderReply reply;
        reply.blocks.push_back(core::TextBlock{name_});
        co_return reply;
    }

    std::vector<UpstreamError> failures;
    std::string told;
    std::vector<std::string> models;

  private:
    std::string name_;
};

UpstreamError status(int code) {
    UpstreamError error(UpstreamFault::status, "answered " + std::to_string(code));
    error.status = code;
    return error;
}

class ResilientProviderTest : public testing::Test {
  protected:
    // The reply's text, or the error's sentence.
    std::string ask() {
        ResilientProvider provider({{first, first_breaker, "first", "one", {}, limits},
                                    {second, second_breaker, "second", "two", {}, limits}});
        core::ProviderRequest request;
        request.stop = stop.get_token();
        const core::TextSink sink = [](std::string_view) {};
        try {
            const core::ProviderReply reply = io.run(provider.generate(request, sink));
            return std::get<core::TextBlock>(reply.blocks.at(0)).text;
        } catch (const Error& error) {
            return error.what();
        }
    }

    test::IoThreads io;
    std::shared_ptr<FailingProvider> first = std::make_shared<FailingProvider>("first");
    std::shared_ptr<FailingProvider> second = std::make_shared<FailingProvider>("second");
    std::shared_ptr<CircuitBreaker> first_breaker = std::make_shared<CircuitBreaker>();
    std::shared_ptr<CircuitBreaker> second_breaker = std::make_shared<CircuitBreaker>();
    RetryLimits limits{.attempts = 3, .first_wait = 1ms, .longest_wait = 2ms, .longest_retry_after = 60s};
    std::stop_source stop;
};

TEST_F(ResilientProviderTest, WhatMayPassIsAskedAgain) {
    for (const int code : {408, 409, 429, 500, 502, 503, 504, 529}) {
        first->failures = {status(code), status(code)};
        first->models.clear();
        EXPECT_EQ(ask(), "first") << code;
        EXPECT_THAT(first->models, testing::ElementsAre("one", "one", "one")) << code;
    }
    first->failures = {UpstreamError(UpstreamFault::connection, "hung up")};
    EXPECT_EQ(ask(), "first");
    EXPECT_TRUE(second->models.empty());
}

TEST_F(ResilientProviderTest, WhatWillNotPassGoesToTheNextAtOnce) {
    for (const int code : {400, 401, 403, 404}) {
        first->failures = {status(code)};
        first->models.clear();
        EXPECT_EQ(ask(), "second") << code;
        EXPECT_EQ(first->models.size(), 1u) << code;
        EXPECT_EQ(second->models.back(), "two");
    }
}

TEST_F(ResilientProviderTest, TheLastFailureIsTold) {
    limits.attempts = 1;
    first->failures = {status(500)};
    second->failures = {status(401)};
    EXPECT_EQ(ask(), "second answered 401.");
}

TEST_F(ResilientProviderTest, NothingIsAskedAgainOnceTextWasTold) {
    first->told = "Half";
    first->failures = {status(500)};
    EXPECT_EQ(ask(), "first answered 500.");
    EXPECT_EQ(first->models.size(), 1u);
    EXPECT_TRUE(second->models.empty());
}

TEST_F(ResilientProviderTest, APromptThatIsTooLongIsTooLongForAll) {
    first->failures = {UpstreamError(UpstreamFault::context, "says that the prompt is too long")};
    EXPECT_EQ(ask(), "first says that the prompt is too long.");
    EXPECT_TRUE(second->models.empty());
}

TEST_F(ResilientProviderTest, AServerThatWantsAnHourIsNotWaitedFor) {
    UpstreamError busy = status(429);
    busy.retry_after = 1h;
    first->failures = {busy};
    EXPECT_EQ(ask(), "second");
    EXPECT_EQ(first->models.size(), 1u);
}

TEST_F(ResilientProviderTest, RetryAfterIsWaitedFor) {
    UpstreamError busy = status(429);
    busy.retry_after = 60ms;
    first->failures = {busy};
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(ask(), "first");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 60ms);
}

TEST_F(ResilientProviderTest, ACancelEndsTheWaiting) {
    UpstreamError busy = status(429);
    busy.retry_after = 50s;
    first->failures = {busy};
    stop.request_stop();
    EXPECT_EQ(ask(), "The request was cancelled.");
}

TEST_F(ResilientProviderTest, AnIllServerIsLeftAlone) {
    first_breaker = std::make_shared<CircuitBreaker>(BreakerLimits{.failures = 2, .pause = 1h});
    first->failures = {status(500), status(500), status(500)};
    EXPECT_EQ(ask(), "second");
    EXPECT_EQ(first->models.size(), 2u);
    EXPECT_EQ(ask(), "second");
    EXPECT_EQ(first->models.size(), 2u);
    // A refusal is no illness.
    second->failures = {status(401)};
    EXPECT_EQ(ask(), "second answered 401.");
    EXPECT_EQ(second_breaker->failures_in_a_row(), 0);
}

TEST(WaitBeforeNext, DoublesUpToTheLongestAtRandom) {
    const RetryLimits limits;
    EXPECT_EQ(wait_before_next(limits, 1, 1), 500ms);
    EXPECT_EQ(wait_before_next(limits, 1, 0), 250ms);
    EXPECT_EQ(wait_before_next(limits, 3, 1), 2'000ms);
    EXPECT_EQ(wait_before_next(limits, 60, 1), 8'000ms);
}

}  // namespace
}  // namespace assistd::providers
