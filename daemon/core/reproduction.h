#pragma once
// Makes an artifact once more, with the tool, arguments and seed that are stored with it, and says whether
// the file is the same. Whoever asks for it waits until the tool has run, however long that takes. Any
// coroutine.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "core/ports.h"
#include "core/tool.h"

namespace assistd::core {

struct Reproduction {
    Artifact original;
    bool identical = false;  // the files, byte for byte
    std::string sentence;    // for people: whether it is, and what differs
    std::string plugin_now;  // id and version, as Artifact::plugin
    // What the tool made this time, if it made any. An identical one is removed again, so it has no handle.
    std::optional<Artifact> made;
    std::optional<std::int64_t> first_difference;   // byte from 0; a file's end counts as a byte
    std::vector<std::string> metadata_differences;  // members that differ, also of identical files (times)
    std::optional<ToolErrorType> error;             // the tool failed
};

// The call is the owner's own: what the policy says of it holds, and it is recorded like any other. It looks
// up only what there was when the artifact was made. Throws Error: not_found for what is not the owner's,
// conflict with a sentence for what cannot be made again (an upload, a parent or a tool that is gone, a tool
// that does more than write files), forbidden and rate_limited when the policy refuses the call.
Task<Reproduction> reproduce(Tools& tools, Artifacts& artifacts, Owner owner, std::string handle,
                             std::stop_token stop);

}  // namespace assistd::core
