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
    wishes.temperature =
        request.wishes.temperature ? request.wishes.temperature : settings.defaults.temperature;
    wishes.top_p = request.wishes.top_p ? request.wishes.top_p : settings.defaults.top_p;
    wishes.max_tokens = settings.defaults.max_tokens;
    if (request.wishes.max_tokens) wishes.max_tokens = *request.wishes.max_tokens;
    if (wishes.max_tokens && model.max_output_tokens)
        wishes.max_tokens = std::min(*wishes.max_tokens, *model.max_output_tokens);
    wishes.effort =
        request.wishes.reasoning_effort.empty() ? effort_of(model.thinking) : request.wishes.reasoning_effort;
    wishes.frequency_penalty = request.wishes.frequency_penalty;
    wishes.presence_penalty = request.wishes.presence_penalty;
    wishes.seed = request.wishes.seed;
    wishes.stop = request.wishes.stop;
    wishes.tool_choice = request.wishes.tool_choice;
    wishes.parallel_tool_calls = request.wishes.parallel_tool_calls;
    return wishes;
}

}  // namespace assistd::providers
