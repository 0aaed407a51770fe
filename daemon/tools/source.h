#pragma once
// Where tools come from: plugins in hosts or in the daemon itself, MCP servers, built-ins. The executor has
// done every check when it calls a source; the source only runs the tool. Usable from any coroutine.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/unique_fd.h"
#include "core/ports.h"
#include "core/tool.h"

namespace assistd::tools {

// An artifact that an argument names, checked to be the caller's and opened for reading.
struct OpenArtifact {
    core::Artifact artifact;
    UniqueFd file;
};

class Catalogue;

struct SourceCall {
    core::ToolCall call;  // its arguments fit the input schema; call.stop cancels
    std::shared_ptr<const core::ToolSpec> spec;
    std::vector<OpenArtifact> artifacts;
    std::shared_ptr<Catalogue> catalogue;  // what the call may look up; null: nothing
};

// A plugin that kept crashing, and runs no call until a time is over.
struct Quarantine {
    std::string reason;  // a sentence that says when it is free again
    std::chrono::seconds left{0};
};

struct SourceResult {
    bool success = false;
    std::string data = "null";  // JSON text
    std::string summary;
    // Files to keep: kind, name, media_type and metadata are set, and `file`; the executor adds the rest.
    std::vector<core::ArtifactDraft> artifacts;
    // Artifacts of the caller's that exist already and that the result is about.
    std::vector<core::ArtifactRef> existing;
    core::CallResources used;
    // What a plugin left in its process, which is ended therefore ("2 threads that go on"); empty: nothing.
    std::string left_behind;
    // When it failed:
    core::ToolErrorType error = core::ToolErrorType::InternalError;
    std::string message;  // a whole sentence
    std::string details;  // JSON text or empty
    bool recoverable = false;
    // What the plugin called its failure, where that is none of the types: "NotReadyError".
    std::string unknown_error = {};
    std::optional<Quarantine> quarantine;  // the tool did not run
};

class ToolSource {
  public:
    virtual ~ToolSource() = default;
    // What it offers now; the registry asks again after it was told of a change.
    virtual std::vector<std::shared_ptr<const core::ToolSpec>> tools() const = 0;
    // What it does not offer until somebody agrees to it; may be among the tools all the same, as another
    // version of them.
    virtual std::vector<core::WaitingTool> waiting() const { return {}; }
    // For GET /tools and the log: every file that was looked at, also the refused ones. Built-ins have none.
    virtual std::vector<core::PluginStatus> plugins() const { return {}; }
    // Lets a plugin of that id that is left alone since it kept crashing run again; false when there is none.
    virtual bool release_plugin(const std::string& /*id*/) { return false; }
    // Agrees to what such a plugin tells of its tools now; so too. May change what is offered.
    virtual bool approve_plugin(const std::string& /*id*/) { return false; }
    // Why no call of this tool runs now, for a study (`background`) or for anybody else.
    virtual std::optional<Quarantine> quarantine(const core::ToolSpec& /*tool*/, bool /*background*/) const {
        return std::nullopt;
    }
    // Whether a crash of this tool would be one of the daemon.
    virtual bool runs_in_daemon(const core::ToolSpec& /*tool*/) const { return false; }
    // Failures are results. Ends within the tool's time limit and soon after call.stop.
    virtual Task<SourceResult> call(SourceCall call, core::ProgressSink progress) = 0;
};

}  // namespace assistd::tools
