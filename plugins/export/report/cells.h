#pragma once
// The cells of reports' tables, from what simulations, analyses and comparisons say. Pure functions; where
// nothing is said the cell is a dash.

#include <optional>
#include <string>

#include "assistd/plugin.hpp"
#include "report/text.h"
#include "statistics.h"

namespace assistd::exporting {

Text dash();

std::optional<double> number_at(const Json& data, const char* pointer);

// `error`: where the error stands, if there is one; `scale`: what both are multiplied by.
Text number_cell(const Json& data, const char* pointer, const char* error = nullptr, double scale = 1);

// As it was given, 15 and not 15.00.
Text given_cell(const Json& data, const char* pointer);

// Whole numbers and texts, as they are.
Text plain_cell(const Json& data, const char* key);

Text spread_cell(const std::optional<Spread>& spread);

// " (nm)"; nothing where no unit is known.
Text in_brackets(const std::string& unit);

}  // namespace assistd::exporting
