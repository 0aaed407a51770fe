#pragma once
// What the doors may do with the configuration. Made by app/; any thread.

#include <functional>
#include <string>
#include <vector>

#include "base/async.h"

namespace assistd::api {

// What reading the configuration again comes to.
struct ConfigReport {
    std::vector<std::string> changed;        // keys whose new values count from now on
    std::vector<std::string> after_restart;  // keys whose new values will count after a restart
    std::vector<std::string> warnings;       // whole sentences
};

struct ConfigControl {
    // All of it or nothing. Throws Error{validation} with one field for each thing that is wrong.
    std::function<Task<ConfigReport>()> reload;
    // As reload() would, but nothing changes.
    std::function<Task<ConfigReport>()> check;
    // What counts, as a configuration file, without secrets.
    std::function<std::string()> print;
};

}  // namespace assistd::api
