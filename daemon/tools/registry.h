#pragma once
// Which tools exist: what all sources offer, in one immutable snapshot that is replaced as a whole when a
// source changes. Built by app/, shared by pointer or reference; any thread.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/live.h"
#include "tools/schema.h"
#include "tools/source.h"

namespace assistd::tools {

// An argument that names artifacts: "format": "artifact" in the input schema.
struct ArtifactArgument {
    std::string name;
    bool several = false;            // an array of handles
    std::vector<std::string> kinds;  // which it takes; empty: every kind
};

// A tool with all that is needed to call it.
struct RegisteredTool {
    std::shared_ptr<const core::ToolSpec> spec;
    std::shared_ptr<const core::ToolSpec> offered;  // by the source, which knows nothing of approvals
    std::shared_ptr<ToolSource> source;
    CompiledSchema input;
    CompiledSchema output;
    std::vector<ArtifactArgument> artifact_arguments;
};

// By a tool's name: whether a person's approval is always or never needed. Others need it when their effects
// are destructive.
using ApprovalRules = std::map<std::string, bool, std::less<>>;

class ToolRegistry {
  public:
    explicit ToolRegistry(ApprovalRules approvals = {}) : approvals_(std::move(approvals)) {}

    // Adds what the source offers. Where two sources offer the same name, the one that has it already keeps
    // it; of two that come at once, the one that was added first has it.
    void add(std::shared_ptr<ToolSource> source);
    // From now on. The tools are the others after the next refresh().
    void change(ApprovalRules approvals);
    // Asks every source again. To be called after one of them has changed.
    void refresh();
    // Called after each refresh that has changed what there is, and when a plugin may run again. To be set
    // before sources may change.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

    std::shared_ptr<const core::ToolSet> all() const;
    std::shared_ptr<const RegisteredTool> find(std::string_view name) const;  // null: there is none
    // Why there is none, in a sentence: nobody has heard of it, or for what it waits.
    std::string why_missing(std::string_view name) const;
    std::vector<std::shared_ptr<const core::ToolSpec>> in_category(std::string_view category) const;
    std::vector<std::string> categories() const;  // sorted
    // As the sources tell it, with the tools that were refused here.
    std::vector<core::PluginStatus> plugins() const;
    bool release_plugin(const std::string& id) const;  // as core::Tools
    bool approve_plugin(const std::string& id) const;  // so too

  private:
    struct Refusal {
        std::string plugin;
        std::string tool;
        std::string reason;
    };
    struct Snapshot {
        std::shared_ptr<core::ToolSet> set = std::make_shared<core::ToolSet>();
        std::map<std::string, std::shared_ptr<const RegisteredTool>, std::less<>> by_name;
        std::vector<Refusal> refusals;
    };

    std::vector<std::shared_ptr<ToolSource>> sources() const;
    std::shared_ptr<const Snapshot> snapshot() const;
    std::shared_ptr<const core::ToolSpec> with_approval(
        const std::shared_ptr<const core::ToolSpec>& offered) const;
    void offer(Snapshot& next, const Snapshot& old, const std::shared_ptr<const core::ToolSpec>& spec,
               const std::shared_ptr<ToolSource>& source) const;
    static void log_refusals(const Snapshot& next, const Snapshot& old);

    Live<ApprovalRules> approvals_;
    std::function<void()> changed_;
    std::mutex refresh_mutex_;  // one refresh at a time
    mutable std::mutex mutex_;  // held for moments, never during a source's work
    std::vector<std::shared_ptr<ToolSource>> sources_;
    std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();
};

}  // namespace assistd::tools
