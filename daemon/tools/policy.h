#pragma once
// Who may call what: the first rule that fits a caller and a tool decides, so that exceptions stand above
// what they are exceptions of, and one line can be named to whoever is refused. Without one the call is
// allowed. Immutable but for a cache; owned by app/, shared with the executor; any thread.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/policy_config.h"
#include "core/tool.h"
#include "tools/caller.h"

namespace assistd::tools {

class Policy {
  public:
    Policy() = default;
    Policy(std::vector<PolicyRule> rules, Callers callers)
        : rules_(std::move(rules)), callers_(std::move(callers)) {}

    // Other rules in place of these. No two sets that they offer have the same version.
    Policy(std::vector<PolicyRule> rules, Callers callers, const Policy& before)
        : rules_(std::move(rules)), callers_(std::move(callers)), views_made_(before.views_made_) {}

    Caller caller(const core::Owner& user) const;

    // The rule that decides; null: none fits.
    const PolicyRule* rule_for(const Caller& caller, const core::ToolSpec& tool) const;
    // The tool as it is for this caller: a rule may want a person's approval where the tool does not.
    std::shared_ptr<const core::ToolSpec> as_seen(const Caller& caller,
                                                  std::shared_ptr<const core::ToolSpec> tool) const;
    // What the caller may call. The same set for the same tools and rules, so that what is made from it can
    // be kept; the given one when nothing differs.
    std::shared_ptr<const core::ToolSet> offered_to(const Caller& caller,
                                                    std::shared_ptr<const core::ToolSet> all) const;

    // What a person who may not is told.
    static std::string refusal(const PolicyRule& rule, const Caller& caller, const core::ToolSpec& tool);

  private:
    struct View {
        std::vector<bool> rules;  // those that concern the caller
        std::shared_ptr<const core::ToolSet> all;
        std::shared_ptr<const core::ToolSet> offered;
    };
    std::shared_ptr<const core::ToolSet> make_offer(const Caller& caller, const core::ToolSet& all) const;

    std::vector<PolicyRule> rules_;
    Callers callers_;
    mutable std::mutex mutex_;  // guards what is below
    mutable std::vector<View> views_;
    const std::shared_ptr<std::atomic<std::uint64_t>> views_made_ =
        std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace assistd::tools
