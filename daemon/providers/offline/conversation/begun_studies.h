#pragma once
// The studies that a conversation has begun, as its messages tell them: by their ids while they run, by the
// handles of their results from then on. Values; used for one request, on one thread.

#include <string>
#include <vector>

#include "providers/offline/conversation/history.h"
#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {

struct BegunStudy {
    std::string id;         // "study_01a2…"
    std::string handle;     // of its results; empty: it has not ended yet
    std::string name;       // its own, or that of its tool
    std::string tool;       // as the call says it
    std::string arguments;  // of the call, in lower case
    int runs = 0;
    const Call* call = nullptr;

    std::string as_unended() const { return "The study “" + name + "”"; }
    const std::string& target() const { return handle.empty() ? id : handle; }
};

// In the order in which they were begun.
std::vector<BegunStudy> begun_studies(History& history);

// What the newest of them goes by; empty when the conversation has begun none.
std::string newest_study(History& history);
// The id of the newest that goes on; empty when none does.
std::string newest_running_study(History& history);

// Those of the last list of studies that was shown since one was begun, the first first.
std::vector<std::string> listed_studies(History& history);

// Those that the words mean, by their targets. None and no problem: the newest that there is, wherever it was
// begun.
struct StudiesMeant {
    std::vector<std::string> targets;
    std::string problem;
};
StudiesMeant studies_meant(History& history, const Reference& reference);

}  // namespace assistd::providers::offline
