#pragma once
// Where the daemon's log goes, and in which form. Called once, before there are threads.

#include <string>

namespace assistd::log {

struct Output {
    std::string level = "info";  // debug, info, warn, error
    bool json = false;           // each line an object; else text for people
    bool journal = false;        // systemd's, each value a field of its own; else standard error
    // Standard error ends in the journal: each line begins with its level as sd-daemon(3) writes it, and has
    // no time, which the journal has.
    bool error_is_journal = false;
};

// Every later line goes there. Where there is no journal, to standard error, which the first line says.
void start(Output output);

}  // namespace assistd::log
