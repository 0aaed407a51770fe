#pragma once
// Where the daemon's log goes, and in which form. Called once, before there are threads.

#include <string>

namespace assistd::log {

struct Output {
    std::string level = "info";  // debug, info, warn, error
    bool json = false;           // each line an object; else text for people
    bool journal = false;        // systemd's, each value a field of its own; else standard error
};

// Every later line goes there. Where there is no journal, to standard error, which the first line says.
void start(const Output& output);

}  // namespace assistd::log
