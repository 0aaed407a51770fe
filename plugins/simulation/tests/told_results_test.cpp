// What a run says of its results: what is exact, what its errors are, and when Df means less than it seems.

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "tests/fake_host.h"
#include "tests/support.h"

namespace assistd::simulation {
namespace {

using ::testing::HasSubstr;

TEST(ToldResults, LimitingCasesLeadWithWhatIsExact) {
    FakeHost host;
    const std::pair<int, const char*> shells[] = {{1, "1.46186"}, {2, "1.49273"}, {3, "1.50901"}};
    for (const auto& [layers, kf] : shells) {
        ASSERT_EQ(host.call("run_limiting_case",
                            {{"geometry", "sphere"}, {"layers", layers}, {"particle_radius", 2.5}}),
                  ASSISTD_OK);
        EXPECT_EQ(host.data["df_ideal"], 3);
        EXPECT_NEAR(host.data["kf_ideal"].get<double>(), std::stod(kf), 5e-6);
        EXPECT_EQ(host.artifact_metadata["kf_ideal"], host.data["kf_ideal"]);
        EXPECT_THAT(host.summary, HasSubstr("particles: Df = 3 and kf = N/(Rg/a)^3 = " + std::string(kf)));
    }
    ASSERT_EQ(host.call("run_limiting_case", {{"geometry", "chain"}, {"layers", 2}}), ASSISTD_OK);
    EXPECT_EQ(host.data["df_ideal"], 1);
    EXPECT_NEAR(host.data["kf_ideal"].get<double>(), 2 / 1.26491106, 1e-7);
    ASSERT_EQ(host.call("run_limiting_case", {{"geometry", "plane"}, {"layers", 1}}), ASSISTD_OK);
    EXPECT_EQ(host.data["df_ideal"], 2);
}

// A lattice has no loose surface, and its own dimension is not that of space.
TEST(ToldResults, LimitingCasesSayWhyTheirGrowthFindsMore) {
    const auto warnings_of = [](const Json& arguments) {
        FakeHost host;
        EXPECT_EQ(host.call("run_limiting_case", arguments), ASSISTD_OK) << host.error;
        return host.data["warnings"].dump();
    };
    const std::string plane = warnings_of({{"geometry", "plane"}, {"layers", 3}});
    EXPECT_THAT(plane, HasSubstr("more than the 2 of the ideal geometry"));
    EXPECT_THAT(warnings_of({{"geometry", "sphere"}, {"layers", 3}}),
                HasSubstr("more than the 3 of the ideal geometry"));
    EXPECT_THAT(plane, ::testing::Not(HasSubstr("loose surface")));
    EXPECT_THAT(warnings_of({{"geometry", "chain"}, {"layers", 1000}}),
                ::testing::Not(HasSubstr("ideal geometry")));
}

// Only what grows compact has a loose surface that raises Df above that of space.
TEST(ToldResults, AnOpenClusterAboveTheDimensionOfSpaceScatters) {
    int above = 0;
    for (int seed = 1; seed <= 40; ++seed) {
        FakeHost host;
        ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 40}, {"seed", seed}}), ASSISTD_OK);
        const bool is_above = host.data["df"].is_number() && host.data["df"].get<double>() > 3;
        EXPECT_EQ(host.summary.find("a cluster this small scatters so far") != std::string::npos, is_above)
            << host.summary;
        EXPECT_THAT(host.summary, ::testing::Not(HasSubstr("loose surface")));
        above += is_above;
    }
    EXPECT_GT(above, 0);
    FakeHost eden;
    ASSERT_EQ(eden.call("run_eden_simulation", {{"n_particles", 1000}, {"seed", 1}}), ASSISTD_OK);
    EXPECT_THAT(eden.summary, HasSubstr("the loose surface of a compact cluster"));
}

// N counts what Rg weighs by mass.
TEST(ToldResults, BroadRadiiAreSaidToLowerDf) {
    const auto summary_of = [](const char* tool, Json more) {
        FakeHost host;
        more.update({{"n_particles", 200}, {"seed", 3}});
        EXPECT_EQ(host.call(tool, more), ASSISTD_OK) << host.error;
        return host.summary;
    };
    const std::string warning = "counts all alike: fitted to such a growth Df comes out lower";
    const char* ballistic = "run_ballistic_simulation";
    EXPECT_THAT(summary_of(ballistic, {{"sigma_g", 3}}), HasSubstr("The radii differ much (sigma_g = 3)"));
    EXPECT_THAT(summary_of(ballistic, {{"sigma_g", 3}}), HasSubstr(warning));
    EXPECT_THAT(summary_of("run_cca_simulation", {{"radius_min", 1}, {"radius_max", 10}}),
                HasSubstr("(the largest may be 10 times the smallest)"));
    EXPECT_THAT(summary_of(ballistic, {{"sigma_g", 1.3}}), ::testing::Not(HasSubstr(warning)));
    EXPECT_THAT(summary_of(ballistic, {{"radius_min", 1}, {"radius_max", 4}}),
                ::testing::Not(HasSubstr(warning)));
    EXPECT_THAT(summary_of("run_tunable_simulation", {{"sigma_g", 2}, {"target_df", 1.8}}),
                ::testing::Not(HasSubstr(warning)));
}

// A normal law about 1 is cut off at 1: what came out is 1 - 0.2 sqrt(2/pi), and spreads less.
TEST(ToldResults, RandomSinteringIsToldAsItCameOut) {
    for (const char* tool : {"run_ballistic_simulation", "run_dla_simulation", "run_eden_simulation"}) {
        FakeHost host;
        ASSERT_EQ(host.call(tool, {{"n_particles", 3000}, {"seed", 1}, {"sintering_std", 0.1}}), ASSISTD_OK)
            << host.error;
        const Json& found = host.artifact_metadata.at("sintering_found");
        EXPECT_NEAR(found.at("mean").get<double>(), 1 - 0.1 * std::sqrt(2 / std::numbers::pi), 0.005) << tool;
        EXPECT_NEAR(found.at("std").get<double>(), 0.1 * std::sqrt(1 - 2 / std::numbers::pi), 0.005) << tool;
        EXPECT_THAT(host.summary, HasSubstr("sintering of the contacts 0.9"));
    }
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 50}, {"sintering", 0.8}}), ASSISTD_OK);
    EXPECT_FALSE(host.data.contains("sintering_found"));
}

// Neither "1.80 ± 0.00" nor "2.200000 ± 0.000000".
TEST(ToldResults, TinyErrorsAreSaidToBeTiny) {
    for (const double df : {1.4, 1.79}) {
        FakeHost host;
        ASSERT_EQ(
            host.call(
                "run_tunable_simulation",
                {{"n_particles", 300}, {"target_df", df}, {"target_kf", df < 1.5 ? 1.8 : 1.4}, {"seed", 1}}),
            ASSISTD_OK)
            << host.error;
        EXPECT_THAT(host.summary, ::testing::Not(HasSubstr("± 0.00,"))) << host.summary;
        EXPECT_THAT(host.summary, ::testing::Not(HasSubstr("0.000000"))) << host.summary;
    }
    FakeHost host;
    ASSERT_EQ(host.call("run_dla_simulation", {{"n_particles", 5000}, {"seed", 1}}), ASSISTD_OK);
    EXPECT_THAT(host.summary, HasSubstr(" ± 0.0")) << host.summary;
}

}  // namespace
}  // namespace assistd::simulation
