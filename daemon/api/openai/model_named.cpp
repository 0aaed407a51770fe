#include "api/openai/model_named.h"

#include "base/error.h"

namespace assistd::api::openai {

core::ProviderChoice model_named(const core::Providers& providers, const std::string& name,
                                 bool unknown_are_default) {
    try {
        return providers.choose("", name);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::validation) throw;
    }
    if (unknown_are_default) return providers.choose("", "");
    const std::string sentence =
        "The model \"" + name + "\" does not exist; GET /v1/models lists those that do.";
    throw Error(ErrorCode::not_found, sentence, {{"model", sentence}});
}

}  // namespace assistd::api::openai
