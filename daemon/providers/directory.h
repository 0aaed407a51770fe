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
#include "providers/http_client.h"
#include "providers/model_settings.h"

namespace assistd::providers {

// One entry of the config's `providers`.
struct ProviderSettings {
    std::string name;
    std::string kind;  // openai, anthropic, ollama or offline
    std::string base_url;
    // Where the key is, at most one of them; none: no key is sent.
    std::string api_key_env;  // an environment variable
    std::string api_key_file;
    std::string api_key_credential;         // a systemd credential's name
    std::vector<ModelSettings> models;      // empty: every name is passed on
    std::int64_t context_window = 128'000;  // of models that are not listed
    std::vector<std::string> headers;       // more of them, "Name: value"
    std::string proxy;
    std::string max_tokens_key = "max_tokens";
    HttpTimeLimits limits;
    ModelDefaults defaults;
};

std::vector<ProviderSettings> provider_settings(const std::vector<ProviderConfig>& configs);

class ProviderDirectory : public core::Providers {
  public:
    // `default_model` is "offline" or "NAME:MODEL". Throws Error{validation} with a sentence for whatever
    // cannot work: an unknown kind, a missing key, a default that names nothing. `artifacts` has the pictures
    // of messages; without it none is shown to a model.
    ProviderDirectory(const std::vector<ProviderSettings>& settings, const std::string& default_model,
                      std::shared_ptr<core::Provider> offline, const std::shared_ptr<HttpClient>& client,
                      const std::shared_ptr<core::Artifacts>& artifacts = nullptr);

    // A model may carry its provider's name in front ("main:gpt-5") when no provider is given.
    core::ProviderChoice choose(const std::string& provider, const std::string& model) const override;

  private:
    struct Entry {
        std::shared_ptr<core::Provider> provider;
        std::vector<ModelSettings> models;
        std::int64_t context_window;
    };

    void add(const ProviderSettings& settings, const std::shared_ptr<HttpClient>& client,
             const std::shared_ptr<core::Artifacts>& artifacts);
    core::ProviderChoice choice(const std::string& name, const std::string& model) const;
    std::string names() const;

    std::map<std::string, Entry> entries_;
    core::ProviderChoice default_;
};

}  // namespace assistd::providers
