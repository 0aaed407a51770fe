#pragma once
// Reads the artifacts that the tools are given. Everything here throws Failure with a sentence for people.

#include <string>
#include <vector>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd::exporting {

// The artifact of that handle, which must be of one of these kinds; `field` is the argument that named it.
Artifact artifact_of_kind(const Call& call, const std::string& handle, const std::string& field,
                          const std::vector<std::string>& kinds);

std::vector<Particle> particles_of(const Artifact& simulation, const std::string& field);

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

}  // namespace assistd::exporting
