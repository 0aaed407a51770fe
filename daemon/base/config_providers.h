#pragma once
// The part of the configuration that says which models there are. For config.cpp alone; any thread.

#include <map>
#include <string>
#include <vector>

#include "base/config_endpoint.h"
#include "base/config_value.h"

namespace assistd {

// Reads and checks the map `providers`, also that each key can be found among `keys`. Throws
// Error{validation}.
std::vector<ProviderConfig> read_providers(const ConfigValue& providers, const KeySources& keys);

// PROVIDER:MODEL for PROVIDER:MODEL, PROVIDER:ALIAS, ALIAS or "offline". Throws Error{validation} that begins
// with the value's place when there is no such model.
std::string resolve_model(const std::vector<ProviderConfig>& providers, const ConfigValue& value);

// What only all providers together can be wrong about: aliases and fallbacks, which are resolved.
void check_together(std::vector<ProviderConfig>& providers, const ConfigValue& tree);

// For the whole configuration: its default model must not be its own fallback, and a limit on cost needs
// prices; a provider that lists no models is warned of. Both throw Error{validation}.
void check_default_model(const Config& config);
void check_cost_limit(Config& config);
// Resolves the model for embeddings, if any, whose provider has to have such: OpenAI-compatible or Ollama.
void check_embeddings(Config& config);

}  // namespace assistd
