#pragma once
// What the config says of a provider's models, with all that it leaves open filled in. Pure functions.

#include <vector>

#include "base/config.h"
#include "providers/model_settings.h"

namespace assistd::providers {

// Without a model: any that the config does not list.
ModelSettings configured_model(const ProviderConfig& provider, const ModelConfig& model = {});
std::vector<ModelSettings> configured_models(const ProviderConfig& provider);
// Reads its key. Throws Error{validation} for a base_url that is none, and as read_key does.
void fill(ServerSettings& server, const ProviderConfig& config);

}  // namespace assistd::providers
