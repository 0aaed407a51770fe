// assistctl: the daemon from the command line.

#include <curl/curl.h>

#include <algorithm>
#include <iostream>

#include "cli/command_line.h"

int main(int argc, char** argv) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::string program = argc > 0 ? argv[0] : "assistctl";
    const int code =
        assistd::cli::run(program, {argv + std::min(argc, 1), argv + argc}, std::cout, std::cerr);
    std::cout.flush();
    curl_global_cleanup();
    return code;
}
