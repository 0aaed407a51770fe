#include "providers/configured_models.h"

#include <algorithm>

#include "providers/anthropic/messages_request.h"

namespace assistd::providers {
namespace {

std::int64_t reply_tokens(const ModelSettings& model, const ProviderConfig& provider) {
    const std::optional<std::int64_t>& wanted = provider.defaults.max_tokens;
    if (provider.kind == "anthropic") return most_reply_tokens(model, wanted);
    return std::min(wanted.value_or(0), model.max_output_tokens.value_or(INT64_MAX));
}

}  // namespace

ModelSettings configured_model(const ProviderConfig& provider, const ModelConfig& model) {
    ModelSettings settings;
    settings.name = model.name;
    settings.alias = model.alias;
    settings.context_window = model.context_window.value_or(provider.context_window);
    settings.max_output_tokens = model.max_output_tokens;
    settings.images = model.images.value_or(provider.images);
    settings.thinking = model.thinking;
    settings.price = model.price;
    settings.reply_tokens = reply_tokens(settings, provider);
    return settings;
}

std::vector<ModelSettings> configured_models(const ProviderConfig& provider) {
    std::vector<ModelSettings> models;
    for (const ModelConfig& model : provider.models) models.push_back(configured_model(provider, model));
    return models;
}

}  // namespace assistd::providers
