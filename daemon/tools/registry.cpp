#include "tools/registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/logging.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

// What every model's interface takes as a name.
bool is_good_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    };
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed);
}

bool is_artifact(const json& schema) {
    return schema.is_object() && schema.value("format", json()) == "artifact";
}

std::vector<std::string> kinds_of(const json& schema) {
    std::vector<std::string> kinds;
    const auto found = schema.find("x-artifact-kinds");
    if (found != schema.end() && found->is_array())
        for (const json& kind : *found)
            if (kind.is_string()) kinds.push_back(kind.get<std::string>());
    return kinds;
}

std::vector<ArtifactArgument> artifact_arguments(const json& root) {
    std::vector<ArtifactArgument> found;
    if (!root.is_object() || !root.contains("properties")) return found;
    for (const auto& [name, property] : root.at("properties").items()) {
        const json& schema = resolve(root, property);
        if (is_artifact(schema)) found.push_back({name, false, kinds_of(schema)});
        if (!schema.is_object() || !schema.contains("items")) continue;
        const json& items = resolve(root, schema.at("items"));
        if (is_artifact(items)) found.push_back({name, true, kinds_of(items)});
    }
    return found;
}

std::shared_ptr<const RegisteredTool> compile(const std::shared_ptr<const core::ToolSpec>& spec,
                                              const std::shared_ptr<const core::ToolSpec>& offered,
                                              const std::shared_ptr<ToolSource>& source) {
    std::shared_ptr<RegisteredTool> tool(new RegisteredTool{
        spec, offered, source, CompiledSchema(spec->input_schema), CompiledSchema(spec->output_schema), {}});
    tool->artifact_arguments = artifact_arguments(tool->input.document());
    return tool;
}

bool same_tools(const core::ToolSet& one, const core::ToolSet& other) {
    return one.tools == other.tools &&
           std::ranges::equal(one.waiting, other.waiting, {}, &core::WaitingTool::reason,
                              &core::WaitingTool::reason);
}

}  // namespace

void ToolRegistry::add(std::shared_ptr<ToolSource> source) {
    {
        const std::lock_guard lock(mutex_);
        sources_.push_back(std::move(source));
    }
    refresh();
}

void ToolRegistry::change(ApprovalRules approvals) {
    approvals_.replace(std::move(approvals));
}

void ToolRegistry::refresh() {
    const std::lock_guard one_at_a_time(refresh_mutex_);
    const auto old = snapshot();
    auto next = std::make_shared<Snapshot>();
    std::vector<std::pair<std::shared_ptr<const core::ToolSpec>, std::shared_ptr<ToolSource>>> offered;
    for (const auto& source : sources())
        for (auto& spec : source->tools()) offered.emplace_back(std::move(spec), source);
    // Whoever has a name keeps it while he offers the tool, whatever comes.
    std::ranges::stable_partition(offered, [&](const auto& one) {
        const auto known = old->by_name.find(one.first->name);
        return known != old->by_name.end() && known->second->spec->plugin == one.first->plugin;
    });
    for (const auto& [spec, source] : offered) offer(*next, *old, spec, source);
    for (const auto& [name, tool] : next->by_name) next->set->tools.push_back(tool->spec);
    for (const auto& source : sources())
        for (core::WaitingTool& tool : source->waiting())
            if (!next->by_name.contains(tool.name)) next->set->waiting.push_back(std::move(tool));
    next->set->version = old->set->version + 1;
    const bool is_same = same_tools(*next->set, *old->set);
    if (is_same) next->set = old->set;
    log_refusals(*next, *old);
    {
        const std::lock_guard lock(mutex_);
        snapshot_ = std::move(next);
    }
    if (!is_same && changed_) changed_();
}

std::shared_ptr<const core::ToolSpec> ToolRegistry::with_approval(
    const std::shared_ptr<const core::ToolSpec>& offered) const {
    const auto approvals = approvals_.latest();
    const auto rule = approvals->find(offered->name);
    const bool needed = rule == approvals->end() ? offered->effects.destructive : rule->second;
    if (needed == offered->needs_approval) return offered;
    auto spec = std::make_shared<core::ToolSpec>(*offered);
    spec->needs_approval = needed;
    return spec;
}

void ToolRegistry::offer(Snapshot& next, const Snapshot& old,
                         const std::shared_ptr<const core::ToolSpec>& spec,
                         const std::shared_ptr<ToolSource>& source) const {
    const auto refuse = [&](const std::string& reason) {
        next.refusals.push_back(
            {spec->plugin, spec->name, "The tool " + spec->name + " is refused: " + reason});
    };
    if (!is_good_name(spec->name))
        return refuse("a name has 1 to 64 letters, digits, '_' and '-', and nothing else.");
    if (const auto taken = next.by_name.find(spec->name); taken != next.by_name.end())
        return refuse(taken->second->spec->plugin + " offers a tool of that name already.");
    const auto known = old.by_name.find(spec->name);
    const auto ruled = with_approval(spec);
    if (known != old.by_name.end() && known->second->offered == spec && known->second->source == source &&
        known->second->spec->needs_approval == ruled->needs_approval) {
        next.by_name.emplace(spec->name, known->second);
        return;
    }
    try {
        next.by_name.emplace(spec->name, compile(ruled, spec, source));
    } catch (const Error& error) {
        refuse(error.what());
    }
}

void ToolRegistry::log_refusals(const Snapshot& next, const Snapshot& old) {
    for (const Refusal& refusal : next.refusals) {
        const bool known = std::any_of(old.refusals.begin(), old.refusals.end(), [&](const Refusal& other) {
            return other.plugin == refusal.plugin && other.reason == refusal.reason;
        });
        if (!known) log::warn("{} plugin={}", refusal.reason, refusal.plugin);
    }
}

std::shared_ptr<const ToolRegistry::Snapshot> ToolRegistry::snapshot() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
}

std::shared_ptr<const core::ToolSet> ToolRegistry::all() const {
    return snapshot()->set;
}

std::shared_ptr<const RegisteredTool> ToolRegistry::find(std::string_view name) const {
    const auto current = snapshot();
    const auto found = current->by_name.find(name);
    return found == current->by_name.end() ? nullptr : found->second;
}

std::string ToolRegistry::why_missing(std::string_view name) const {
    if (const core::WaitingTool* tool = all()->find_waiting(name)) return tool->reason;
    return "There is no tool named " + shown(nlohmann::json(name)) + ".";
}

std::vector<std::shared_ptr<const core::ToolSpec>> ToolRegistry::in_category(
    std::string_view category) const {
    std::vector<std::shared_ptr<const core::ToolSpec>> found;
    for (const auto& spec : all()->tools)
        if (spec->category == category) found.push_back(spec);
    return found;
}

std::vector<std::string> ToolRegistry::categories() const {
    std::set<std::string> names;
    for (const auto& spec : all()->tools) names.insert(spec->category);
    return {names.begin(), names.end()};
}

std::vector<std::shared_ptr<ToolSource>> ToolRegistry::sources() const {
    const std::lock_guard lock(mutex_);
    return sources_;
}

bool ToolRegistry::release_plugin(const std::string& id) const {
    const auto all = sources();
    const bool is_released =
        std::any_of(all.begin(), all.end(), [&](const auto& source) { return source->release_plugin(id); });
    if (is_released && changed_) changed_();
    return is_released;
}

bool ToolRegistry::approve_plugin(const std::string& id) const {
    const auto all = sources();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& source) { return source->approve_plugin(id); });
}

std::vector<core::PluginStatus> ToolRegistry::plugins() const {
    const auto current = snapshot();
    std::vector<core::PluginStatus> all;
    for (const auto& source : sources())
        for (core::PluginStatus& status : source->plugins()) all.push_back(std::move(status));
    for (core::PluginStatus& status : all) {
        for (const Refusal& refusal : current->refusals) {
            if (refusal.plugin != status.id || status.id.empty() || status.state == "refused") continue;
            std::erase(status.tools, refusal.tool);
            status.reason += (status.reason.empty() ? "" : " ") + refusal.reason;
        }
        if (status.tools.empty() && status.state == "ready" && !status.reason.empty())
            status.state = "refused";
    }
    return all;
}

}  // namespace assistd::tools
