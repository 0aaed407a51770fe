#pragma once
// Every command of assistctl with its options: what the command line is read by, completed by, and what its
// manual is checked against. One thread.

#include "cli/command_groups.h"

namespace assistd::cli {

// `options` must outlive the app.
void build_tree(CLI::App& app, Options& options);

}  // namespace assistd::cli
