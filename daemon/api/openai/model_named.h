#pragma once
// Which model a name means where OpenAI's API has one: a provider's, an alias, or the default one. Pure
// function.

#include <string>

#include "base/error.h"
#include "core/ports.h"

namespace assistd::api::openai {

// Throws Error{not_found} that names the field "model" for a name that nobody knows, unless those are to mean
// the default model.
core::ProviderChoice model_named(const core::Providers& providers, const std::string& name,
                                 bool unknown_are_default);

Error no_such_model(const std::string& name);

}  // namespace assistd::api::openai
