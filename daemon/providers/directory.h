#pragma once
// The providers that the config names, and which of them a request means. Made at start and after a reload;
// immutable, usable from any thread.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/config.h"
#include "core/ports.h"
#include "providers/model_server.h"
#include "providers/model_settings.h"
#include "providers/resilient_provider.h"
#include "upstream/http_client.h"

namespace assistd::providers {

class ProviderDirectory : public core::Providers {
  public:
    // `default_model` is "offline" or "NAME:MODEL". Throws Error{validation} with a sentence for whatever
    // cannot work: an unknown kind, a missing key, a default that names nothing. `artifacts` has the pictures
    // of messages; without it none is shown to a model.
    ProviderDirectory(const std::vector<ProviderConfig>& configs, const std::string& default_model,
                      std::shared_ptr<core::Provider> offline, const std::shared_ptr<HttpClient>& client,
                      const std::shared_ptr<core::Artifacts>& artifacts = nullptr,
                      std::shared_ptr<core::Meters> meters = std::make_shared<core::Meters>());

    // A model may carry its provider's name in front ("main:gpt-5") when no provider is given.
    core::ProviderChoice choose(const std::string& provider, const std::string& model) const override;
    std::vector<core::ProviderStatus> status() const override;
    Task<std::vector<core::ProviderCheck>> check(std::stop_token stop) const override;

  private:
    struct Entry {
        std::shared_ptr<core::Provider> provider;
        std::vector<ModelSettings> models;
        ModelSettings other_models;  // when none is listed
        std::string kind;
        std::vector<std::string> fallback;
        RetryLimits retry;
        std::shared_ptr<CircuitBreaker> breaker;  // null: nothing that could fail
        std::string base_url = {};
        std::shared_ptr<const ModelServer> model_list = {};  // null: there is no server
    };
    // One model of a provider.
    struct Found {
        const Entry* entry;
        ModelSettings model;
    };

    void add(const ProviderConfig& config, const std::shared_ptr<HttpClient>& client,
             const std::shared_ptr<core::Artifacts>& artifacts);
    Found find(const std::string& name, const std::string& model) const;
    core::ProviderChoice choice(const std::string& name, const std::string& model) const;
    std::string names() const;

    const std::shared_ptr<core::Meters> meters_;
    std::map<std::string, Entry> entries_;
    core::ProviderChoice default_;
};

}  // namespace assistd::providers
