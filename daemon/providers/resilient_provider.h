#pragma once
// Asks a model, and when its server fails asks again, and when that does not help asks the next model of the
// chain. Never after the first piece of text was told. Made for each choice of a model; any thread.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/config.h"
#include "core/meters.h"
#include "core/ports.h"
#include "providers/circuit_breaker.h"
#include "providers/provider_error.h"

namespace assistd::providers {

// One model of the chain.
struct Candidate {
    std::shared_ptr<core::Provider> provider;
    std::shared_ptr<CircuitBreaker> breaker;
    std::string provider_name;
    std::string model;
    std::optional<ModelPrice> price = {};  // what its replies cost
    RetryLimits retry = {};
    std::string kind = {};      // openai, anthropic, ollama, offline
    std::string base_url = {};  // empty: it has no server
};

class ResilientProvider : public core::Provider {
  public:
    // `chain` is not empty; the first one is the one that was asked for.
    explicit ResilientProvider(std::vector<Candidate> chain,
                               std::shared_ptr<core::Meters> meters = std::make_shared<core::Meters>())
        : chain_(std::move(chain)), meters_(std::move(meters)) {}

    // When none answers: an error with the code of the last one that was asked and a sentence about each;
    // Error{unavailable} when none may be asked at the moment.
    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    struct Attempt;

    Task<Attempt> ask_until_it_works(const Candidate& candidate, const core::ProviderRequest& request,
                                     const core::TextSink& sink, int& asked);
    // `asked` counts the requests for this answer, whoever is asked.
    Task<Attempt> ask(const Candidate& candidate, const core::ProviderRequest& request,
                      const core::TextSink& sink, int& asked);
    Task<Attempt> ask_once(const Candidate& candidate, const core::ProviderRequest& request,
                           const core::TextSink& sink);

    const std::vector<Candidate> chain_;
    const std::shared_ptr<core::Meters> meters_;
};

// US dollars. What was read from a cache and what was written to one are parts of the prompt.
double cost_of(const core::Usage& usage, const ModelPrice& price);

// Whether the same request may well succeed a moment later.
bool may_pass(const UpstreamError& failure);

// Twice as long each time, at random between the half and the whole of it, so that many do not come back at
// once. `attempt` counts from 1; `random` is between 0 and 1.
std::chrono::milliseconds wait_before_next(const RetryLimits& limits, int attempt, double random);

}  // namespace assistd::providers
