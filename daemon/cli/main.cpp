// assistctl: the daemon from the command line.

#include <curl/curl.h>

#include <iostream>

#include "cli/command_line.h"

int main(int argc, char** argv) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int code = assistd::cli::run({argv + 1, argv + argc}, std::cout, std::cerr);
    std::cout.flush();
    curl_global_cleanup();
    return code;
}
