#pragma once
// Who listens on this machine, and what a daemon that does was started with, as far as the system shows it to
// this user. Nothing is changed by looking. Any thread.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "base/config.h"

namespace assistd::cli {

// The sockets that listen on a port, by their inodes; of both families.
std::set<std::string> listeners_on(std::uint16_t port);

// "nginx (process 123)"; empty when it is another user's, whose files are not shown.
std::string process_with(const std::set<std::string>& sockets);

struct RunningDaemon {
    pid_t process = 0;
    std::filesystem::path folder;  // in which it runs, and from which its paths begin
    std::filesystem::path state;   // its folder; empty: it is not seen
    ConfigSources sources;
};
// The assistd that has the sockets. Nothing when there is none, or when it is another user's.
std::optional<RunningDaemon> daemon_with(const std::set<std::string>& sockets);

}  // namespace assistd::cli
