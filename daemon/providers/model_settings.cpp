#include "providers/model_settings.h"

#include <algorithm>

namespace assistd::providers {

std::string effort_of(Thinking thinking) {
    switch (thinking) {
        case Thinking::off:
            return {};
        case Thinking::low:
            return "low";
        case Thinking::medium:
            return "medium";
        case Thinking::high:
            return "high";
    }
    return {};
}

const ModelSettings& ServerSettings::model(const std::string& model_name) const {
    const auto found = std::find_if(models.begin(), models.end(),
                                    [&](const ModelSettings& one) { return one.name == model_name; });
    return found == models.end() ? other_models : *found;
}

Wishes wishes_of(const core::ProviderRequest& request, const ServerSettings& settings) {
    const ModelSettings& model = settings.model(request.model);
    Wishes wishes;
    wishes.temperature = request.temperature ? request.temperature : settings.defaults.temperature;
    wishes.top_p = request.top_p ? request.top_p : settings.defaults.top_p;
    wishes.max_tokens = settings.defaults.max_tokens;
    if (request.max_tokens) wishes.max_tokens = *request.max_tokens;
    if (wishes.max_tokens && model.max_output_tokens)
        wishes.max_tokens = std::min(*wishes.max_tokens, *model.max_output_tokens);
    wishes.effort = request.reasoning_effort.empty() ? effort_of(model.thinking) : request.reasoning_effort;
    return wishes;
}

}  // namespace assistd::providers
