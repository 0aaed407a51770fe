#include "tools/study_plan.h"

#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StudyPlanTest : public testing::Test {
  protected:
    StudyPlanTest() {
        registry_.add(source_);
        source_->offer("grow", R"({"type": "object", "properties": {
            "n": {"type": "integer"}, "p": {"type": "number"}, "seed": {"type": "integer"}}})");
        source_->offer("measure", R"({"type": "object", "properties": {"n": {"type": "integer"}}})");
        registry_.refresh();
    }
    core::Study planned_with(core::StudyRequest request, const std::string& tool = "grow") {
        request.owner = "local";
        request.tool = tool;
        return planned(request, *registry_.find(tool));
    }
    // The sentences by their fields.
    std::map<std::string, std::string> problems(core::StudyRequest request,
                                                const std::string& tool = "grow") {
        std::map<std::string, std::string> found;
        try {
            planned_with(std::move(request), tool);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::validation);
            for (const FieldError& field : error.fields()) found[field.field] = field.message;
        }
        return found;
    }

    std::shared_ptr<TestSource> source_ = std::make_shared<TestSource>();
    ToolRegistry registry_;
};

TEST_F(StudyPlanTest, EveryCombinationWithEverySeed) {
    core::StudyRequest request;
    request.base_parameters = R"({"seed": 7})";
    request.parameter_grid = R"({"p": [0.5, 1], "n": [10, 20, 30]})";
    request.seeds_per_combination = 2;
    const core::Study study = planned_with(request);
    EXPECT_EQ(study.runs, 12);
    EXPECT_EQ(study.first_seed, 7);
    const StudyPlan plan(study);
    EXPECT_EQ(plan.combinations(), 6);
    EXPECT_EQ(plan.arguments(1), (json{{"n", 10}, {"p", 0.5}, {"seed", 7}}));
    EXPECT_EQ(plan.arguments(2), (json{{"n", 10}, {"p", 0.5}, {"seed", 8}}));
    EXPECT_EQ(plan.arguments(3), (json{{"n", 10}, {"p", 1}, {"seed", 9}}));
    EXPECT_EQ(plan.arguments(12), (json{{"n", 30}, {"p", 1}, {"seed", 18}}));
    EXPECT_EQ(plan.combination_of(12), 5);
    EXPECT_EQ(plan.combination(5), (json{{"n", 30}, {"p", 1}}));
}

TEST_F(StudyPlanTest, WithoutAGridTheSeedsAreAllThatDiffers) {
    core::StudyRequest request;
    request.base_parameters = R"({"n": 10})";
    request.seeds_per_combination = 3;
    const core::Study study = planned_with(request);
    EXPECT_EQ(study.runs, 3);
    EXPECT_GE(study.first_seed, 1);
    EXPECT_LE(study.first_seed, 2'147'483'644);
    const StudyPlan plan(study);
    EXPECT_EQ(plan.arguments(3), (json{{"n", 10}, {"seed", study.first_seed + 2}}));
}

TEST_F(StudyPlanTest, AToolWithoutASeedIsGivenNone) {
    core::StudyRequest request;
    request.parameter_grid = R"({"n": [1, 2]})";
    const core::Study study = planned_with(request, "measure");
    EXPECT_EQ(study.first_seed, 0);
    EXPECT_EQ(StudyPlan(study).arguments(2), (json{{"n", 2}}));
    request.seeds_per_combination = 2;
    EXPECT_THAT(problems(request, "measure")["seeds_per_combination"], HasSubstr("takes no seed"));
}

TEST_F(StudyPlanTest, TheGridMayGiveTheSeeds) {
    core::StudyRequest request;
    request.parameter_grid = R"({"seed": [3, 9]})";
    const core::Study study = planned_with(request);
    EXPECT_EQ(study.first_seed, 0);
    EXPECT_EQ(StudyPlan(study).arguments(2), (json{{"seed", 9}}));
    request.seeds_per_combination = 2;
    EXPECT_THAT(problems(request)["seeds_per_combination"], HasSubstr("gives the seeds already"));
}

TEST_F(StudyPlanTest, EveryWrongFieldIsNamed) {
    core::StudyRequest request;
    request.name = std::string(201, 'x');
    request.base_parameters = R"({"n": 1, "seed": 0})";
    request.parameter_grid = R"({"n": [1], "p": [], "q": [2, 2.0]})";
    auto found = problems(request);
    EXPECT_EQ(found.size(), 5u);
    EXPECT_THAT(found["name"], HasSubstr("200 bytes"));
    EXPECT_THAT(found["base_parameters.n"], HasSubstr("only be in one"));
    EXPECT_THAT(found["parameter_grid.p"], HasSubstr("must be a list of values"));
    EXPECT_THAT(found["parameter_grid.q"], HasSubstr("more than once"));
    EXPECT_THAT(found["base_parameters.seed"], HasSubstr("whole number from 1"));
}

TEST_F(StudyPlanTest, HasAtMostTenThousandRuns) {
    json values = json::array();
    for (int i = 0; i < 101; ++i) values.push_back(i);
    core::StudyRequest request;
    request.parameter_grid = json{{"n", values}}.dump();
    request.seeds_per_combination = 99;
    EXPECT_EQ(planned_with(request).runs, 9'999);
    request.seeds_per_combination = 100;
    EXPECT_EQ(problems(request)["parameter_grid"],
              "A study has at most 10000 runs; this one would have 10100.");
    // No product is too large to be counted.
    json grid;
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) grid[name] = values;
    request.parameter_grid = grid.dump();
    EXPECT_THAT(problems(request)["parameter_grid"], HasSubstr("at most 10000 runs"));
}

TEST_F(StudyPlanTest, AToolIsGivenTheArtifactThatItTakes) {
    source_->offer("analyze", R"({"type": "object", "properties": {
        "others": {"type": "array", "items": {"type": "string", "format": "artifact"}},
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})");
    registry_.refresh();
    const auto tool = registry_.find("analyze");
    EXPECT_EQ(arguments_for(*tool, "simulation", "simulation-3"), (json{{"simulation", "simulation-3"}}));
    EXPECT_FALSE(arguments_for(*tool, "plot", "plot-1"));
}

}  // namespace
}  // namespace assistd::tools
