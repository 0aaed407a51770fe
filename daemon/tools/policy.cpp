#include "tools/policy.h"

#include <algorithm>

#include "tools/tool_pattern.h"

namespace assistd::tools {
namespace {

// More kinds of callers than this are rare; what they are offered is made again.
constexpr std::size_t most_views = 64;
// Views are numbered above all that the registry makes.
constexpr int version_bits = 32;

}  // namespace

Caller Policy::caller(const core::Owner& user) const {
    return callers_ ? callers_(user) : Caller{user, {}};
}

const PolicyRule* Policy::rule_for(const Caller& caller, const core::ToolSpec& tool) const {
    for (const PolicyRule& rule : rules_)
        if (concerns(rule.people, caller) && is_about(rule.tools, tool)) return &rule;
    return nullptr;
}

std::shared_ptr<const core::ToolSpec> Policy::as_seen(const Caller& caller,
                                                      std::shared_ptr<const core::ToolSpec> tool) const {
    const PolicyRule* rule = rule_for(caller, *tool);
    if (!rule || rule->verdict != Verdict::ask || tool->needs_approval) return tool;
    auto asked = std::make_shared<core::ToolSpec>(*tool);
    asked->needs_approval = true;
    return asked;
}

std::shared_ptr<const core::ToolSet> Policy::offered_to(const Caller& caller,
                                                        std::shared_ptr<const core::ToolSet> all) const {
    if (rules_.empty()) return all;
    View view;
    for (const PolicyRule& rule : rules_) view.rules.push_back(concerns(rule.people, caller));
    const std::lock_guard lock(mutex_);
    std::erase_if(views_, [&](const View& old) { return old.all->version < all->version; });
    for (const View& known : views_)
        if (known.all == all && known.rules == view.rules) return known.offered;
    view.all = all;
    view.offered = make_offer(caller, *all);
    if (view.offered->tools == all->tools) view.offered = all;
    if (views_.size() == most_views) views_.erase(views_.begin());
    views_.push_back(view);
    return view.offered;
}

std::shared_ptr<const core::ToolSet> Policy::make_offer(const Caller& caller,
                                                        const core::ToolSet& all) const {
    auto offered = std::make_shared<core::ToolSet>();
    for (const auto& tool : all.tools) {
        const PolicyRule* rule = rule_for(caller, *tool);
        if (rule && rule->verdict == Verdict::deny) continue;
        offered->tools.push_back(as_seen(caller, tool));
    }
    offered->waiting = all.waiting;
    offered->version = (++*views_made_ << version_bits) | (all.version & 0xffff'ffffU);
    return offered;
}

std::string Policy::refusal(const PolicyRule& rule, const Caller& caller, const core::ToolSpec& tool) {
    return caller.user + " may not call " + tool.name + ": the rule in " + rule.place +
           " denies it. Whoever runs this daemon can change that.";
}

}  // namespace assistd::tools
