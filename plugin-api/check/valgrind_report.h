#pragma once
// What valgrind wrote (--xml=yes) about one process, as far as it is about the plugin. Pure functions.

#include <filesystem>
#include <string>
#include <vector>

namespace assistd::check {

struct ValgrindReport {
    std::vector<std::string> errors;  // whole sentences, each kind of error once
    std::size_t elsewhere = 0;        // errors that no code of the plugin has part in
    bool complete = false;            // the process ended in order, so leaks were looked for
};

// `library` is the plugin's file, as it stands in stack traces. Throws Error when `xml` cannot be read.
ValgrindReport read_valgrind_report(const std::filesystem::path& xml, const std::filesystem::path& library);

}  // namespace assistd::check
