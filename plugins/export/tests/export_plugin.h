#pragma once
// What the tests of the plugin's tools share: the plugin as the host sees it, sources that look like those of
// the other plugins, and the script that reads files back with other people's programs.

#include <gtest/gtest.h>

#include <assistd/particles.hpp>
#include <assistd/testing.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace assistd::exporting {

std::vector<Particle> sample_particles();
// A growth by N = 1.3 (Rg/a)^2.5 with a = 2.
Json sample_metadata();
// As run_box_counting stores it: a power law over two decades, with sizes outside of the fit.
Json sample_box_counting();
// As run_correlation_analysis stores it: g(r) = 0.5 r^-0.6 between 4 and 40.
Json sample_correlation();
// A study over N with `seeds` runs of each, and one that failed.
Json sample_study(int seeds);

class ExportPlugin : public ::testing::Test {
  protected:
    ExportPlugin();
    ~ExportPlugin() override;

    // Expects the result to be as the manifest says.
    testing::Outcome call(const std::string& tool, const Json& arguments);
    // The sentence of a call that must be refused.
    std::string refusal(const std::string& tool, const Json& arguments);
    // Puts the files of a call into the folder and has the script look at them.
    void read_back(const testing::Outcome& outcome, const std::string& check);
    void add_simulation(const std::string& handle, const Json& about, const std::vector<Particle>& geometry);

    testing::PluginRunner plugin_;
    std::string folder_;
};

}  // namespace assistd::exporting
