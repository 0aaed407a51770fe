#include "providers/resilient_provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <random>

#include "base/error.h"
#include "base/logging.h"
#include "base/pause.h"
#include "base/span.h"
#include "providers/error_text.h"

namespace assistd::providers {

using std::chrono::milliseconds;
using Clock = CircuitBreaker::Clock;

namespace {

constexpr std::size_t one_of_several = 240;  // bytes about each model of a chain that failed

// Whether it tells that the server is ill. Too many requests and a wrong key are no illness.
bool is_illness(const UpstreamError& failure) {
    switch (failure.fault) {
        case UpstreamFault::connection:
        case UpstreamFault::timeout:
        case UpstreamFault::reply:
            return true;
        case UpstreamFault::status:
            return failure.status >= 500 || failure.status == 408;
        default:
            return false;
    }
}

// Whether another model may do better.
bool another_may_help(const UpstreamError& failure) {
    return failure.fault != UpstreamFault::cancelled && failure.fault != UpstreamFault::context;
}

// A model that has nothing to say will hardly find something the third time.
int most_attempts(const UpstreamError& failure, const RetryLimits& limits) {
    return failure.fault == UpstreamFault::empty ? std::min(limits.attempts, 2) : limits.attempts;
}

double random_part() {
    thread_local std::minstd_rand engine(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(engine);
}

// How long to wait before the same model is asked once more; nothing: it is not asked again.
std::optional<milliseconds> time_before_next(const UpstreamError& failure, const RetryLimits& limits,
                                             int attempt) {
    if (!may_pass(failure) || failure.retry_after > limits.longest_retry_after) return std::nullopt;
    const milliseconds own = wait_before_next(limits, attempt, random_part());
    return std::max(own, failure.retry_after.value_or(milliseconds(0)));
}

using FailurePtr = std::shared_ptr<const ProviderError>;

// Null when the candidate may be asked.
FailurePtr refusal_of(const Candidate& candidate) {
    const auto pause = candidate.breaker->asked(Clock::now());
    if (!pause) return nullptr;
    UpstreamError cause(UpstreamFault::busy, "is left alone for a while, since it kept failing");
    cause.retry_after = pause;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*pause);
    auto refusal = std::make_shared<ProviderError>(
        ErrorCode::unavailable,
        fmt::format("The provider \"{}\" kept failing and is left alone for {} s.", candidate.provider_name,
                    seconds.count()),
        cause);
    refusal->with_retry_after(seconds);
    return refusal;
}

// With the code of the last one, a sentence about each, and the time after which the first may be asked.
[[noreturn]] void throw_failure(const std::vector<FailurePtr>& failures) {
    const ProviderError& last = *failures.back();
    if (failures.size() == 1 || last.cause().fault == UpstreamFault::cancelled) throw ProviderError(last);
    std::string sentences = "No model could answer.";
    std::optional<milliseconds> soonest;
    for (const FailurePtr& one : failures) {
        sentences += " " + excerpt(one->what(), one_of_several);
        const std::optional<milliseconds>& wait = one->cause().retry_after;
        if (wait && (!soonest || *wait < *soonest)) soonest = wait;
    }
    Error error(last.code(), sentences);
    if (soonest) error.with_retry_after(std::chrono::ceil<std::chrono::seconds>(*soonest));
    throw Error(error);
}

std::string_view word_of(UpstreamFault fault) {
    switch (fault) {
        case UpstreamFault::connection:
            return "connection";
        case UpstreamFault::timeout:
            return "timeout";
        case UpstreamFault::status:
            return "status";
        case UpstreamFault::reply:
            return "reply";
        case UpstreamFault::cancelled:
            return "cancelled";
        case UpstreamFault::context:
            return "context";
        case UpstreamFault::empty:
            return "empty";
        case UpstreamFault::busy:
            return "busy";
    }
    return "unknown";
}

// After OpenTelemetry's conventions for generative AI. What was said is nobody's business.
void describe(const Candidate& candidate, const core::ProviderRequest& request, Span& span) {
    span.set("gen_ai.operation.name", "chat");
    span.set("gen_ai.provider.name", candidate.kind);
    span.set("gen_ai.request.model", candidate.model);
    if (!request.conversation.is_nil()) span.set("gen_ai.conversation.id", request.conversation.text());
    span.set("assistd.provider", candidate.provider_name);
    if (request.wishes.temperature) span.set("gen_ai.request.temperature", *request.wishes.temperature);
    if (request.wishes.max_tokens)
        span.set("gen_ai.request.max_tokens", std::int64_t{*request.wishes.max_tokens});
    const std::string_view url = candidate.base_url;
    const std::size_t host = url.find("://");
    if (host == std::string_view::npos) return;
    const std::string_view authority = url.substr(host + 3, url.find('/', host + 3) - host - 3);
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    span.set("server.address", std::string(authority.substr(0, has_port ? colon : authority.size())));
    const int port = has_port ? std::atoi(std::string(authority.substr(colon + 1)).c_str()) : 0;
    span.set("server.port", std::int64_t{port > 0 ? port : url.starts_with("https") ? 443 : 80});
}

void describe(const core::ProviderReply& reply, Span& span) {
    if (!reply.model.empty()) span.set("gen_ai.response.model", reply.model);
    span.set("gen_ai.response.finish_reasons", std::vector<std::string>{reply.finish_reason});
    span.set("gen_ai.usage.input_tokens", reply.usage.prompt_tokens);
    span.set("gen_ai.usage.output_tokens", reply.usage.completion_tokens);
}

void say_who_answered(core::ProviderReply& reply, const Candidate& candidate) {
    reply.answered_provider = candidate.provider_name;
    reply.answered_model = candidate.model;
    if (candidate.price) reply.usage.cost = cost_of(reply.usage, *candidate.price);
}

Task<void> wait(milliseconds time, std::stop_token stop) {
    co_await pause(time, stop);
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "The request was cancelled.");
}

}  // namespace

double cost_of(const core::Usage& usage, const ModelPrice& price) {
    const auto priced = [](std::int64_t tokens, double dollars) {
        return static_cast<double>(tokens) * dollars / 1e6;
    };
    const std::int64_t fresh = usage.prompt_tokens - usage.cached_tokens - usage.cache_write_tokens;
    return priced(fresh, price.input) + priced(usage.cached_tokens, price.cached_input) +
           priced(usage.cache_write_tokens, price.cache_write) +
           priced(usage.completion_tokens, price.output);
}

bool may_pass(const UpstreamError& failure) {
    switch (failure.fault) {
        case UpstreamFault::connection:
        case UpstreamFault::reply:
        case UpstreamFault::empty:
            return true;
        case UpstreamFault::status:
            return failure.status == 408 || failure.status == 409 || failure.status == 429 ||
                   failure.status >= 500;
        default:
            return false;
    }
}

milliseconds wait_before_next(const RetryLimits& limits, int attempt, double random) {
    milliseconds longest = limits.first_wait;
    for (int i = 1; i < attempt && longest < limits.longest_wait; ++i) longest *= 2;
    longest = std::min(longest, limits.longest_wait);
    return std::chrono::ceil<milliseconds>(longest * (0.5 + 0.5 * random));
}

// How one request went: a reply, or why there is none.
struct ResilientProvider::Attempt {
    std::optional<core::ProviderReply> reply;
    FailurePtr failure;
    bool told = false;  // a piece of text
};

Task<core::ProviderReply> ResilientProvider::generate(const core::ProviderRequest& request,
                                                      core::TextSink sink) {
    std::vector<FailurePtr> failures;
    int asked = 0;
    for (const Candidate& candidate : chain_) {
        Attempt attempt = co_await ask_until_it_works(candidate, request, sink, asked);
        if (attempt.reply) co_return std::move(*attempt.reply);
        failures.push_back(std::move(attempt.failure));
        const ProviderError& failure = *failures.back();
        if (attempt.told || !another_may_help(failure.cause())) break;
        if (&candidate != &chain_.back())
            log::warn("model {}:{} failed, the next one is asked: {}", candidate.provider_name,
                      candidate.model, failure.what());
    }
    throw_failure(failures);
}

Task<ResilientProvider::Attempt> ResilientProvider::ask_until_it_works(const Candidate& candidate,
                                                                       const core::ProviderRequest& request,
                                                                       const core::TextSink& sink,
                                                                       int& asked) {
    for (int number = 1;; ++number) {
        if (FailurePtr refusal = refusal_of(candidate))
            co_return Attempt{.reply = {}, .failure = std::move(refusal)};
        Attempt attempt = co_await ask(candidate, request, sink, asked);
        if (attempt.reply || attempt.told ||
            number >= most_attempts(attempt.failure->cause(), candidate.retry))
            co_return attempt;
        const auto time = time_before_next(attempt.failure->cause(), candidate.retry, number);
        if (!time || Clock::now() + *time >= request.deadline) co_return attempt;
        log::info("model {}:{} is asked again in {} ms: {}", candidate.provider_name, candidate.model,
                  time->count(), attempt.failure->what());
        co_await wait(*time, request.stop);
    }
}

// Once, counted and traced.
Task<ResilientProvider::Attempt> ResilientProvider::ask(const Candidate& candidate,
                                                        const core::ProviderRequest& request,
                                                        const core::TextSink& sink, int& asked) {
    Span span("chat " + candidate.model, SpanKind::client);
    span.enter();
    core::ProviderAttempt count;
    count.provider = candidate.provider_name;
    count.model = candidate.model;
    count.again = asked++ > 0;
    const auto began = Clock::now();
    Attempt attempt = co_await ask_once(candidate, request, sink);
    count.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    count.outcome = attempt.failure ? word_of(attempt.failure->cause().fault) : "success";
    count.status = attempt.failure ? attempt.failure->cause().status : 200;
    meters_->provider_asked(count);
    if (span.records()) {
        describe(candidate, request, span);
        if (attempt.reply) describe(*attempt.reply, span);
        if (attempt.failure) span.failed(count.outcome, attempt.failure->what());
        if (count.status > 0) span.set("http.response.status_code", std::int64_t{count.status});
        if (asked > 1) span.set("http.request.resend_count", std::int64_t{asked - 1});
    }
    co_return attempt;
}

Task<ResilientProvider::Attempt> ResilientProvider::ask_once(const Candidate& candidate,
                                                             const core::ProviderRequest& request,
                                                             const core::TextSink& sink) {
    Attempt attempt;
    core::ProviderRequest its_request = request;
    its_request.model = candidate.model;
    its_request.lost_usage = [&request, &candidate](core::Usage usage) {
        if (candidate.price) usage.cost = cost_of(usage, *candidate.price);
        if (request.lost_usage) request.lost_usage(usage);
    };
    const core::TextSink its_sink = [&attempt, &sink, &candidate](std::string_view text) {
        // Others need not wait for the end of a long reply to learn that the server is well.
        if (!attempt.told) candidate.breaker->succeeded();
        attempt.told = true;
        sink(text);
    };
    // A thought does not bind: a reply that breaks off before it says anything may be asked for again.
    bool thinks = false;
    its_request.thoughts = [&](std::string_view text) {
        if (!std::exchange(thinks, true)) candidate.breaker->succeeded();
        if (request.thoughts) request.thoughts(text);
    };
    try {
        attempt.reply = co_await candidate.provider->generate(its_request, its_sink);
    } catch (const ProviderError& error) {
        attempt.failure = std::make_shared<const ProviderError>(error);
    } catch (...) {
        candidate.breaker->unknown();
        throw;
    }
    if (attempt.reply)
        candidate.breaker->succeeded();
    else if (is_illness(attempt.failure->cause()))
        candidate.breaker->failed(Clock::now(), attempt.failure->cause().retry_after);
    else
        candidate.breaker->unknown();
    if (attempt.reply) say_who_answered(*attempt.reply, candidate);
    co_return attempt;
}

}  // namespace assistd::providers
