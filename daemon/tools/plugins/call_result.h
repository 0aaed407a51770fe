#pragma once
// What a plugin is told and what it says, as the rest of the daemon knows it: checked, cut and made
// printable, the same for plugins in hosts and in the daemon. Functions without state.

#include <optional>
#include <vector>

#include "base/call_quotas.h"
#include "base/host_protocol.h"
#include "tools/source.h"

namespace assistd::tools {

inline constexpr std::size_t max_message_bytes = 4'000;  // of a failure's sentence

SourceResult failed_result(core::ToolErrorType type, std::string message, bool recoverable);

// Without its files.
HostCall message_of(const SourceCall& call, std::uint64_t number);
// What fits no frame is refused before a plugin hears of it.
std::optional<SourceResult> refuse_oversize(const SourceCall& call);

// From the call's catalogue; a refusal for one that has none. Failures are answers.
Task<HostReply> answer_of(const SourceCall& call, HostQuestion question);

core::ToolProgress progress_of(const HostProgress& progress);
// `files` are those of the result's artifacts. What the plugin used of the machine is not in it.
SourceResult result_of(HostResult result, std::vector<UniqueFd> files, const core::ToolSpec& tool,
                       const CallQuotas& quotas);

}  // namespace assistd::tools
