#pragma once
// What is kept of a study that has ended: the table of its runs as an artifact, for the tools that work on
// studies, and the notice in its conversation.

#include <optional>
#include <string>

#include "core/ports.h"
#include "core/study_store.h"

namespace assistd::tools {

// So many runs are read at once.
inline constexpr int table_page = 500;

// Stores the artifact, of kind "study" and beside those that the study had before it ran again, and returns
// its handle:
// JSON {"study": {…}, "runs": [{"run", "status", "parameters", "metrics", "artifacts", "error"?}…]}.
// Throws Error{unavailable}.
Task<std::string> keep_table(core::StudyStore& store, core::Artifacts& artifacts, core::Study study);

// Whose table the artifact is; none when it is none.
std::optional<StudyId> study_of_table(const core::Artifact& artifact);

// Nothing for a study that no conversation asked for.
std::optional<core::Message> end_notice(const core::Study& study);

// "48 of 50 runs completed, 2 failed": how an ended study ended.
std::string counts_text(const core::Study& study);

}  // namespace assistd::tools
