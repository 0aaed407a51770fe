// assistctl: the daemon from the command line.

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "cli/command_line.h"

namespace {

// A connection to the daemon must not get the number of a standard stream that is closed, and be written to.
// What is opened in its place can be neither read nor written, as before.
void keep_standard_streams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            std::abort();
}

}  // namespace

int main(int argc, char** argv) {
    keep_standard_streams();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::string program = argc > 0 ? argv[0] : "assistctl";
    const int code =
        assistd::cli::run(program, {argv + std::min(argc, 1), argv + argc}, std::cout, std::cerr);
    curl_global_cleanup();
    return code;
}
