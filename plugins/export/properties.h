#pragma once
// What a simulation reports of itself, as a list of names, values and units: the header of a geometry file
// and the properties table. Pure functions and values.

#include <string>
#include <vector>

#include "assistd/plugin.hpp"

namespace assistd::exporting {

struct Property {
    std::string name;
    Json value;        // a number or one line of text
    std::string unit;  // "1" for plain numbers, "-" for text
};

// In a fixed order; what the simulation does not report is left out.
std::vector<Property> properties_of(const std::string& handle, const Json& metadata);

// The unit of the simulation's lengths: "a", the primary particle's radius, unless the simulation says
// otherwise.
std::string length_unit_of(const Json& metadata);

// The unit of a quantity by its name, which may be behind the name of an object or tool
// ("run_box_counting.rg"): "1" for plain numbers and for names that are not known.
std::string unit_of(const std::string& name, const std::string& length_unit);

// A value as it is written into text files.
std::string as_text(const Json& value);

// A parameter's value in a sentence: "108.7 a" of a box_size that was computed, "0.125" as it was given.
// `length_unit`: of lengths, empty when none is named.
std::string shown_value(const std::string& name, const Json& value, const std::string& length_unit);

}  // namespace assistd::exporting
