#pragma once
// What others notice of a user who asks for a multiple of what the daemon can do, and how soon he is told
// that it is too much. The daemon has a core of its own, and those who ask have the other ones: so what is
// measured is the daemon's order, and not the scheduler's.

#include "measure.h"
#include "open_load.h"

namespace assistd::bench {

struct OverloadSettings {
    Settings common;
    double times = 4;          // of what the daemon can do
    int others = 8;            // who ask for little
    double known_share = 0.1;  // of what it can do, all of them together
    int connections = 1'000;   // of the one who asks for too much
    int model_ms = 20;         // from a request to the model's answer
};

struct OverloadFigures {
    double capacity = 0;  // turns a second, of one user alone
    OpenResult undisturbed;
    OpenResult others;  // meanwhile
    OpenResult flood;
};

// Throws std::runtime_error when something does not work.
OverloadFigures measure_overload(const OverloadSettings& settings,
                                 const std::function<void(std::string_view)>& note);
std::string as_table(const OverloadSettings& settings, const OverloadFigures& figures);

}  // namespace assistd::bench
