#pragma once
// Starts programs with exactly the descriptors, words and environment that they are given. Pure system calls;
// any thread.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace assistd {

struct Pipe {
    UniqueFd reading, writing;
};

// Closed when another program is started. `flags` as for pipe2. Throws Error{unavailable}.
Pipe make_pipe(int flags = 0);

// A copy for somebody else to close, above the numbers that programs are started with. Throws
// Error{unavailable}.
UniqueFd duplicate(int fd);

struct ProgramStart {
    std::filesystem::path binary;
    std::vector<std::string> words;        // the first is the program's own name
    std::vector<std::string> environment;  // "NAME=value"
    // Which of our descriptors become which of its own; it has no others. Standard input is /dev/null when it
    // is not among them.
    std::vector<std::pair<int, int>> descriptors;
    bool own_session = false;  // else it leads a process group of its own
};

struct StartedProgram {
    pid_t pid = -1;
    UniqueFd pidfd;
};

// No signal is blocked or ignored in the program. Throws Error{unavailable} with a sentence that begins with
// `what` ("A plugin host"), and leaves nothing behind.
StartedProgram start_program(const ProgramStart& start, const std::string& what);

}  // namespace assistd
