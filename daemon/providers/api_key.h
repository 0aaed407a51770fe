#pragma once
// The key of a provider from where the config says that it is. Pure but for what it reads.

#include <string>

#include "base/config.h"

namespace assistd::providers {

// Empty when the provider has none. Throws Error{validation}, which never quotes it.
std::string read_api_key(const ProviderConfig& config);

}  // namespace assistd::providers
