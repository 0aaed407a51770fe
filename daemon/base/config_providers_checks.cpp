// What only the providers together, or they and other keys, can be wrong about.

#include <algorithm>

#include "base/config_providers.h"

namespace assistd {
namespace {

// An alias means one model, and neither a provider nor another model of its own.
void check_aliases(const std::vector<ProviderConfig>& providers, const ConfigValue& tree) {
    std::map<std::string, std::string> taken;
    for (const ProviderConfig& provider : providers) taken[provider.name] = "a provider's name";
    for (const ProviderConfig& provider : providers)
        for (const ModelConfig& model : provider.models) {
            if (model.alias.empty()) continue;
            const ConfigValue& key =
                *tree.child(provider.name)->child("models")->child(model.name)->child("alias");
            const auto [other, is_new] =
                taken.emplace(model.alias, "the alias of " + provider.name + ":" + model.name);
            if (!is_new)
                refuse(key, "must be a name of its own; " + in_quotes(model.alias) + " is " + other->second +
                                " already");
        }
}

// A model that cannot answer would only be asked a second time. Providers may stand in for each other: each
// one's list is all that is asked after it.
void check_fallback(const ProviderConfig& provider, const ConfigValue& fallback) {
    for (std::size_t i = 0; i < provider.fallback.size(); ++i) {
        const std::string& next = provider.fallback[i];
        const auto here = provider.fallback.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(provider.fallback.begin(), here, next) != here)
            refuse(fallback.children[i], "must name each model once; " + in_quotes(next) + " is there twice");
        if (provider.models.size() == 1 && next == provider.name + ":" + provider.models[0].name)
            refuse(fallback.children[i],
                   "must name other models; " + in_quotes(next) + " is the provider's only one");
    }
}

bool is_paid_for(const ProviderConfig& provider) {
    return provider.kind == "openai" || provider.kind == "anthropic";
}

// Whose costs of a day are limited; empty: nobody's.
std::string cost_limit_of_a_day(const LimitsConfig& limits) {
    const auto limits_cost = [](const auto& entries) {
        return std::any_of(entries.begin(), entries.end(),
                           [](const auto& entry) { return entry.figures.cost_per_day.value_or(0) > 0; });
    };
    if (limits_cost(limits.users)) return "users";
    if (limits_cost(limits.keys)) return "keys";
    return limits_cost(limits.addresses) ? "addresses" : "";
}

}  // namespace

void check_together(std::vector<ProviderConfig>& providers, const ConfigValue& tree) {
    check_aliases(providers, tree);
    for (ProviderConfig& provider : providers) {
        const ConfigValue* fallback = tree.child(provider.name)->child("fallback");
        if (!fallback) continue;
        // Any provider may be named, also one that stands below.
        for (std::size_t i = 0; i < provider.fallback.size(); ++i)
            provider.fallback[i] = resolve_model(providers, fallback->children[i]);
        check_fallback(provider, *fallback);
    }
}

void check_default_model(const Config& config) {
    for (const ProviderConfig& provider : config.providers) {
        if (!config.model.starts_with(provider.name + ":")) continue;
        const auto& fallback = provider.fallback;
        if (std::find(fallback.begin(), fallback.end(), config.model) != fallback.end())
            refuse(origin_of(config, "providers." + provider.name + ".fallback"),
                   "providers." + provider.name + ".fallback must name other models; " +
                       in_quotes(config.model) + " is the one that it would stand in for");
    }
}

void check_embeddings(Config& config) {
    if (config.embeddings.empty()) return;
    ConfigValue value;
    value.path = "knowledge.embeddings";
    value.origin = origin_of(config, value.path);
    value.kind = ConfigValue::Kind::scalar;
    value.text = config.embeddings;
    config.embeddings = resolve_model(config.providers, value);
    const auto provider = std::ranges::find_if(config.providers, [&](const ProviderConfig& one) {
        return config.embeddings.starts_with(one.name + ":");
    });
    if (provider == config.providers.end() || (provider->kind != "openai" && provider->kind != "ollama"))
        refuse(value, "must be PROVIDER:MODEL of a provider of the kind openai or ollama; " +
                          in_quotes(config.embeddings) + " has no embeddings");
}

void check_cost_limit(Config& config) {
    const std::string of_a_day = cost_limit_of_a_day(config.limits);
    if (config.max_cost <= 0 && of_a_day.empty()) return;
    const std::string limit = config.max_cost > 0 ? "turns.max_cost" : "limits." + of_a_day;
    const std::string because =
        config.max_cost > 0 ? "what a turn may cost" : "what " + of_a_day + " may spend a day";
    for (const ProviderConfig& provider : config.providers) {
        if (!is_paid_for(provider)) continue;
        const std::string path = "providers." + provider.name;
        for (const ModelConfig& model : provider.models) {
            const std::string key = path + ".models." + model.name;
            if (!model.price)
                refuse(origin_of(config, key), key + " must have a price, because " + limit + " limits " +
                                                   because +
                                                   "; what costs nothing has price: {input: 0, output: 0}");
        }
        if (provider.models.empty())
            config.warnings.push_back(
                origin_of(config, path).place + ": " + limit + " does not count what models of " + path +
                " cost, unless the server reports it: the models and their prices are not listed.");
    }
}

}  // namespace assistd
