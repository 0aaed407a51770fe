#include "providers/directory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/error.h"
#include "providers/anthropic/provider.h"
#include "providers/configured_models.h"
#include "providers/model_list.h"
#include "providers/ollama/provider.h"
#include "providers/openai/provider.h"

namespace assistd::providers {
namespace {

constexpr const char* offline_name = "offline";

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence);
}

// A provider, and where its server lists its models.
struct Made {
    std::shared_ptr<core::Provider> provider;
    std::shared_ptr<const ModelServer> model_list;
};

Made make(const ProviderConfig& config, const std::shared_ptr<HttpClient>& client,
          const std::shared_ptr<core::Artifacts>& artifacts) {
    if (config.kind == "openai") {
        OpenAiSettings openai;
        fill(openai, config);
        openai.dialect.max_tokens_key = config.max_tokens_key;
        return {make_provider(openai, client, artifacts), openai_model_list(openai, client)};
    }
    if (config.kind == "anthropic") {
        AnthropicSettings anthropic;
        fill(anthropic, config);
        return {make_provider(anthropic, client, artifacts), anthropic_model_list(anthropic, client)};
    }
    if (config.kind == "ollama") {
        OllamaSettings ollama;
        fill(ollama, config);
        return {make_provider(ollama, client, artifacts), ollama_model_list(ollama, client)};
    }
    refuse(fmt::format(
        "The provider \"{}\" is of the kind \"{}\"; the kinds are openai, anthropic, ollama and offline.",
        config.name, config.kind));
}

// "http://name:password@host/v1" is shown as "http://host/v1".
std::string without_user(std::string url) {
    const std::size_t host = url.find("://") + 3;
    const std::size_t at = url.substr(0, url.find('/', host)).rfind('@');
    return at == std::string::npos ? url : url.erase(host, at + 1 - host);
}

// Of "PROVIDER:MODEL"; a provider alone means its first model.
std::string provider_part(const std::string& text) {
    return text.substr(0, text.find(':'));
}
std::string model_part(const std::string& text) {
    const std::size_t colon = text.find(':');
    return colon == std::string::npos ? "" : text.substr(colon + 1);
}

}  // namespace

ProviderDirectory::ProviderDirectory(const std::vector<ProviderConfig>& configs,
                                     const std::string& default_model,
                                     std::shared_ptr<core::Provider> offline,
                                     const std::shared_ptr<HttpClient>& client,
                                     const std::shared_ptr<core::Artifacts>& artifacts,
                                     std::shared_ptr<core::Meters> meters)
    : meters_(std::move(meters)) {
    const ModelSettings only{.name = offline_name};
    entries_[offline_name] = {std::move(offline), {only}, only, offline_name, {}, {}, nullptr};
    for (const ProviderConfig& config : configs) add(config, client, artifacts);

    const std::size_t colon = default_model.find(':');
    if (colon == std::string::npos && default_model != offline_name) {
        refuse(fmt::format("The default model \"{}\" is not of the form NAME:MODEL (the providers are {}).",
                           default_model, names()));
    }
    const std::string model = colon == std::string::npos ? offline_name : default_model.substr(colon + 1);
    if (model.empty())
        refuse(fmt::format("The default model \"{}\" names no model after the colon.", default_model));
    default_ = choice(default_model.substr(0, colon), model);
    for (const auto& [name, entry] : entries_)
        for (const std::string& next : entry.fallback) find(provider_part(next), model_part(next));
}

void ProviderDirectory::add(const ProviderConfig& config, const std::shared_ptr<HttpClient>& client,
                            const std::shared_ptr<core::Artifacts>& artifacts) {
    if (config.name.empty() || config.name.find(':') != std::string::npos) {
        refuse(fmt::format("\"{}\" cannot be a provider's name: it is empty or has a colon.", config.name));
    }
    // The embedded provider may be listed, but only as itself.
    if (config.name == offline_name && config.kind == offline_name) return;
    if (entries_.contains(config.name))
        refuse(fmt::format("The provider \"{}\" is there twice.", config.name));
    Entry entry{nullptr,     configured_models(config), configured_model(config),
                config.kind, config.fallback,           config.retry,
                nullptr};
    if (config.kind == offline_name) {
        entry = entries_.at(offline_name);
    } else {
        Made made = make(config, client, artifacts);
        entry.provider = std::move(made.provider);
        entry.model_list = std::move(made.model_list);
        entry.base_url = without_user(config.base_url);
        entry.breaker = std::make_shared<CircuitBreaker>(config.circuit_breaker);
    }
    entries_[config.name] = std::move(entry);
}

core::ProviderChoice ProviderDirectory::choose(const std::string& provider, const std::string& model) const {
    if (!provider.empty()) {
        const bool is_default = provider == default_.provider_name;
        return choice(provider, model.empty() && is_default ? default_.model : model);
    }
    if (model.empty()) return default_;
    if (model == offline_name) return choice(offline_name, model);
    const std::size_t colon = model.find(':');
    // Model names have colons too ("llama3:8b"); only a provider's name in front means that provider.
    if (colon != std::string::npos && entries_.contains(model.substr(0, colon))) {
        return choice(model.substr(0, colon), model.substr(colon + 1));
    }
    for (const auto& [name, entry] : entries_)
        for (const auto& one : entry.models)
            if (!one.alias.empty() && one.alias == model) return choice(name, model);
    return choice(default_.provider_name, model);
}

std::vector<core::ProviderStatus> ProviderDirectory::status() const {
    std::vector<core::ProviderStatus> all;
    for (const auto& [name, entry] : entries_) {
        core::ProviderStatus status;
        status.name = name;
        status.kind = entry.kind;
        status.base_url = entry.base_url;
        status.is_default = name == default_.provider_name;
        if (status.is_default) status.default_model = default_.model;
        for (const ModelSettings& model : entry.models) {
            status.models.push_back(model.name);
            if (!model.alias.empty()) status.aliases.push_back(model.alias);
        }
        status.fallback = entry.fallback;
        if (entry.breaker) {
            status.circuit = name_of(entry.breaker->state(CircuitBreaker::Clock::now()));
            status.failures_in_a_row = entry.breaker->failures_in_a_row();
        }
        all.push_back(std::move(status));
    }
    return all;
}

Task<std::vector<core::ProviderCheck>> ProviderDirectory::check(std::stop_token stop) const {
    std::vector<Task<core::ProviderCheck>> checks;
    for (const auto& [name, entry] : entries_)
        if (entry.model_list) checks.push_back(check_server(entry.model_list, stop));
    return when_all(std::move(checks));
}

core::ProviderChoice ProviderDirectory::choice(const std::string& name, const std::string& model) const {
    const Found found = find(name, model);
    core::ProviderChoice choice{found.entry->provider, name, found.model.name, found.model.context_window};
    choice.reply_tokens = found.model.reply_tokens;
    choice.writes_prose = found.entry->breaker != nullptr;  // else it is the built-in one
    if (!found.entry->breaker) return choice;
    std::vector<Candidate> chain;
    const auto add_to_chain = [&](const std::string& provider, const Found& one) {
        // Asked for as itself, it does not stand in for itself.
        for (const Candidate& other : chain)
            if (other.provider_name == provider && other.model == one.model.name) return;
        const auto breaker = one.entry->breaker ? one.entry->breaker : std::make_shared<CircuitBreaker>();
        chain.push_back({one.entry->provider, breaker, provider, one.model.name, one.model.price,
                         one.entry->retry, one.entry->kind, one.entry->base_url});
    };
    add_to_chain(name, found);
    for (const std::string& next : found.entry->fallback) {
        const std::string provider = provider_part(next);
        add_to_chain(provider, find(provider, model_part(next)));
    }
    choice.provider = std::make_shared<ResilientProvider>(std::move(chain), meters_);
    return choice;
}

// An empty model is the provider's first one.
ProviderDirectory::Found ProviderDirectory::find(const std::string& name, const std::string& model) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        refuse(fmt::format("There is no provider named \"{}\" (the providers are {}).", name, names()));
    }
    const Entry& entry = found->second;
    if (entry.models.empty()) {
        if (model.empty()) refuse(fmt::format("Say which model of the provider \"{}\" is meant.", name));
        ModelSettings any = entry.other_models;
        any.name = model;
        return {&entry, std::move(any)};
    }
    std::vector<std::string_view> known;
    for (const auto& one : entry.models) {
        const bool meant = model.empty() || one.name == model || (!one.alias.empty() && one.alias == model);
        if (meant) return {&entry, one};
        known.push_back(one.name);
    }
    refuse(fmt::format("The provider \"{}\" has no model \"{}\" (it has {}).", name, model,
                       fmt::join(known, ", ")));
}

std::string ProviderDirectory::names() const {
    std::vector<std::string_view> all;
    for (const auto& [name, entry] : entries_) all.push_back(name);
    return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace assistd::providers
