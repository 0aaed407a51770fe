#include "clusters/kinds.h"

#include <gtest/gtest.h>

#include <map>

namespace assistd::clusters {
namespace {

Json made(const std::string& algorithm, const Json& parameters, int n_particles = 100) {
    return {{"algorithm", algorithm},
            {"dimensions", 3},
            {"parameters", parameters},
            {"n_particles", n_particles}};
}

TEST(Kinds, AreToldApartByWhatChangesDf) {
    EXPECT_EQ(
        kinds_of({made("cca", {{"sticking_probability", 1}}), made("cca", {{"sticking_probability", 1.0}}),
                  made("cca", {{"sticking_probability", 0.01}}), made("dla", {{"sticking_probability", 1}})}),
        (std::vector<std::string>{"3-D CCA, sticking probability 1", "3-D CCA, sticking probability 1",
                                  "3-D CCA, sticking probability 0.01", "3-D DLA"}));
    EXPECT_EQ(kinds_of({made("tunable_cc", {{"target_df", 1.5}, {"target_kf", 1.3}}),
                        made("tunable_cc", {{"target_df", 2.1}, {"target_kf", 1.3}})}),
              (std::vector<std::string>{"3-D tunable cc, target Df 1.5", "3-D tunable cc, target Df 2.1"}));
    const std::map<std::string, std::string> told{{"growth_probability", "growth probability"},
                                                  {"target_kf", "target kf"},
                                                  {"sigma_g", "sigma g"},
                                                  {"volume_fraction", "volume fraction"},
                                                  {"sintering", "sintering"},
                                                  {"sintering_min", "sintering min"},
                                                  {"sintering_std", "sintering std"}};
    for (const auto& [parameter, words] : told)
        EXPECT_EQ(kinds_of({made("eden", {{parameter, 0.5}}), made("eden", {{parameter, 0.75}})}),
                  (std::vector<std::string>{"3-D eden, " + words + " 0.5", "3-D eden, " + words + " 0.75"}));
    EXPECT_EQ(kinds_of({made("tunable", {{"method", "a"}}), made("tunable", {{"method", "b_c"}})})[1],
              "3-D tunable, method b c");
    EXPECT_EQ(kinds_of({made("limiting", {{"configuration", "cuboctaedro"}}), Json::object()}),
              (std::vector<std::string>{"cuboctaedro", "unknown kind"}));
}

TEST(Kinds, ShowFourDigitsOfWhatWasComputed) {
    const auto kinds = kinds_of({made("cca", {{"box_size", 108.6893472}}), made("cca", {{"box_size", 40}}),
                                 made("cca", {{"radius_min", 3}, {"radius_max", 4}, {"box_size", 40}})});
    EXPECT_EQ(kinds, (std::vector<std::string>{"3-D CCA, box size 108.7 a", "3-D CCA, box size 40 a",
                                               "3-D CCA, largest radius / smallest 1.333, box size 40 a"}));
}

TEST(Kinds, AreNotMadeBySizesSeedsAndUnits) {
    const auto is_one = [](const Json& one, const Json& other) {
        const auto kinds = kinds_of({one, other});
        return kinds[0] == kinds[1];
    };
    EXPECT_TRUE(is_one(made("cca", {{"seed", 1}, {"box_size", 40}}),
                       made("cca", {{"seed", 2}, {"box_size", 90}}, 1000)))
        << "a box that was not given is as large as its clusters need";
    EXPECT_FALSE(is_one(made("cca", {{"box_size", 40}}), made("cca", {{"box_size", 90}})));
    EXPECT_TRUE(is_one(made("dla", {{"radius_min", 1}, {"radius_max", 2}}),
                       made("dla", {{"radius_min", 10}, {"radius_max", 20}})));
    EXPECT_FALSE(is_one(made("dla", {{"radius_min", 1}, {"radius_max", 2}}), made("dla", Json::object())));
}

}  // namespace
}  // namespace assistd::clusters
