#pragma once
// What the tests of the plugin's tools share: a runner that checks results against the manifest, an
// aggregate, and a picture of it.

#include <gtest/gtest.h>

#include <assistd/testing.hpp>
#include <string>
#include <vector>

#include "analysis/fraktal/projection.h"
#include "clusters.h"
#include "pictures.h"

namespace assistd::analysis {

using testing::Outcome;
using testing::PluginRunner;

class AnalysisTools : public ::testing::Test {
  protected:
    AnalysisTools() : plugin_(PLUGIN_LIBRARY) {}

    Outcome run(const std::string& tool, const Json& arguments) {
        const Outcome outcome = plugin_.run(tool, arguments);
        if (outcome.ok()) {
            EXPECT_EQ(testing::differs_from_manifest(plugin_.manifest(), tool, outcome.data), "");
        } else {
            EXPECT_TRUE(outcome.artifacts.empty());
        }
        return outcome;
    }
    std::string problem(const std::string& tool, const Json& arguments) {
        const Outcome outcome = run(tool, arguments);
        EXPECT_EQ(outcome.error_type, "ValidationError") << arguments;
        return outcome.message;
    }
    void add_simulation(const std::string& handle, const std::vector<Particle>& particles,
                        const Json& about = Json::object()) {
        plugin_.add_artifact(handle, "simulation", particle_file(particles), about);
    }

    PluginRunner plugin_;
};

inline std::vector<Particle> aggregate() {
    std::mt19937_64 random(11);
    return ballistic_aggregate(8, random);
}

// The aggregate as a microscope shows it: dark on bright, 1.25 nm a pixel with primary particles of 25 nm.
inline std::vector<std::vector<png_byte>> micrograph(int margin = 30) {
    const Projection projection = project(aggregate(), {0, 0, 1}, 20, [] {});
    std::vector<std::vector<png_byte>> rows;
    for (int y = -margin; y < projection.mask.height + margin; ++y) {
        std::vector<png_byte>& row = rows.emplace_back();
        for (int x = -margin; x < projection.mask.width + margin; ++x) {
            const bool inside = x >= 0 && y >= 0 && x < projection.mask.width && y < projection.mask.height;
            row.push_back(inside && projection.mask.row(y)[x] ? 70 : 190);
        }
    }
    return rows;
}

}  // namespace assistd::analysis
