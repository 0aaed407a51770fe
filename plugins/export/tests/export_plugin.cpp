#include "export_plugin.h"

#include <cmath>
#include <random>

namespace assistd::exporting {

using testing::Outcome;
using testing::StoredArtifact;

std::vector<Particle> sample_particles() {
    std::mt19937 random(4);
    std::normal_distribution<double> place(0, 12);
    std::vector<Particle> particles;
    for (int i = 0; i < 300; ++i)
        particles.push_back({place(random), place(random), place(random), 0.5 + 0.001 * i, i - 1, 0});
    return particles;
}

Json sample_metadata() {
    Json n = Json::array(), rg = Json::array();
    for (int i = 1; i <= 300; ++i) {
        n.push_back(i);
        rg.push_back(2 * std::pow(i / 1.3, 1 / 2.5) * (1 + 0.02 * std::sin(i)));
    }
    return {{"algorithm", "dla"},
            {"name", "soot, \"run\"\n3"},
            {"seed", 42},
            {"dimensions", 3},
            {"n_particles", 300},
            {"particle_radius", 2},
            {"df", 2.5},
            {"df_stderr", 0.0123},
            {"kf", 1.3},
            {"kf_stderr", 0.04},
            {"r_squared", 0.998},
            {"rg", 17.63},
            {"porosity", nullptr},
            {"coordination", {{"mean", 1.99}, {"std", 0.7}}},
            {"rg_evolution", {{"n", n}, {"rg", rg}}}};
}

Json sample_box_counting() {
    Json sizes = Json::array(), counts = Json::array(), plain = Json::array(), fitted = Json::array();
    for (double size = 2; size <= 400; size *= 1.26) {
        sizes.push_back(size);
        counts.push_back(std::ceil(60000 * std::pow(size, -1.8) * (1 + 0.05 * std::sin(size))));
        plain.push_back(counts.back().get<double>() * (1 + size / 400));
        fitted.push_back(size >= 4 && size <= 100);
    }
    return {{"analysis", "box_counting"},
            {"simulation", "simulation-1"},
            {"df", 1.8},
            {"standard_error", 0.013},
            {"r_squared", 0.9987},
            {"intercept", std::log(60000)},
            {"mean_particle_diameter", 2},
            {"subject", sample_metadata()},
            {"uncorrected", {{"df", 1.741}, {"standard_error", 0.014}}},
            {"points", {{"box_size", sizes}, {"count", counts}, {"occupied", plain}, {"fitted", fitted}}}};
}

Json sample_correlation() {
    Json r = Json::array(), g = Json::array(), fitted = Json::array();
    for (double at = 2; at <= 80; at *= 1.15) {
        r.push_back(at);
        g.push_back(0.5 * std::pow(at, -0.6) * std::exp(-std::pow(at / 60, 8)) *
                    (1 + 0.02 * std::sin(9 * at)));
        fitted.push_back(at >= 4 && at <= 40);
    }
    return {{"analysis", "correlation"},
            {"simulation", "simulation-1"},
            {"dimensions", 3},
            {"subject", sample_metadata()},
            {"pair_correlation", {{"r", r}, {"g_r", g}, {"fitted", fitted}}},
            {"sandbox", {{"r", {1, 2}}, {"mass", {1, 5}}, {"fitted", {true, true}}}}};
}

Json sample_study(int seeds) {
    std::mt19937 random(8);
    std::normal_distribution<double> noise(0, 0.05);
    Json runs = Json::array();
    const auto add = [&](int n, const char* status, const Json& metrics) {
        const int number = static_cast<int>(runs.size()) + 1;
        runs.push_back({{"run", number},
                        {"status", status},
                        {"parameters", {{"n_particles", n}, {"seed", 100 + number}}},
                        {"metrics", metrics},
                        {"artifacts", {"simulation-" + std::to_string(200 + number)}}});
    };
    for (const int n : {64, 128, 256})
        for (int seed = 0; seed < seeds; ++seed)
            add(n, "completed",
                {{"df", 1.78 + noise(random)},
                 {"df_stderr", 0.01},
                 {"kf", 1.4 + noise(random)},
                 {"rg", n / 8.0}});
    add(256, "failed", Json::object());
    runs.back()["error"] = {{"error_type", "Timeout"}, {"message", "It took too long."}};
    return {{"study",
             {{"name", "sizes of soot"},
              {"tool", "run_cca_simulation"},
              {"then", nullptr},
              {"base_parameters", {{"sticking_probability", 1}}},
              {"parameter_grid", {{"n_particles", {64, 128, 256}}}},
              {"seeds_per_combination", seeds},
              {"runs", runs.size()},
              {"status", "completed_with_errors"},
              {"completed", runs.size() - 1},
              {"failed", 1}}},
            {"runs", runs}};
}

ExportPlugin::ExportPlugin() : plugin_(PLUGIN_LIBRARY) {
    add_simulation("simulation-1", sample_metadata(), sample_particles());
    add_simulation("simulation-2", Json::object(), sample_particles());
    plugin_.add_artifact("simulation-3", "simulation", "");
    plugin_.add_artifact("analysis-1", "analysis", sample_box_counting().dump());
    plugin_.add_artifact("analysis-2", "analysis", R"({"analysis": "projection"})");
    plugin_.add_artifact("analysis-3", "analysis", "what is this");
    plugin_.add_artifact("analysis-4", "analysis", sample_correlation().dump());
    plugin_.add_artifact("study-1", "study", sample_study(20).dump());
    plugin_.add_artifact("plot-1", "plot", "<svg/>");
    std::string folder = ::testing::TempDir() + "assistd-export-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
}
ExportPlugin::~ExportPlugin() {
    std::filesystem::remove_all(folder_);
}

Outcome ExportPlugin::call(const std::string& tool, const Json& arguments) {
    const Outcome outcome = plugin_.run(tool, arguments);
    if (outcome.ok()) {
        EXPECT_EQ(testing::differs_from_manifest(plugin_.manifest(), tool, outcome.data), "");
    }
    return outcome;
}

std::string ExportPlugin::refusal(const std::string& tool, const Json& arguments) {
    const Outcome outcome = plugin_.run(tool, arguments);
    EXPECT_EQ(outcome.error_type, "ValidationError");
    EXPECT_TRUE(outcome.artifacts.empty());
    return outcome.message;
}

void ExportPlugin::read_back(const Outcome& outcome, const std::string& check) {
    for (const StoredArtifact& made : outcome.artifacts)
        std::ofstream(folder_ + "/" + made.name) << made.bytes;
    std::ofstream(folder_ + "/original.npy") << particle_file(sample_particles());
    std::ofstream(folder_ + "/metadata.json") << sample_metadata();
    const std::string command = PYTHON " " READ_BACK_SCRIPT " " + check + " " + folder_;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

void ExportPlugin::add_simulation(const std::string& handle, const Json& about,
                                  const std::vector<Particle>& geometry) {
    plugin_.add_artifact(handle, "simulation", particle_file(geometry), about);
}

}  // namespace assistd::exporting
