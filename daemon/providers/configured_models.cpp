#include "providers/configured_models.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/secret.h"
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

void fill(ServerSettings& server, const ProviderConfig& config) {
    if (!config.base_url.starts_with("http://") && !config.base_url.starts_with("https://")) {
        throw Error(ErrorCode::validation,
                    fmt::format("The provider \"{}\" needs a base_url that begins with http:// or https://.",
                                config.name));
    }
    server.name = config.name;
    server.base_url = config.base_url;
    server.api_key = read_key("provider \"" + config.name + "\"",
                              {config.api_key_env, config.api_key_file, config.api_key_credential});
    for (const auto& [name, value] : config.headers)
        server.headers.push_back(fmt::format("{}: {}", name, value));
    server.limits = {config.timeouts.connect, config.timeouts.idle, config.timeouts.total};
    server.models = configured_models(config);
    server.other_models = configured_model(config);
    server.defaults = config.defaults;
}

}  // namespace assistd::providers
