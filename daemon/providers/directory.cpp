#include "providers/directory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "base/error.h"
#include "providers/anthropic/provider.h"
#include "providers/ollama/provider.h"
#include "providers/openai/provider.h"

namespace assistd::providers {
namespace {

constexpr const char* offline_name = "offline";

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence);
}

std::string trimmed(std::string text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_blank(text.back())) text.pop_back();
    std::size_t first = 0;
    while (first < text.size() && is_blank(text[first])) ++first;
    return text.substr(first);
}

std::string key_from_file(const ProviderSettings& settings, const std::string& path) {
    std::ifstream file(path);
    std::string key;
    if (!file || !std::getline(file, key)) {
        refuse(fmt::format("The key of the provider \"{}\" cannot be read from {}.", settings.name, path));
    }
    return key;
}

std::string key_from_environment(const ProviderSettings& settings) {
    const char* value = std::getenv(settings.api_key_env.c_str());
    if (value == nullptr) {
        refuse(fmt::format(
            "The provider \"{}\" takes its key from the environment variable {}, which is not set.",
            settings.name, settings.api_key_env));
    }
    return value;
}

std::string key_from_credential(const ProviderSettings& settings) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        refuse(
            fmt::format("The provider \"{}\" takes its key from the credential {}, but systemd passed none.",
                        settings.name, settings.api_key_credential));
    }
    return key_from_file(settings, fmt::format("{}/{}", folder, settings.api_key_credential));
}

std::string read_key(const ProviderSettings& settings) {
    std::string key;
    if (!settings.api_key_env.empty())
        key = key_from_environment(settings);
    else if (!settings.api_key_file.empty())
        key = key_from_file(settings, settings.api_key_file);
    else if (!settings.api_key_credential.empty())
        key = key_from_credential(settings);
    else
        return {};
    key = trimmed(key);
    // It becomes part of a header line.
    const bool clean = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (key.empty() || !clean) {
        refuse(fmt::format("The key of the provider \"{}\" is empty or has characters that no key has.",
                           settings.name));
    }
    return key;
}

void fill(ServerSettings& server, const ProviderSettings& settings) {
    if (!settings.base_url.starts_with("http://") && !settings.base_url.starts_with("https://")) {
        refuse(fmt::format("The provider \"{}\" needs a base_url that begins with http:// or https://.",
                           settings.name));
    }
    server.name = settings.name;
    server.base_url = settings.base_url;
    server.api_key = read_key(settings);
    server.headers = settings.headers;
    server.proxy = settings.proxy;
    server.limits = settings.limits;
    server.models = settings.models;
    server.other_models.context_window = settings.context_window;
    server.defaults = settings.defaults;
}

std::shared_ptr<core::Provider> make_provider(const ProviderSettings& settings,
                                              const std::shared_ptr<HttpClient>& client,
                                              const std::shared_ptr<core::Artifacts>& artifacts) {
    if (settings.kind == "openai") {
        OpenAiSettings openai;
        fill(openai, settings);
        openai.dialect.max_tokens_key = settings.max_tokens_key;
        return std::make_shared<OpenAiProvider>(openai, client, artifacts);
    }
    if (settings.kind == "anthropic") {
        AnthropicSettings anthropic;
        fill(anthropic, settings);
        anthropic.other_models.images = true;  // there is no model without
        return std::make_shared<AnthropicProvider>(anthropic, client, artifacts);
    }
    if (settings.kind == "ollama") {
        OllamaSettings ollama;
        fill(ollama, settings);
        return std::make_shared<OllamaProvider>(ollama, client, artifacts);
    }
    refuse(fmt::format(
        "The provider \"{}\" is of the kind \"{}\"; the kinds are openai, anthropic, ollama and offline.",
        settings.name, settings.kind));
}

ModelSettings model_settings(const ModelConfig& config, std::int64_t context_window) {
    ModelSettings model;
    model.name = config.name;
    model.alias = config.alias;
    model.context_window = config.context_window.value_or(context_window);
    model.max_output_tokens = config.max_output_tokens;
    model.images = config.images;
    model.thinking = config.thinking;
    return model;
}

}  // namespace

std::vector<ProviderSettings> provider_settings(const std::vector<ProviderConfig>& configs) {
    std::vector<ProviderSettings> all;
    for (const auto& config : configs) {
        ProviderSettings settings;
        settings.name = config.name;
        settings.kind = config.kind;
        settings.base_url = config.base_url;
        settings.api_key_env = config.api_key_env;
        settings.api_key_file = config.api_key_file;
        settings.api_key_credential = config.api_key_credential;
        settings.context_window = config.context_window;
        for (const auto& model : config.models)
            settings.models.push_back(model_settings(model, config.context_window));
        for (const auto& [name, value] : config.headers)
            settings.headers.push_back(fmt::format("{}: {}", name, value));
        settings.limits = {config.timeouts.connect, config.timeouts.idle, config.timeouts.total};
        settings.defaults = config.defaults;
        all.push_back(std::move(settings));
    }
    return all;
}

ProviderDirectory::ProviderDirectory(const std::vector<ProviderSettings>& settings,
                                     const std::string& default_model,
                                     std::shared_ptr<core::Provider> offline,
                                     const std::shared_ptr<HttpClient>& client,
                                     const std::shared_ptr<core::Artifacts>& artifacts) {
    const ModelSettings only{.name = offline_name};
    entries_[offline_name] = {std::move(offline), {only}, only.context_window};
    for (const auto& one : settings) add(one, client, artifacts);

    const std::size_t colon = default_model.find(':');
    if (colon == std::string::npos && default_model != offline_name) {
        refuse(fmt::format("The default model \"{}\" is not of the form NAME:MODEL (the providers are {}).",
                           default_model, names()));
    }
    const std::string model = colon == std::string::npos ? offline_name : default_model.substr(colon + 1);
    if (model.empty())
        refuse(fmt::format("The default model \"{}\" names no model after the colon.", default_model));
    default_ = choice(default_model.substr(0, colon), model);
}

void ProviderDirectory::add(const ProviderSettings& settings, const std::shared_ptr<HttpClient>& client,
                            const std::shared_ptr<core::Artifacts>& artifacts) {
    if (settings.name.empty() || settings.name.find(':') != std::string::npos) {
        refuse(fmt::format("\"{}\" cannot be a provider's name: it is empty or has a colon.", settings.name));
    }
    // The embedded provider may be listed, but only as itself.
    if (settings.name == offline_name && settings.kind == offline_name) return;
    if (entries_.contains(settings.name))
        refuse(fmt::format("The provider \"{}\" is there twice.", settings.name));
    Entry entry{nullptr, settings.models, settings.context_window};
    if (settings.kind == offline_name)
        entry = entries_.at(offline_name);
    else
        entry.provider = make_provider(settings, client, artifacts);
    entries_[settings.name] = std::move(entry);
}

core::ProviderChoice ProviderDirectory::choose(const std::string& provider, const std::string& model) const {
    if (!provider.empty()) {
        const bool is_default = provider == default_.provider_name;
        return choice(provider, model.empty() && is_default ? default_.model : model);
    }
    if (model.empty()) return default_;
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

// An empty model is the provider's first one.
core::ProviderChoice ProviderDirectory::choice(const std::string& name, const std::string& model) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        refuse(fmt::format("There is no provider named \"{}\" (the providers are {}).", name, names()));
    }
    const Entry& entry = found->second;
    if (entry.models.empty()) {
        if (model.empty()) refuse(fmt::format("Say which model of the provider \"{}\" is meant.", name));
        return {entry.provider, name, model, entry.context_window};
    }
    std::vector<std::string_view> known;
    for (const auto& one : entry.models) {
        const bool meant = model.empty() || one.name == model || (!one.alias.empty() && one.alias == model);
        if (meant) return {entry.provider, name, one.name, one.context_window};
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
