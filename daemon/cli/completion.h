#pragma once
// What a command line may go on to: commands and options as the program has them, and names as the daemon
// tells them when it answers quickly. The shells' scripts (packaging/completions) ask for it. One thread.

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/http_client.h"

namespace assistd::cli {

// How the scripts call assistctl: this, then the words behind the program's name up to the cursor, of which
// the last one may be begun or empty.
inline constexpr const char* completing = "__complete";

// Prints "WORD<Tab>description" for each word that begins as the last one does, and ":files" where a file's
// name may stand. Never fails: there is nobody to be told.
void complete(const CLI::App& app, const HttpClient& daemon, const std::vector<std::string>& words,
              std::ostream& out);

// A shell's script, as it is in packaging/completions; empty for a shell that there is none for.
std::string_view completion_script(std::string_view shell);

}  // namespace assistd::cli
