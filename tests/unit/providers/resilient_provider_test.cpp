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
        if (!thought.empty()) request.thoughts(thought);
        if (!told.empty()) sink(told);
        if (!failures.empty()) {
            const UpstreamError failure = failures.front();
            failures.erase(failures.begin());
            if (request.lost_usage) request.lost_usage(lost);
            throw ProviderError(code_of(failure), name_ + " " + failure.what() + ".", failure);
        }
        core::ProviderReply reply;
        reply.blocks.push_back(core::TextBlock{name_});
        co_return reply;
    }

    std::vector<UpstreamError> failures;
    std::string thought;
    std::string told;
    core::Usage lost;
    std::vector<std::string> models;

  private:
    static ErrorCode code_of(const UpstreamError& failure) {
        if (failure.fault == UpstreamFault::context) return ErrorCode::context_too_long;
        return failure.status == 429 ? ErrorCode::rate_limited : ErrorCode::provider_failed;
    }

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
        ResilientProvider provider({{first, first_breaker, "first", "one", price, limits},
                                    {second, second_breaker, "second", "two", {}, limits}});
        core::ProviderRequest request;
        request.stop = stop.get_token();
        request.deadline = deadline;
        request.lost_usage = [this](const core::Usage& usage) { lost += usage; };
        request.thoughts = [this](std::string_view text) { thoughts += text; };
        const core::TextSink sink = [](std::string_view) {};
        try {
            const core::ProviderReply reply = io.run(provider.generate(request, sink));
            return std::get<core::TextBlock>(reply.blocks.at(0)).text;
        } catch (const Error& error) {
            failed_as = error.code();
            wait = error.retry_after();
            return error.what();
        }
    }

    test::IoThreads io;
    std::shared_ptr<FailingProvider> first = std::make_shared<FailingProvider>("first");
    std::shared_ptr<FailingProvider> second = std::make_shared<FailingProvider>("second");
    std::shared_ptr<CircuitBreaker> first_breaker = std::make_shared<CircuitBreaker>();
    std::shared_ptr<CircuitBreaker> second_breaker = std::make_shared<CircuitBreaker>();
    RetryLimits limits{.attempts = 3, .first_wait = 1ms, .longest_wait = 2ms, .longest_retry_after = 60s};
    std::optional<ModelPrice> price;
    std::string thoughts;
    core::Usage lost;
    ErrorCode failed_as = ErrorCode::internal;
    std::optional<std::chrono::seconds> wait;
    std::stop_source stop;
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
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

// Who reads the thoughts sees them live; the reply itself is still whole when it is asked for again.
TEST_F(ResilientProviderTest, AThoughtDoesNotBind) {
    first->thought = "Hm. ";
    first->failures = {UpstreamError(UpstreamFault::connection, "hung up")};
    EXPECT_EQ(ask(), "first");
    EXPECT_EQ(thoughts, "Hm. Hm. ");
    first->told = "Said";
    first->failures = {UpstreamError(UpstreamFault::connection, "hung up")};
    EXPECT_THAT(ask(), testing::HasSubstr("hung up"));
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

TEST_F(ResilientProviderTest, NoWaitGoesBeyondTheCallersTime) {
    UpstreamError later = status(429);
    later.retry_after = 30s;
    first->failures = {later};
    second->failures = {later};
    deadline = std::chrono::steady_clock::now() + 20s;
    EXPECT_THAT(ask(), testing::HasSubstr("first answered 429"));
    EXPECT_EQ(failed_as, ErrorCode::rate_limited);
    EXPECT_EQ(wait, 30s);
    EXPECT_EQ(first->models.size() + second->models.size(), 2u);
}

TEST_F(ResilientProviderTest, TheFailuresOfAllAreTold) {
    limits.attempts = 1;
    first->failures = {status(500)};
    second->failures = {status(401)};
    EXPECT_EQ(ask(), "No model could answer. first answered 500. second answered 401.");
    EXPECT_EQ(failed_as, ErrorCode::provider_failed);
    EXPECT_FALSE(wait);

    // Each of them in short.
    first->failures = {UpstreamError(UpstreamFault::connection, std::string(1'000, 'x'))};
    second->failures = {status(401)};
    EXPECT_LT(ask().size(), 320u);

    // The wait is the shorter one, the code that of the last.
    UpstreamError long_wait = status(500), short_wait = status(429);
    long_wait.retry_after = 2h;
    short_wait.retry_after = 90min;
    first->failures = {long_wait};
    second->failures = {short_wait};
    EXPECT_EQ(ask(), "No model could answer. first answered 500. second answered 429.");
    EXPECT_EQ(failed_as, ErrorCode::rate_limited);
    EXPECT_EQ(wait, 90min);

    // What needs another prompt is still known as such.
    first->failures = {status(500)};
    second->failures = {UpstreamError(UpstreamFault::context, "says that the prompt is too long")};
    EXPECT_THAT(ask(), testing::HasSubstr("first answered 500. second says"));
    EXPECT_EQ(failed_as, ErrorCode::context_too_long);
}

TEST_F(ResilientProviderTest, AnEmptyReplyIsAskedForOnceMore) {
    const UpstreamError empty(UpstreamFault::empty, "sent an empty reply");
    first->failures = {empty};
    EXPECT_EQ(ask(), "first");
    EXPECT_EQ(first->models.size(), 2u);
    first->failures = {empty, empty, empty};
    EXPECT_EQ(ask(), "second");
    EXPECT_EQ(first->models.size(), 4u);
    EXPECT_EQ(first_breaker->failures_in_a_row(), 0);  // nor is it an illness
}

TEST_F(ResilientProviderTest, WhatFailedAttemptsHadCostIsToldWithItsPrice) {
    price = ModelPrice{.input = 2, .output = 10};
    first->lost.prompt_tokens = 1'000'000;
    first->failures = {status(500), status(500)};
    EXPECT_EQ(ask(), "first");
    EXPECT_EQ(lost.prompt_tokens, 2'000'000);
    EXPECT_DOUBLE_EQ(lost.cost, 4);
}

TEST(CostOf, KnowsWhatWasReadFromACacheAndWrittenToIt) {
    const ModelPrice price{.input = 4, .cached_input = 1, .cache_write = 5, .output = 20};
    core::Usage usage;
    usage.prompt_tokens = 1'000'000;
    usage.completion_tokens = 100'000;
    EXPECT_DOUBLE_EQ(cost_of(usage, price), 6);
    usage.cached_tokens = 500'000;
    usage.cache_write_tokens = 400'000;
    EXPECT_DOUBLE_EQ(cost_of(usage, price), 0.4 + 0.5 + 2 + 2);
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
    EXPECT_THAT(ask(), testing::HasSubstr("is left alone for 3600 s. second answered 401."));
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
