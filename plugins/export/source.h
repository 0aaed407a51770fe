#pragma once
// Reads the artifacts that the tools are given. Everything here throws Failure with a sentence for people.

#include <string>
#include <vector>

#include "assistd/particle_input.hpp"

namespace assistd::exporting {

// The file that an analysis tool stored.
Json document_of(const Artifact& analysis, const std::string& field);

// Two lists of equal length in `data`, such as rg_evolution's n and rg, pair by pair; pairs with something
// else than two positive numbers are left out. Empty when there are no such lists.
struct Pairs {
    std::vector<double> first;
    std::vector<double> second;
};
Pairs positive_pairs(const Json& data, const char* first, const char* second);

// The number at `key`, or `otherwise` when there is none.
double number_or(const Json& data, const char* key, double otherwise);

// Of a geometry that is known exactly its fractal dimension; 0 for what grew. What a fit to its layers found
// says nothing.
double exact_df(const Json& metadata);

}  // namespace assistd::exporting
