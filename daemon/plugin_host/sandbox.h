#pragma once
// What the host may do once a plugin's code runs in it. main enters it before the library is opened.

#include <string>
#include <vector>

#include "plugin_host/limits.h"

namespace assistd::plugin_host {

struct Grant {
    Limits limits;
    int library = -1;  // open
    std::string scratch;
    std::vector<std::string> readable;  // beside what every program needs
    bool network = false;
};

// Ties this process to the daemon: it ends when the daemon does. False when the daemon has ended already.
bool die_with_parent(int parent_pid);

// Takes away every right that `grant` does not name, for good. Returns sentences about the protections that
// this kernel does not have; empty when it has them all.
std::string enter_sandbox(const Grant& grant, const OwnProcess& process);

}  // namespace assistd::plugin_host
