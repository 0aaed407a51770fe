#pragma once
// What the benchmark's model says: to a user message it answers with one call of the tool `echo`, to the
// tool's result with a final sentence, and to a message that begins with "plain" with that sentence at once.
// It checks that what it gets back is what it asked for.

#include <string>

#include "support/scripted_upstream.h"

namespace assistd::bench {

// The reply that a turn must have whose user message is `content`.
std::string expected_reply(std::string_view content);

test::ScriptedUpstream::Reply answer_like_a_model(const test::ScriptedUpstream::Request& request);

}  // namespace assistd::bench
