// What the manifest promises, against what the plugin does.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <tuple>

#include "tests/fake_host.h"
#include "tests/support.h"
#include "tools/report.h"
#include "tools/tools.h"

namespace assistd::simulation {
namespace {

TEST(Manifest, SaysWhatThePluginDoes) {
    std::ifstream file(SIMULATION_MANIFEST);
    const Json manifest = Json::parse(file);
    EXPECT_EQ(manifest["version"], plugin_version);
    FakeHost host;
    std::set<std::string> tools;
    for (const Json& tool : manifest["tools"]) {
        tools.insert(tool["name"]);
        EXPECT_GE(tool["phrases"].size(), 10u) << tool["name"];
        EXPECT_TRUE(tool["effects"]["idempotent"].get<bool>());
        // Every slot and every value of a phrase is an argument of the schema.
        for (const char* list : {"phrases", "options"}) {
            for (const std::string phrase : tool[list]) {
                for (std::size_t open = phrase.find('{'); open != std::string::npos;
                     open = phrase.find('{', open + 1)) {
                    const std::string slot = phrase.substr(open + 1, phrase.find('}', open) - open - 1);
                    const std::string argument = slot.substr(0, slot.find_first_of("?=!*"));
                    EXPECT_TRUE(tool["input"]["properties"].contains(argument)) << phrase;
                }
                EXPECT_EQ(std::count(phrase.begin(), phrase.end(), '('),
                          std::count(phrase.begin(), phrase.end(), ')'))
                    << phrase;
                EXPECT_EQ(std::count(phrase.begin(), phrase.end(), '['),
                          std::count(phrase.begin(), phrase.end(), ']'))
                    << phrase;
            }
        }
    }
    EXPECT_EQ(tools, (std::set<std::string>{"run_dla_simulation", "run_cca_simulation",
                                            "run_ballistic_simulation", "run_ballistic_cc_simulation",
                                            "run_eden_simulation", "run_limiting_case", "list_algorithms",
                                            "run_simulation", "run_tunable_simulation", "list_simulations",
                                            "get_simulation_details"}));
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 20}}), ASSISTD_OK);
    for (const Json& key : manifest["tools"][0]["output"]["required"])
        EXPECT_TRUE(host.data.contains(key.get<std::string>()));
    for (const auto& [key, value] : host.data.items())
        EXPECT_TRUE(manifest["tools"][0]["output"]["properties"].contains(key)) << key;
    ASSERT_EQ(host.call("run_tunable_simulation", {{"n_particles", 20}, {"target_df", 1.8}}), ASSISTD_OK);
    EXPECT_EQ(assistd::testing::differs_from_manifest(manifest, "run_tunable_simulation", host.data), "");
    EXPECT_EQ(assistd::testing::differs_from_manifest(manifest, "run_simulation", host.data), "");
    // run_simulation takes what any algorithm takes, and names all algorithms.
    ASSERT_EQ(host.call("list_algorithms", Json::object()), ASSISTD_OK);
    const Json& any = *std::find_if(manifest["tools"].begin(), manifest["tools"].end(),
                                    [](const Json& tool) { return tool["name"] == "run_simulation"; });
    std::set<std::string> named = any["input"]["properties"]["algorithm"]["enum"];
    for (const Json& algorithm : host.data["algorithms"]) {
        EXPECT_EQ(named.erase(algorithm["algorithm"]), 1u) << algorithm["algorithm"];
        for (const std::string parameter : algorithm["parameters"])
            EXPECT_TRUE(any["input"]["properties"].contains(parameter)) << parameter;
        EXPECT_TRUE(tools.contains(algorithm["tool"])) << algorithm["tool"];
    }
    EXPECT_TRUE(named.empty());
}

// Where algorithms differ, run_simulation takes what any of them takes, and says which means what.
TEST(Manifest, MergesTheArgumentsOfAllAlgorithms) {
    const Json any = run_simulation_input().at("properties");
    EXPECT_EQ(any.at("n_particles").at("minimum"), 1);
    EXPECT_EQ(any.at("n_particles").at("maximum"), 10'000'000);
    EXPECT_EQ(any.at("n_particles").at("description"),
              "dla: Number of particles: 10 to 10,000,000 in 2-D, 10 to 1,000,000 in 3-D. cca, ballistic, "
              "ballistic_cc, eden, tunable, tunable_cc: Number of particles: 10 to 1,000,000. limiting: "
              "Instead of layers: the smallest complete structure with at least this many spheres");
    const Json& sticking = any.at("sticking_probability");
    EXPECT_EQ(sticking.at("exclusiveMinimum"), 0);
    EXPECT_FALSE(sticking.contains("minimum"));
    EXPECT_EQ(any.at("dimensions").at("description"),
              "2 for a flat cluster, 3 for one in space (3 when left out)");
    for (const auto& [name, property] : any.items()) EXPECT_FALSE(property.contains("default")) << name;
    EXPECT_FALSE(any.contains("method"));
}

}  // namespace
}  // namespace assistd::simulation
