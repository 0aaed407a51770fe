#include "base/config_providers.h"

#include <algorithm>

#include "base/config_endpoint.h"
#include "base/error.h"

namespace assistd {
namespace {

constexpr std::int64_t least_window = 1'000;
constexpr std::int64_t ollama_window = 32'768;
constexpr std::int64_t most_tokens = 100'000'000;
constexpr double longest_s = 86'400;

ModelPrice price_of(const ConfigValue& value) {
    ModelPrice price;
    const auto dollars = [](const ConfigValue& key) { return number_of(key, 0.0, 1'000'000.0); };
    read_members(value, [&](const ConfigValue& key) {
        if (key.name == "input")
            price.input = dollars(key);
        else if (key.name == "cached_input")
            price.cached_input = dollars(key);
        else if (key.name == "cache_write")
            price.cache_write = dollars(key);
        else if (key.name == "output")
            price.output = dollars(key);
        else
            refuse_unknown(key);
    });
    if (!value.child("input") || !value.child("output"))
        refuse(value, "must have input and output, in US dollars per million tokens");
    if (!value.child("cached_input")) price.cached_input = price.input;
    if (!value.child("cache_write")) price.cache_write = price.input;
    return price;
}

const std::string& alias_of(const ConfigValue& value) {
    const std::string& alias = text_of(value);
    if (alias.empty() || alias == "offline" || alias.find_first_of(": \t\r\n") != std::string::npos)
        refuse(value,
               "must be a word without colons and blanks, and not \"offline\"; it is " + in_quotes(alias));
    return alias;
}

Thinking thinking_of(const ConfigValue& value) {
    const std::string& word = word_of(value, {"off", "low", "medium", "high"});
    if (word == "low") return Thinking::low;
    if (word == "medium") return Thinking::medium;
    return word == "high" ? Thinking::high : Thinking::off;
}

ModelConfig model_of(const ConfigValue& value) {
    ModelConfig model;
    model.name = value.name;
    if (value.kind == ConfigValue::Kind::nothing) return model;  // "gpt-5:" says only that there is one
    read_members(value, [&](const ConfigValue& key) {
        if (key.name == "alias")
            model.alias = alias_of(key);
        else if (key.name == "context_window")
            model.context_window = number_of(key, least_window, most_tokens);
        else if (key.name == "max_output_tokens")
            model.max_output_tokens = number_of<std::int64_t>(key, 1, most_tokens);
        else if (key.name == "price")
            model.price = price_of(key);
        else if (key.name == "images")
            model.images = truth_of(key);
        else if (key.name == "thinking")
            model.thinking = thinking_of(key);
        else
            refuse_unknown(key);
    });
    return model;
}

ModelDefaults defaults_of(const ConfigValue& value) {
    ModelDefaults defaults;
    read_members(value, [&](const ConfigValue& key) {
        if (key.name == "temperature")
            defaults.temperature = number_of(key, 0.0, 2.0);
        else if (key.name == "max_tokens")
            defaults.max_tokens = number_of<std::int64_t>(key, 1, most_tokens);
        else if (key.name == "top_p")
            defaults.top_p = number_of(key, 0.0, 1.0);
        else
            refuse_unknown(key);
    });
    return defaults;
}

ProviderTimeouts timeouts_of(const ConfigValue& value) {
    ProviderTimeouts timeouts;
    read_members(value, [&](const ConfigValue& key) {
        if (key.name == "connect_s")
            timeouts.connect = seconds_of(key, 0.1, longest_s);
        else if (key.name == "idle_s")
            timeouts.idle = seconds_of(key, 0.1, longest_s);
        else if (key.name == "total_s")
            timeouts.total = seconds_of(key, 0.1, longest_s);
        else
            refuse_unknown(key);
    });
    return timeouts;
}

RetryLimits retry_of(const ConfigValue& value) {
    RetryLimits retry;
    read_members(value, [&](const ConfigValue& key) {
        if (key.name == "attempts")
            retry.attempts = number_of(key, 1, 20);
        else if (key.name == "first_wait_s")
            retry.first_wait = seconds_of(key, 0.0, longest_s);
        else if (key.name == "longest_wait_s")
            retry.longest_wait = seconds_of(key, 0.0, longest_s);
        else if (key.name == "longest_retry_after_s")
            retry.longest_retry_after = seconds_of(key, 0.0, longest_s);
        else
            refuse_unknown(key);
    });
    return retry;
}

BreakerLimits breaker_of(const ConfigValue& value) {
    BreakerLimits breaker;
    read_members(value, [&](const ConfigValue& key) {
        if (key.name == "failures")
            breaker.failures = number_of(key, 0, 1'000'000);
        else if (key.name == "pause_s")
            breaker.pause = seconds_of(key, 0.1, longest_s);
        else
            refuse_unknown(key);
    });
    return breaker;
}

struct ProviderKey {
    std::string_view name;
    void (*set)(ProviderConfig&, const ConfigValue&);
};

// In the order of config/assistd.yaml.
constexpr ProviderKey provider_keys[] = {
    {"kind",
     [](ProviderConfig& p, const ConfigValue& v) {
         p.kind = word_of(v, {"openai", "anthropic", "ollama", "offline"});
     }},
    {"base_url", [](ProviderConfig& p, const ConfigValue& v) { p.base_url = base_url_of(v); }},
    {"api_key_env", [](ProviderConfig& p, const ConfigValue& v) { p.api_key_env = text_of(v); }},
    {"api_key_file", [](ProviderConfig& p, const ConfigValue& v) { p.api_key_file = text_of(v); }},
    {"api_key_credential",
     [](ProviderConfig& p, const ConfigValue& v) { p.api_key_credential = text_of(v); }},
    {"context_window",
     [](ProviderConfig& p, const ConfigValue& v) {
         p.context_window = number_of(v, least_window, most_tokens);
     }},
    {"images", [](ProviderConfig& p, const ConfigValue& v) { p.images = truth_of(v); }},
    {"fallback", [](ProviderConfig& p, const ConfigValue& v) { p.fallback = texts_of(v); }},
    {"headers", [](ProviderConfig& p, const ConfigValue& v) { p.headers = headers_of(v); }},
    {"timeouts", [](ProviderConfig& p, const ConfigValue& v) { p.timeouts = timeouts_of(v); }},
    {"retry", [](ProviderConfig& p, const ConfigValue& v) { p.retry = retry_of(v); }},
    {"circuit_breaker", [](ProviderConfig& p, const ConfigValue& v) { p.circuit_breaker = breaker_of(v); }},
    {"max_tokens_key",
     [](ProviderConfig& p, const ConfigValue& v) {
         p.max_tokens_key = word_of(v, {"max_tokens", "max_completion_tokens"});
     }},
    {"models",
     [](ProviderConfig& p, const ConfigValue& v) {
         read_members(v, [&](const ConfigValue& model) { p.models.push_back(model_of(model)); });
     }},
    {"defaults", [](ProviderConfig& p, const ConfigValue& v) { p.defaults = defaults_of(v); }},
};

// Anthropic takes a quarter more for what it puts into its cache.
void add_to_cache_prices(ProviderConfig& provider, const ConfigValue& value) {
    for (ModelConfig& model : provider.models) {
        if (!model.price) continue;
        const ConfigValue& price = *value.child("models")->child(model.name)->child("price");
        if (!price.child("cache_write")) model.price->cache_write = 1.25 * model.price->input;
    }
}

ProviderConfig provider_of(const ConfigValue& value, const KeySources& keys) {
    ProviderConfig provider;
    provider.name = value.name;
    if (provider.name.find_first_of(": \t\r\n") != std::string::npos)
        refuse(value, "must be named without colons and blanks");
    read_members(value, [&](const ConfigValue& key) {
        const auto known = std::find_if(std::begin(provider_keys), std::end(provider_keys),
                                        [&](const ProviderKey& one) { return one.name == key.name; });
        if (known == std::end(provider_keys)) refuse_unknown(key);
        known->set(provider, key);
    });
    if (provider.kind.empty()) refuse(value, "must have a kind");
    if (provider.name == "offline" && provider.kind != "offline")
        refuse(value, "must have another name: the built-in provider is called \"offline\"");
    if (provider.base_url.empty() && provider.kind == "openai") refuse(value, "must have a base_url");
    if (provider.base_url.empty() && provider.kind == "anthropic")
        provider.base_url = "https://api.anthropic.com";
    if (provider.base_url.empty() && provider.kind == "ollama") provider.base_url = "http://127.0.0.1:11434";
    // Ollama takes the memory for the whole window when it loads a model.
    if (!value.child("context_window") && provider.kind == "ollama") provider.context_window = ollama_window;
    if (!value.child("images")) provider.images = provider.kind == "anthropic";  // which has none without
    // OpenAI's newer models know only the newer word, most other servers only the older one.
    const bool is_openai_itself = provider.base_url.starts_with("https://api.openai.com/");
    if (provider.max_tokens_key.empty())
        provider.max_tokens_key = is_openai_itself ? "max_completion_tokens" : "max_tokens";
    if (provider.kind == "anthropic") add_to_cache_prices(provider, value);
    check_keys(value, keys);
    return provider;
}

bool is_named(const ModelConfig& model, const std::string& name) {
    return model.name == name || model.alias == name;
}

}  // namespace

std::vector<ProviderConfig> read_providers(const ConfigValue& tree, const KeySources& keys) {
    std::vector<ProviderConfig> providers;
    read_members(tree, [&](const ConfigValue& value) { providers.push_back(provider_of(value, keys)); });
    check_together(providers, tree);
    return providers;
}

std::string resolve_model(const std::vector<ProviderConfig>& providers, const ConfigValue& value) {
    const std::string& text = text_of(value);
    if (text == "offline" || text == "offline:offline") return "offline";
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        for (const ProviderConfig& provider : providers)
            for (const ModelConfig& model : provider.models)
                if (!model.alias.empty() && model.alias == text) return provider.name + ":" + model.name;
    }
    const auto provider = std::find_if(providers.begin(), providers.end(), [&](const ProviderConfig& one) {
        return one.name == text.substr(0, colon);
    });
    if (colon == std::string::npos || colon + 1 == text.size() || provider == providers.end()) {
        std::string known = "offline";
        for (const ProviderConfig& one : providers)
            if (one.name != "offline") known += ", " + one.name;
        refuse(value, "must be \"offline\", PROVIDER:MODEL of a provider that is configured (" + known +
                          "), or a model's alias; it is " + in_quotes(text));
    }
    const std::string name = text.substr(colon + 1);
    if (provider->models.empty()) return text;
    std::string known;
    for (const ModelConfig& model : provider->models) {
        if (is_named(model, name)) return provider->name + ":" + model.name;
        known += (known.empty() ? "" : ", ") + model.name;
    }
    refuse(value, "must name a model that the provider " + provider->name + " lists (" + known + "); it is " +
                      in_quotes(text));
}

}  // namespace assistd
