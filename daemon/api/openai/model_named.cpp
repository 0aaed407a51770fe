#include "api/openai/model_named.h"

namespace assistd::api::openai {

core::ProviderChoice model_named(const Services& services, const std::string& name) {
    try {
        return services.providers.choose("", name);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::validation) throw;
    }
    if (services.unknown_models_are_default()) return services.providers.choose("", "");
    throw no_such_model(name);
}

Error no_such_model(const std::string& name) {
    const std::string sentence =
        "The model \"" + name + "\" does not exist; GET /v1/models lists those that do.";
    return {ErrorCode::not_found, sentence, {{"model", sentence}}};
}

}  // namespace assistd::api::openai
