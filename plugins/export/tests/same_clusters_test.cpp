// A cluster that is there twice, made with the same seed and parameters, says nothing new.

#include <algorithm>

#include "export_plugin.h"

namespace assistd::exporting {
namespace {

class SameClusters : public ExportPlugin {};

TEST_F(SameClusters, CountOnceInADistribution) {
    Json others = Json::array();
    for (int i = 0; i < 4; ++i) {
        Json about = sample_metadata();
        about["parameters"] = {{"n_particles", 300}, {"name", "run " + std::to_string(i)}};
        about["seed"] = std::min(i, 2);
        about["df"] = 2.4 + 0.05 * std::min(i, 2);
        others.push_back("simulation-" + std::to_string(80 + i));
        add_simulation(others.back(), about, sample_particles());
    }
    const Json arguments{{"source", others[0]}, {"overlay", others}, {"plot", "df_distribution"}};
    const testing::Outcome spread = call("generate_plot", arguments);
    ASSERT_TRUE(spread.ok()) << spread.message;
    EXPECT_EQ(spread.data.at("points"), 3);
    EXPECT_NEAR(spread.data.at("mean").get<double>(), 2.45, 1e-9);
    EXPECT_NE(spread.summary.find("simulation-83 is the same cluster as simulation-82: the same seed and "
                                  "parameters, bit by bit. Each cluster counts once."),
              std::string::npos)
        << spread.summary;
    others.erase(1);
    EXPECT_NE(
        refusal("generate_plot", {{"source", others[0]}, {"overlay", others}, {"plot", "df_distribution"}})
            .find("there are 2; name further simulations in overlay, or plot a study. simulation-83 is "
                  "the same cluster"),
        std::string::npos);
}

TEST_F(SameClusters, CountOnceInASummary) {
    const std::vector<std::string> handles{"simulation-80", "simulation-81", "simulation-82"};
    for (std::size_t i = 0; i < handles.size(); ++i) {
        Json about = sample_metadata();
        about["parameters"] = {{"n_particles", 300}, {"name", handles[i]}, {"sticking_probability", 0.5}};
        about["seed"] = std::min<std::size_t>(i, 1);
        about["df"] = i == 0 ? 2.4 : 2.5;
        add_simulation(handles[i], about, sample_particles());
    }
    const std::string text = call("generate_quick_summary", {{"sources", handles}, {"format", "text"}})
                                 .data.at("text")
                                 .get<std::string>();
    EXPECT_NE(
        text.find("The 2 clusters of 3-D DLA with 300 particles have a mean fractal dimension of 2.450"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("simulation-82 is the same cluster as simulation-81: the same seed and parameters, "
                        "bit by bit. Each cluster counts once."),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace assistd::exporting
