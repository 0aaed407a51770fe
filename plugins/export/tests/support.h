#pragma once
// What the tests of export tools share: the plugin with two simulations, and a folder in which programs of
// others look at what it wrote. One test's thread.

#include <gtest/gtest.h>

#include <assistd/particles.hpp>
#include <assistd/testing.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace assistd::exporting {

// Spheres of different radii, not touching, in the order of a growth.
inline std::vector<Particle> scattered_particles(int count = 300) {
    std::mt19937 random(4);
    std::normal_distribution<double> place(0, 12);
    std::vector<Particle> particles;
    for (int i = 0; i < count; ++i)
        particles.push_back({place(random), place(random), place(random), 0.5 + 0.3 * i / count, i - 1, 0});
    return particles;
}

inline Json simulation_metadata() {
    return {{"algorithm", "dla"},  {"name", "soot, \"run\" <3>"},
            {"seed", 42},          {"dimensions", 3},
            {"n_particles", 300},  {"particle_radius", 2},
            {"df", 2.5},           {"kf", 1.3},
            {"length_unit", "nm"}, {"rg", 17.63}};
}

class WithPlugin : public ::testing::Test {
  protected:
    WithPlugin() : plugin_(PLUGIN_LIBRARY) {
        add_simulation("simulation-1", scattered_particles(), simulation_metadata());
        std::string folder = ::testing::TempDir() + "assistd-export-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
    }
    ~WithPlugin() override { std::filesystem::remove_all(folder_); }

    void add_simulation(const std::string& handle, const std::vector<Particle>& particles,
                        const Json& metadata = Json::object()) {
        plugin_.add_artifact(handle, "simulation", particle_file(particles), metadata);
    }
    // A call that goes well.
    testing::Outcome call(const std::string& tool, const Json& arguments) {
        testing::Outcome outcome = plugin_.run(tool, arguments);
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        if (outcome.ok()) {
            EXPECT_EQ(testing::differs_from_manifest(plugin_.manifest(), tool, outcome.data), "");
        }
        return outcome;
    }
    // The sentence of a call that is refused.
    std::string refusal(const std::string& tool, const Json& arguments) {
        const testing::Outcome outcome = plugin_.run(tool, arguments);
        EXPECT_EQ(outcome.error_type, "ValidationError");
        EXPECT_TRUE(outcome.artifacts.empty());
        return outcome.message;
    }
    // Puts the files of a call into the folder.
    void keep(const testing::Outcome& outcome) {
        for (const testing::StoredArtifact& made : outcome.artifacts)
            std::ofstream(folder_ + "/" + made.name) << made.bytes;
    }
    // Has the script look at the folder.
    void look(const std::string& script, const std::string& check) {
        const std::string command = PYTHON " " TESTS_FOLDER "/" + script + " " + check + " " + folder_;
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
    }

    testing::PluginRunner plugin_;
    std::string folder_;
};

}  // namespace assistd::exporting
