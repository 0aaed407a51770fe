#pragma once
// Which model a name means where OpenAI's API has one: a provider's, an alias, or the default one. Pure
// functions.

#include <string>

#include "api/services.h"
#include "base/error.h"

namespace assistd::api::openai {

// Throws Error{not_found} that names the field "model" for a name that nobody knows, unless those are to mean
// the default model.
core::ProviderChoice model_named(const Services& services, const std::string& name);
Error no_such_model(const std::string& name);

}  // namespace assistd::api::openai
