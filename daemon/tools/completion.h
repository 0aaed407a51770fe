#pragma once
// What becomes of a source's result: checked, and its files described with all that is needed to make them
// again. Pure functions; any thread.

#include <optional>
#include <vector>

#include "core/ports.h"
#include "tools/running_call.h"

namespace assistd::tools {

// Why a good result cannot be passed on (its plugin breaks its own promises); nothing when it can.
std::optional<core::ToolOutcome> broken_promise(const RunningCall& running, const SourceResult& result);

// The outcome of a result that says itself that it failed.
core::ToolOutcome failure_of(const RunningCall& running, const SourceResult& result);

// The drafts with owner, project, producing call, parameters, seed and parents.
std::vector<core::ArtifactDraft> completed_drafts(const RunningCall& running, SourceResult& result);

// The result's data as a file to keep. Throws Error{unavailable} when it cannot be written.
core::ArtifactDraft whole_result(const RunningCall& running, const SourceResult& result, UniqueFd file);

core::ArtifactRef ref_of(const core::Artifact& artifact);

// A new job for a running call.
core::Job job_of(const RunningCall& running);

}  // namespace assistd::tools
