#include <map>

#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/query.h"

namespace assistd::api::conversations {
namespace {

Json render(const core::ProviderStatus& provider) {
    Json json = {{"name", provider.name},
                 {"kind", provider.kind},
                 {"base_url", Json()},
                 {"is_default", provider.is_default},
                 {"default_model", Json()},
                 {"models", provider.models},
                 {"fallback", provider.fallback},
                 {"circuit", provider.circuit},
                 {"failures_in_a_row", provider.failures_in_a_row}};
    if (!provider.base_url.empty()) json["base_url"] = provider.base_url;
    if (!provider.default_model.empty()) json["default_model"] = provider.default_model;
    return json;
}

Json render(const core::ProviderCheck& check) {
    return {{"ok", check.good}, {"lists_models", check.lists_models}, {"message", check.sentence}};
}

}  // namespace

// With ?check=true every server is asked whether it answers.
Task<Reply> list_providers(const Services& services, Request request) {
    Query query(request);
    const bool check = query.boolean("check").value_or(false);
    query.finish();
    std::map<std::string, core::ProviderCheck> checks;
    if (check) {
        std::vector<core::ProviderCheck> asked = co_await services.providers.check(request.gone);
        for (core::ProviderCheck& one : asked) {
            const std::string name = one.provider;
            checks.emplace(name, std::move(one));
        }
    }
    Json providers = Json::array();
    for (const core::ProviderStatus& provider : services.providers.status()) {
        Json json = render(provider);
        const auto found = checks.find(provider.name);
        if (check) json["check"] = found == checks.end() ? Json() : render(found->second);
        providers.push_back(std::move(json));
    }
    Json json;
    json["count"] = providers.size();
    json["providers"] = std::move(providers);
    co_return Reply::json(to_text(json));
}

}  // namespace assistd::api::conversations
