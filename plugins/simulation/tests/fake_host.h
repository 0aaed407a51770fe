#pragma once
// The plugin through its C border, as the host calls it. For one test's thread.

#include <gtest/gtest.h>

#include <assistd/particles.hpp>
#include <assistd/testing.hpp>
#include <string>
#include <vector>

namespace assistd::simulation {

// Runs the plugin that is linked in, and keeps what the last call gave.
class FakeHost {
  public:
    assistd_status call(const std::string& tool, const Json& arguments) {
        outcome_ = runner_.run(tool, arguments);
        data = outcome_.data;
        summary = outcome_.summary;
        error_type = outcome_.error_type;
        error = outcome_.message;
        error_details = outcome_.details;
        progress.clear();
        for (const assistd::testing::Progress& each : outcome_.progress) progress.push_back(each.fraction);
        if (!outcome_.artifacts.empty()) {
            EXPECT_EQ(outcome_.artifacts[0].kind, "simulation");
            EXPECT_EQ(outcome_.artifacts[0].media_type, particle_media_type);
            artifact_name = outcome_.artifacts[0].name;
            artifact_metadata = outcome_.artifacts[0].metadata;
        }
        return outcome_.status;
    }
    void cancel_at_look(int look) { runner_.cancel_at_look(look); }
    std::vector<Particle> particles() const { return read_particles(outcome_.artifacts.at(0).bytes); }

    Json data, error_details, artifact_metadata;
    std::string summary, error_type, error, artifact_name;
    std::vector<double> progress;

  private:
    assistd::testing::PluginRunner runner_{assistd_plugin_entry};
    assistd::testing::Outcome outcome_;
};

}  // namespace assistd::simulation
