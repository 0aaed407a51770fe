#include "app/live_parts.h"

#include <algorithm>
#include <iterator>

#include "app/mcp_servers.h"
#include "app/model_windows.h"
#include "app/oddities.h"
#include "app/part_options.h"
#include "app/prompts.h"
#include "base/logging.h"
#include "providers/offline/offline_provider.h"

namespace assistd::app {
namespace {

// Not owned: the artifacts live as long as every provider does.
std::shared_ptr<core::Artifacts> borrowed(core::Artifacts& artifacts) {
    return {std::shared_ptr<void>(), &artifacts};
}

Take turns_take(const LiveParts& parts, const Config& next) {
    const auto prompts = std::make_shared<const core::PromptBuilder>(prompts_of(next));
    return [parts, prompts, budget = budget_of(next), contexts = context_settings(next),
            by_model = next.titles_by_model] {
        parts.contexts.change(contexts);
        parts.turns.change(budget, prompts);
        parts.titles.change(by_model, prompts);
    };
}

Take models_take(const LiveParts& parts, const Config& next) {
    const auto directory = parts.models.directory(next);
    const auto embedders = parts.models.embedders(next);
    const std::shared_ptr<core::Embedder> embedder = parts.models.embedder(next);
    return [parts, directory, embedders, embedder] {
        parts.providers.replace(directory);
        parts.embedders.replace(embedders);
        if (parts.embedder) parts.embedder->replace(embedder);
    };
}

// Limits that stay the same go on counting.
Take calls_take(const LiveParts& parts, const Config& now, const Config& next) {
    const tools::ExecutorOptions before = parts.executor.options();
    tools::ExecutorOptions options = executor_options(next, parts.access.callers(next.policy));
    options.meters = before.meters;
    options.projects = before.projects;
    options.policy = now.policy == next.policy
                         ? before.policy
                         : std::make_shared<tools::Policy>(next.policy.rules,
                                                           parts.access.callers(next.policy), *before.policy);
    const bool same_limits = now.policy.limits == next.policy.limits && now.policy.roles == next.policy.roles;
    options.quotas = same_limits ? before.quotas : quotas_of(next, parts.counts, parts.registry);
    return [parts, options, approvals = approvals_of(next)] {
        parts.executor.change(options);
        parts.registry.change(approvals);
        parts.document_tools.change(options.max_result_bytes);
    };
}

Take sources_take(const LiveParts& parts, const Config& next) {
    const auto servers = mcp_servers_of(next);
    return [parts, servers, settings = plugin_settings(next)] {
        parts.plugins.change(settings);
        parts.mcp_servers.change(servers);
        parts.registry.refresh();  // with the approvals, too
    };
}

Take doors_take(const LiveParts& parts, const Config& next) {
    return [parts, chatkit = chatkit_door_options(next), openai = openai_door_options(next),
            server = server_options(next), approvals = next.approval_timeout,
            unknown_are_default = next.openai_unknown_models] {
        parts.chatkit_door.change(chatkit);
        parts.openai_door.change(openai);
        parts.mcp_door.change(approvals);
        parts.mcp_door.tools_changed();  // other rules may offer other tools
        parts.server.allow(server.cors_origins, server.trusted_proxies);
        parts.unknown_models_are_default = unknown_are_default;
    };
}

}  // namespace

std::shared_ptr<const providers::ProviderDirectory> Models::directory(const Config& config) const {
    const auto artifacts = borrowed(artifacts_);
    return std::make_shared<const providers::ProviderDirectory>(
        config.providers, config.model, std::make_shared<providers::OfflineProvider>(artifacts), client_,
        artifacts, meters_);
}

std::shared_ptr<const providers::EmbedderDirectory> Models::embedders(const Config& config) const {
    return std::make_shared<const providers::EmbedderDirectory>(config.providers, config.embeddings, client_);
}

std::shared_ptr<core::Embedder> Models::embedder(const Config& config) const {
    return providers::make_embedder(config.providers, config.embeddings, client_);
}

std::unique_ptr<providers::LiveEmbedder> Models::live_embedder(const Config& config) const {
    std::shared_ptr<core::Embedder> one = embedder(config);
    return one ? std::make_unique<providers::LiveEmbedder>(std::move(one)) : nullptr;
}

void follow_config(Reloader& reloads, LiveParts parts) {
    reloads.add([](const Config&, const Config& next) -> Take {
        return [level = next.log_level] { log::set_level(level); };
    });
    reloads.add([parts](const Config&, const Config& next) { return turns_take(parts, next); });
    reloads.add([parts](const Config&, const Config& next) { return models_take(parts, next); });
    reloads.add([parts](const Config& now, const Config& next) { return calls_take(parts, now, next); });
    reloads.add([parts](const Config&, const Config& next) { return sources_take(parts, next); });
    reloads.add([parts](const Config&, const Config& next) { return doors_take(parts, next); });
    reloads.add([parts](const Config&, const Config& next) -> Take {
        return [parts, rules = Limits::rules_of(next, parts.access.callers(next.policy))] {
            parts.limits.change(rules, parts.server.queue());
        };
    });
    reloads.add([parts](const Config&, const Config& next) -> Take {
        return [parts, times = retention_times(next)] { parts.retention.replace(times); };
    });
    reloads.add([parts](const Config&, const Config& next) -> Take { return parts.access.key_again(next); });
    reloads.compare_files([parts](const Config& next) { return parts.access.changed_files(next); });
    reloads.look_for([parts](const Config& config) { return oddities_of(config, parts); });
}

std::vector<std::string> oddities_of(const Config& config, const LiveParts& parts) {
    const auto found = [all = parts.plugins.plugins()](const std::string& id) {
        return std::ranges::any_of(all, [&](const core::PluginStatus& one) { return one.id == id; });
    };
    std::vector<std::string> sentences = oddities_of(config, *parts.registry.all(), found);
    const auto knows = [&access = parts.access](const std::string& name) { return access.knows(name); };
    std::ranges::move(users_named_in_vain(config, knows), std::back_inserter(sentences));
    std::ranges::move(parts.access.oddities(config), std::back_inserter(sentences));
    return sentences;
}

}  // namespace assistd::app
