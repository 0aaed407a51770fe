#pragma once
// Comma-separated values as RFC 4180 has them. The first line has the columns' names with their units, "rg
// [a]"; every other line is data, so that spreadsheets, NumPy and pandas read a table without being told
// anything. Pure functions.

#include <string>
#include <vector>

#include "assistd/plugin.hpp"
#include "text_sink.h"

namespace assistd::exporting {

// A field, in quotes where it must be.
std::string csv_field(const std::string& text);

// A value as a field: nothing for null, one line for text, JSON for lists and objects.
std::string csv_value(const Json& value);

// "rg [a]"; plain numbers ("1") and text ("-") have no unit.
std::string csv_heading(const std::string& name, const std::string& unit);

// Fields that are ready, with commas between them.
void write_line(TextSink& file, const std::vector<std::string>& fields);

}  // namespace assistd::exporting
