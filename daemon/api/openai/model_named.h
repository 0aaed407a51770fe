#pragma once
// Which model a name means where OpenAI's API has one: a provider's, an alias, or the default one. Pure
// function.

#include <string>

#include "core/ports.h"

namespace assistd::api::openai {

// Throws Error{not_found} that names the field "model" for a name that nobody knows, unless those are to mean
// the default model.
core::ProviderChoice model_named(const core::Providers& providers, const std::string& name,
                                 bool unknown_are_default);

}  // namespace assistd::api::openai
