#include "app/model_windows.h"

#include <fmt/format.h>

#include "base/time.h"
#include "providers/configured_models.h"

namespace assistd::app {
namespace {

constexpr std::int64_t least_room = 1'000;  // tokens for what is said; a few short exchanges

// What the daemon will know of a model when it is asked.
core::ProviderChoice choice_of(const ProviderConfig& provider, const ModelConfig& model) {
    const providers::ModelSettings settings = providers::configured_model(provider, model);
    core::ProviderChoice choice;
    choice.provider_name = provider.name;
    choice.model = settings.name;
    choice.context_window = settings.context_window;
    choice.reply_tokens = settings.reply_tokens;
    return choice;
}

std::int64_t tokens_told(const core::PromptBuilder& prompts, const core::ToolSet& tools) {
    core::PromptFacts facts;
    facts.user = "local";
    facts.day = std::chrono::floor<std::chrono::days>(now());
    return prompts.system(facts, tools)->tokens;
}

}  // namespace

core::ContextSettings context_settings(const Config& config) {
    core::ContextSettings settings;
    if (config.context_policy == "last_messages") settings.policy = core::ContextPolicy::last_messages;
    if (config.context_policy == "summary") settings.policy = core::ContextPolicy::summary;
    settings.last_messages = config.last_messages;
    return settings;
}

std::vector<std::string> small_windows(const Config& config, const core::PromptBuilder& prompts,
                                       const core::ToolSet& tools) {
    const core::ContextSettings settings = context_settings(config);
    const std::int64_t told = tokens_told(prompts, tools);
    std::vector<std::string> sentences;
    const auto look_at = [&](const core::ProviderChoice& choice, const std::string& name) {
        const std::int64_t usable = core::usable_tokens(choice, settings);
        if (usable - told >= least_room) return;
        sentences.push_back(fmt::format(
            "The context window of {}, {} tokens, leaves about {} for a conversation: the instructions and "
            "the tools take about {}, and {} are kept for the reply. Choose a model with more, have fewer "
            "tools, or set its context_window if it has more.",
            name, choice.context_window, std::max<std::int64_t>(0, usable - told), told,
            choice.context_window - usable));
    };
    for (const ProviderConfig& provider : config.providers) {
        if (provider.kind == "offline") continue;  // it is told nothing
        for (const ModelConfig& model : provider.models)
            look_at(choice_of(provider, model), provider.name + ":" + model.name);
        if (provider.models.empty()) look_at(choice_of(provider, {}), "the models of " + provider.name);
    }
    return sentences;
}

}  // namespace assistd::app
