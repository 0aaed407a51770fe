#pragma once
// assistd-bench exchange: its options, and running its parts one after the other.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "exchange.h"

namespace assistd::bench {

// `settings.common.folder` must be there; the rest of `common` has its defaults.
void add_options(CLI::App& command, ExchangeSettings& settings);
ExchangeReport run_exchange(ExchangeSettings settings, const std::function<void(std::string_view)>& note);

}  // namespace assistd::bench
