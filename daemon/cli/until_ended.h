#pragma once
// Waits for what the daemon does by itself, such as a job or a study. One thread.

#include <functional>
#include <string>

#include "cli/commands.h"

namespace assistd::cli {

struct Awaited {
    std::string path;  // behind the API's prefix
    std::function<bool(const Json&)> has_ended;
    std::function<std::string(const Json&)> how_far;  // shown whenever it has changed
    std::string when_left;                            // the sentence for whom Ctrl-C sends away
};

// What it was at its end. It goes on past the daemon's restart; a daemon that stays away is a Failure, as is
// one that is not there to begin with. Ctrl-C leaves it running.
Json until_ended(Context& context, const Awaited& awaited);

}  // namespace assistd::cli
