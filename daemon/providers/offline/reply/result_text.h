#pragma once
// One tool result in plain Markdown. Pure functions, any thread.

#include <string>

#include "providers/offline/conversation/history.h"

namespace assistd::providers::offline {

// "Grew 500 particles, Df 2.41 → **simulation-1**"; `title` names the tool when it gave no summary.
std::string result_line(const Call& call, const std::string& title);
// The rows of a listing, such as the algorithms or the artifacts, when the data holds one; else empty.
std::string result_rows(const Call& call);
// Why a call failed: its message and the sentences of each wrong field.
std::string failure_text(const Call& call);

}  // namespace assistd::providers::offline
