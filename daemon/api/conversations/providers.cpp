#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/query.h"

namespace assistd::api::conversations {
namespace {

Json render(const core::ProviderStatus& provider) {
    Json json = {{"name", provider.name},
                 {"kind", provider.kind},
                 {"is_default", provider.is_default},
                 {"default_model", Json()},
                 {"models", provider.models},
                 {"fallback", provider.fallback},
                 {"circuit", provider.circuit},
                 {"failures_in_a_row", provider.failures_in_a_row}};
    if (!provider.default_model.empty()) json["default_model"] = provider.default_model;
    return json;
}

}  // namespace

Task<Reply> list_providers(const Services& services, Request request) {
    Query(request).finish();
    Json providers = Json::array();
    for (const core::ProviderStatus& provider : services.providers.status())
        providers.push_back(render(provider));
    Json json;
    json["count"] = providers.size();
    json["providers"] = std::move(providers);
    co_return Reply::json(to_text(json));
}

}  // namespace assistd::api::conversations
