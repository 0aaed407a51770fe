// GET /v1/models and /v1/models/{model}.

#include <algorithm>
#include <set>

#include "api/openai/door.h"
#include "api/openai/ids.h"
#include "api/openai/json.h"
#include "api/openai/model_named.h"

namespace assistd::api::openai {
namespace {

constexpr std::chrono::seconds list_is_good_for{60};
constexpr int most_assistants = 100;  // the newest

// OpenAI's models have a day of birth; these have none that anybody knows.
Json render_model(const std::string& id) {
    const std::size_t colon = id.find(':');
    return {{"id", id},
            {"object", "model"},
            {"created", 0},
            {"owned_by", colon == std::string::npos ? "assistd" : id.substr(0, colon)}};
}

}  // namespace

// What the config names, the user's assistants, and of providers that pass every name on, what their servers
// list.
Task<std::vector<std::string>> Door::model_names(core::Owner owner) {
    const std::vector<core::ProviderStatus> all = services_.providers.status();
    std::set<std::string> names;
    bool ask = false;
    for (const core::ProviderStatus& provider : all) {
        for (const std::string& model : provider.models)
            names.insert(provider.kind == "offline" ? provider.name : provider.name + ":" + model);
        for (const std::string& alias : provider.aliases) names.insert(alias);
        if (provider.is_default && provider.kind != "offline")
            names.insert(provider.name + ":" + provider.default_model);
        ask = ask || provider.models.empty();
    }
    core::ListRange<AssistantId> range;
    range.limit = most_assistants;
    const core::Slice<core::Assistant> assistants = co_await services_.assistants.list(owner, range);
    for (const core::Assistant& assistant : assistants.items)
        names.insert(assistant.id.text(prefix::assistant));
    const auto time = std::chrono::steady_clock::now();
    bool fresh = false;
    {
        const std::lock_guard lock(mutex_);
        fresh = models_asked_ != std::chrono::steady_clock::time_point() &&
                time - models_asked_ < list_is_good_for;
    }
    if (ask && !fresh) {
        const std::vector<core::ProviderCheck> checks = co_await services_.providers.check({});
        std::vector<std::string> listed;
        for (const core::ProviderCheck& check : checks) {
            const auto provider = std::find_if(all.begin(), all.end(), [&](const core::ProviderStatus& one) {
                return one.name == check.provider;
            });
            if (provider == all.end() || !provider->models.empty()) continue;
            for (const std::string& model : check.models) listed.push_back(check.provider + ":" + model);
        }
        const std::lock_guard lock(mutex_);
        models_ = std::move(listed);
        models_asked_ = time;
    }
    const std::lock_guard lock(mutex_);
    names.insert(models_.begin(), models_.end());
    co_return std::vector<std::string>(names.begin(), names.end());
}

Task<http::Reply> Door::list_models(http::Request request) {
    const std::vector<std::string> names = co_await model_names(request.user);
    Json data = Json::array();
    for (const std::string& name : names) data.push_back(render_model(name));
    co_return json_reply({{"object", "list"}, {"data", std::move(data)}});
}

Task<http::Reply> Door::show_model(http::Request request) {
    const std::string& name = request.path_value("model");
    const std::vector<std::string> names = co_await model_names(request.user);
    if (std::find(names.begin(), names.end(), name) == names.end()) model_named(services_, name);
    co_return json_reply(render_model(name));
}

}  // namespace assistd::api::openai
