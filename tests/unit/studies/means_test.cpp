#include "tools/study_means.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tools/study_outcomes.h"
#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using testing::ElementsAre;

core::StudyCombination combination(std::vector<core::MetricSummary> metrics) {
    core::StudyCombination one;
    one.completed = 4;
    one.metrics = std::move(metrics);
    return one;
}

// Tunable clusters: all have the Df, kf and Rg that were asked for, and their errors differ.
const core::StudyCombination tunable = combination({{"anisotropy", 4, 0.4, 0.1, 0.3, 0.5},
                                                    {"asphericity", 4, 40, 9.5, 30, 52},
                                                    {"df", 4, 1.8, 0, 1.8, 1.8},
                                                    {"df_stderr", 4, 0.01, 0.004, 0.006, 0.02},
                                                    {"execution_time_s", 4, 0.1, 0.02, 0.08, 0.2},
                                                    {"kf", 4, 1.3, 0, 1.3, 1.3},
                                                    {"kf_stderr", 4, 0.02, 0.01, 0.01, 0.03},
                                                    {"porosity", 4, 0.9, 0.01, 0.89, 0.91},
                                                    {"rg", 4, 16.4, 0, 16.4, 16.4}});

TEST(StudyMeans, TellDfKfAndRgFirstVariedOrNot) {
    EXPECT_THAT(told_metrics({tunable}), ElementsAre("df", "kf", "rg", "porosity"));
    EXPECT_EQ(told_means(tunable, told_metrics({tunable}), "nm"),
              ", mean ± standard deviation: df = 1.800 in all, kf = 1.300 in all, rg = 16.40 nm in all, "
              "porosity = 0.900 ± 0.010");
}

TEST(StudyMeans, AreOfTheSameMetricsInAllGroups) {
    core::StudyCombination other = tunable;
    for (core::MetricSummary& one : other.metrics) one.most += one.name == "rg" || one.name == "df" ? 0.1 : 0;
    for (const core::StudyCombination& each : {tunable, other})
        EXPECT_THAT(told_metrics({each}), ElementsAre("df", "kf", "rg", "porosity"));
    // One whose runs had too few particles for a fit has what the others have, as far as it does.
    const core::StudyCombination small = combination({{"porosity", 1, 0.5, 0, 0.5, 0.5}, {"rg", 1, 3}});
    EXPECT_EQ(told_means(small, told_metrics({small, tunable}), "a"), ": rg = 3 a, porosity = 0.5000");
}

TEST(StudyMeans, HaveARangeOfAsManyDigits) {
    core::Study study;
    study.parameter_grid = "{}";
    const auto range = [&](double least, double most) {
        const std::string told = told_overall(study, {"df", 4, least, 0.1, least, most}, "");
        return told.substr(told.find("from"));
    };
    EXPECT_EQ(range(1.75, 1.8), "from 1.750 to 1.800.");
    EXPECT_EQ(range(2, 2.25), "from 2.000 to 2.250.");
    EXPECT_EQ(range(100, 1000), "from 100 to 1000.");
    EXPECT_NE(told_overall(study, {"df", 4, 1.7, 0.07, 1.6, 1.8}, "").find("deviation 0.070,"),
              std::string::npos);
}

TEST(StudyMeans, HaveNoneOfStandardErrors) {
    EXPECT_THAT(told_metrics({combination({{"df_stderr", 4}, {"fit.standard_error", 4}, {"rg", 4}})}),
                ElementsAre("rg"));
}

TEST(StudyMeans, TellAnAnalysisBesideWhatItIsComparedWith) {
    core::StudyCombination analysed = tunable;
    for (const char* name :
         {"run_box_counting.df", "run_box_counting.extent", "run_box_counting.standard_error"})
        analysed.metrics.push_back({name, 4, 1.7, 0.1, 1.6, 1.8});
    EXPECT_THAT(told_metrics({analysed}), ElementsAre("df", "kf", "rg", "run_box_counting.df"));
}

TEST(StudyMeans, HaveUnits) {
    EXPECT_EQ(unit_after("rg", "nm"), " nm");
    EXPECT_EQ(unit_after("asphericity", "nm"), " nm²");
    EXPECT_EQ(unit_after("box.size", "nm"), " a");
    EXPECT_EQ(unit_after("df", "nm"), "");
    EXPECT_EQ(unit_after("rg", ""), "");
    EXPECT_EQ(unit_after("run_fraktal_analysis.rg", "a"), "") << "its own unit is not known";
}

// The runs of a study, and nothing else of it.
class Runs : public core::Studies {
  public:
    explicit Runs(std::string metrics) : metrics_(std::move(metrics)) {}

    Task<core::Page<core::StudyRun>> runs(core::StudyRunQuery) override {
        core::Page<core::StudyRun> page;
        page.items.resize(1);
        page.items.front().metrics = metrics_;
        co_return page;
    }
    Task<core::Study> create(core::StudyRequest) override { throw std::logic_error("not asked for"); }
    Task<core::Study> find(core::Owner, StudyId) override { throw std::logic_error("not asked for"); }
    Task<core::Study> find_by_table(core::Owner, std::string) override {
        throw std::logic_error("not asked for");
    }
    Task<core::Page<core::Study>> list(core::StudyQuery) override { throw std::logic_error("not asked for"); }
    Task<core::StudyRun> run(core::Owner, StudyId, int) override { throw std::logic_error("not asked for"); }
    Task<std::vector<core::StudyCombination>> results(core::Owner, StudyId, int, int) override {
        throw std::logic_error("not asked for");
    }
    Task<core::Study> cancel(core::Owner, StudyId) override { throw std::logic_error("not asked for"); }
    Task<core::Study> retry(core::Owner, StudyId) override { throw std::logic_error("not asked for"); }
    Task<void> remove(core::Owner, StudyId) override { throw std::logic_error("not asked for"); }

  private:
    std::string metrics_;
};

class StudyUnits : public ToolsTest {
  protected:
    std::string of(const std::string& base, const std::string& grid, const std::string& metrics = "{}") {
        core::Study study;
        study.base_parameters = base;
        study.parameter_grid = grid;
        Runs runs(metrics);
        return run(length_unit(runs, study));
    }
};

TEST_F(StudyUnits, AreThoseThatTheRunsWereGivenOrTell) {
    EXPECT_EQ(of(R"({"length_unit": "nm", "particle_radius": 12})", "{}"), "nm");
    EXPECT_EQ(of(R"({"length_unit": "nm"})", R"({"particle_radius": [5, 12]})"), "nm");
    EXPECT_EQ(of("{}", "{}", R"({"particle_radius": 1, "rg": 5})"), "a");
    EXPECT_EQ(of(R"({"particle_radius": 1})", "{}"), "a");
    EXPECT_EQ(of(R"({"particle_radius": 12})", "{}"), "");
    EXPECT_EQ(of("{}", R"({"particle_radius": [1, 12]})"), "");
    EXPECT_EQ(of("{}", R"({"length_unit": ["nm", "um"]})"), "");
    EXPECT_EQ(of("{}", "{}", R"({"rg": 5})"), "");
}

}  // namespace
}  // namespace assistd::tools
