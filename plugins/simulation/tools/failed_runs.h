#pragma once
// The runs of parametric studies that failed. Each is only told by its study's table: it was no job of its
// own and made no artifact. Any thread.

#include <assistd/plugin.hpp>
#include <string>
#include <vector>

namespace assistd::simulation {

struct FailedRun {
    std::string study;  // the handle of the table
    int run = 0;        // its number there
    FoundJob about;     // without an id
};

// Of the newest studies that have ended and in which something failed. `more` is set when there may be
// others.
std::vector<FailedRun> failed_runs(const Catalogue& catalogue, const std::string& project_id, bool& more);

}  // namespace assistd::simulation
