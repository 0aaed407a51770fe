#include "tools/study_results.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

core::StudyRun run(int number, core::RunState state, const json& metrics = json::object()) {
    core::StudyRun run;
    run.number = number;
    run.state = state;
    run.metrics = metrics.dump();
    return run;
}

TEST(StudyMetrics, AreTheNumbersOfAResult) {
    const json data = {{"df", 1.7},
                       {"n", 100},
                       {"seed", 5},
                       {"name", "x"},
                       {"nothing", nullptr},
                       {"fits", true},
                       {"parameters", {{"p", 1}}},
                       {"points", {1, 2}},
                       {"coordination", {{"mean", 2.5}, {"histogram", {1, 2}}}}};
    EXPECT_EQ(metrics_of(data, {{"n", 100}, {"seed", 5}, {"df", 2}}),
              (json{{"df", 1.7}, {"coordination.mean", 2.5}}));
    EXPECT_EQ(metrics_of(json::array({1}), json::object()), json::object());
}

TEST(StudyMetrics, AreBounded) {
    json data;
    for (int i = 0; i < 1'000; ++i) data["m" + std::to_string(i)] = i;
    EXPECT_EQ(metrics_of(data, json::object()).size(), 100u);
}

TEST(StudyWarnings, AreTheSentencesOfAResult) {
    EXPECT_EQ(warnings_of({{"warnings", {"Beware.", 5, "Look."}}}),
              (std::vector<std::string>{"Beware.", "Look."}));
    EXPECT_TRUE(warnings_of({{"warnings", "Beware."}}).empty());
    EXPECT_TRUE(warnings_of(nullptr).empty());
    const auto bounded = warnings_of({{"warnings", json(100, std::string(10'000, 'x'))}});
    ASSERT_EQ(bounded.size(), 8u);
    EXPECT_EQ(bounded[0].size(), 500u);
}

TEST(StudyStatisticsTest, CountsTheRunsThatWarnOfTheSame) {
    core::Study study;
    study.parameter_grid = R"({"n": [10, 20]})";
    study.seeds_per_combination = 3;
    study.runs = 6;
    StudyStatistics statistics(StudyPlan(study), 0, 2);
    for (const auto& [number, warning] : {std::pair(1, "R^2 = 0.913, below 0.95."),
                                          {2, "R^2 = 0.8, below 0.95."},
                                          {2, "It is small."},
                                          {4, "It is small."}}) {
        core::StudyRun warned = run(number, core::RunState::completed);
        warned.warnings = {warning};
        statistics.add(warned);
    }
    const std::vector<core::StudyCombination> all = statistics.take();
    ASSERT_EQ(all[0].warnings.size(), 2u);
    EXPECT_EQ(all[0].warnings[0].text, "It is small.");
    EXPECT_EQ(all[0].warnings[0].runs, 1);
    // Numbers of one run are not those of all.
    EXPECT_EQ(all[0].warnings[1].text, "R^2 = \u2026, below 0.95.");
    EXPECT_EQ(all[0].warnings[1].runs, 2);
    ASSERT_EQ(all[1].warnings.size(), 1u);
}

TEST(StudyStatisticsTest, AreThoseOfEachCombination) {
    core::Study study;
    study.parameter_grid = R"({"n": [10, 20]})";
    study.seeds_per_combination = 3;
    study.runs = 6;
    StudyStatistics statistics(StudyPlan(study), 0, 2);
    for (const auto& [number, df] : {std::pair(1, 1.0), {2, 2.0}, {3, 6.0}})
        statistics.add(run(number, core::RunState::completed, {{"df", df}}));
    statistics.add(run(5, core::RunState::failed));
    statistics.add(run(4, core::RunState::completed, {{"df", 4.0}}));
    statistics.add(run(6, core::RunState::running));
    const std::vector<core::StudyCombination> all = statistics.take();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].parameters, R"({"n":10})");
    EXPECT_EQ(all[0].completed, 3);
    ASSERT_EQ(all[0].metrics.size(), 1u);
    const core::MetricSummary& df = all[0].metrics[0];
    EXPECT_EQ(df.name, "df");
    EXPECT_EQ(df.count, 3);
    EXPECT_DOUBLE_EQ(df.mean, 3);
    EXPECT_DOUBLE_EQ(df.std, std::sqrt((4.0 + 1 + 9) / 2));
    EXPECT_DOUBLE_EQ(df.least, 1);
    EXPECT_DOUBLE_EQ(df.most, 6);
    StudyStatistics second(StudyPlan(study), 1, 2);
    for (int number = 1; number <= 6; ++number) second.add(run(number, core::RunState::completed));
    const std::vector<core::StudyCombination> page = second.take();
    ASSERT_EQ(page.size(), 1u);
    EXPECT_EQ(page[0].parameters, R"({"n":20})");
    EXPECT_EQ(page[0].completed, 3);
    EXPECT_EQ(all[1].completed, 1);
    EXPECT_EQ(all[1].failed, 1);
}

}  // namespace
}  // namespace assistd::tools
