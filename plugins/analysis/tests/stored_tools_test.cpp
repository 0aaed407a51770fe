// What is stored already: analyses that are not made twice, their results, their list.

#include "tool_runs.h"

#include <tuple>

namespace assistd::analysis {
namespace {

// Runs the tool, stores what it made as the daemon would, and runs it again.
TEST_F(AnalysisTools, TheSameAnalysisIsAnsweredFromWhatIsStored) {
    add_simulation("simulation-1", aggregate());
    const auto rows = micrograph();
    plugin_.add_artifact("file-1", "file", png_file(static_cast<int>(rows[0].size()), rows));
    const std::vector<std::tuple<std::string, std::string, Json, Json>> cases{
        {"run_box_counting", "simulation-1", {{"simulation", "simulation-1"}}, {{"grids", 2}}},
        {"run_correlation_analysis",
         "simulation-1",
         {{"simulation", "simulation-1"}},
         {{"max_distance", 12}}},
        {"run_fraktal_analysis", "simulation-1", {{"simulation", "simulation-1"}}, {{"axis", "x"}}},
        {"run_fraktal_from_image",
         "file-1",
         {{"image", "file-1"}, {"nm_per_pixel", 1.25}, {"primary_diameter_nm", 25}},
         {{"threshold_method", "manual"}, {"threshold", 130}}}};
    int number = 0;
    for (const auto& [tool, source, arguments, other] : cases) {
        const Outcome made = run(tool, arguments);
        ASSERT_TRUE(made.ok()) << made.message;
        ASSERT_EQ(made.artifacts.size(), 1u);
        FoundArtifact kept;
        kept.handle = "analysis-" + std::to_string(++number);
        kept.kind = "analysis";
        kept.tool = tool;
        kept.parents = {source};
        kept.metadata = made.artifacts[0].metadata;
        plugin_.add_artifact(kept, made.artifacts[0].bytes);

        const Outcome again = run(tool, arguments);
        ASSERT_TRUE(again.ok()) << again.message;
        EXPECT_EQ(again.data, made.data) << tool;
        EXPECT_TRUE(again.artifacts.empty()) << tool;
        EXPECT_EQ(again.added, std::vector<std::string>{kept.handle});
        EXPECT_NE(again.summary.find("Stored before as " + kept.handle), std::string::npos);

        Json changed = arguments;
        changed.update(other);
        EXPECT_EQ(run(tool, changed).artifacts.size(), 1u) << tool;
        kept.handle = "analysis-0" + std::to_string(number);
        kept.metadata["version"] = "0.9.0";
        plugin_.add_artifact(kept, made.artifacts[0].bytes);
        EXPECT_EQ(run(tool, arguments).added,
                  (std::vector<std::string>{"analysis-" + std::to_string(number)}));
    }
    plugin_.without_catalogue();
    EXPECT_EQ(run("run_box_counting", {{"simulation", "simulation-1"}}).artifacts.size(), 1u);
}

TEST_F(AnalysisTools, StoredResultsAreTold) {
    add_simulation("simulation-1", block(40, 40, 1));
    add_simulation("simulation-2", block(40, 40, 1));
    const auto keep = [this](const std::string& handle, const std::string& tool, const std::string& source,
                             const Outcome& made) {
        ASSERT_TRUE(made.ok()) << made.message;
        FoundArtifact kept;
        kept.handle = handle;
        kept.kind = "analysis";
        kept.tool = tool;
        kept.parents = {source};
        kept.created_at = "2026-01-31T12:00:00.000000Z";
        kept.metadata = made.artifacts.at(0).metadata;
        plugin_.add_artifact(kept, made.artifacts.at(0).bytes);
    };
    EXPECT_EQ(run("list_analyses", Json::object()).summary, "There are no such analyses.");
    const Outcome none = run("get_box_counting_results", {{"source", "simulation-1"}});
    EXPECT_EQ(none.error_type, "ContextError");
    EXPECT_EQ(none.message, "There is no stored box counting of simulation-1; run run_box_counting first.");

    const Outcome counted = run("run_box_counting", {{"simulation", "simulation-1"}});
    keep("analysis-1", "run_box_counting", "simulation-1", counted);
    keep("analysis-2", "run_correlation_analysis", "simulation-2",
         run("run_correlation_analysis", {{"simulation", "simulation-2"}}));
    add_simulation("simulation-3", aggregate());
    keep("analysis-3", "run_fraktal_analysis", "simulation-3",
         run("run_fraktal_analysis", {{"simulation", "simulation-3"}}));

    for (const Json& arguments :
         {Json::object(), Json{{"source", "simulation-1"}}, Json{{"analysis", "analysis-1"}}}) {
        const Outcome told = run("get_box_counting_results", arguments);
        ASSERT_TRUE(told.ok()) << told.message;
        EXPECT_EQ(told.data.at("stored_as"), "analysis-1");
        EXPECT_EQ(told.data.at("result"), counted.data);
        EXPECT_EQ(told.data.at("points").at("count").size(),
                  counted.data.at("points_counted").get<std::size_t>());
        EXPECT_TRUE(told.artifacts.empty());
        if (!arguments.contains("analysis")) {
            EXPECT_EQ(told.added, std::vector<std::string>{"analysis-1"});
        }
    }
    EXPECT_EQ(run("get_fraktal_results", Json::object()).data.at("stored_as"), "analysis-3");
    EXPECT_EQ(problem("get_fraktal_results", {{"analysis", "analysis-1"}}),
              "analysis-1 is no FRAKTAL analysis, but Box counting of simulation-1.");
    EXPECT_NE(problem("get_fraktal_results", {{"analysis", "analysis-3"}, {"source", "simulation-3"}})
                  .find("not both"),
              std::string::npos);

    const Outcome all = run("list_analyses", Json::object());
    ASSERT_EQ(all.data.at("analyses").size(), 3u);
    EXPECT_EQ(all.data.at("analyses")[0].at("analysis"), "analysis-3");
    EXPECT_EQ(all.data.at("analyses")[2].at("source"), "simulation-1");
    EXPECT_EQ(all.data.at("analyses")[2].at("figures").at("df"), counted.data.at("df"));
    const Outcome some = run("list_analyses", {{"limit", 2}});
    EXPECT_EQ(some.data.at("analyses").size(), 2u);
    EXPECT_EQ(some.data.at("more"), true);
    EXPECT_EQ(run("list_analyses", {{"type", "correlation"}}).data.at("analyses").size(), 1u);
    EXPECT_EQ(run("list_analyses", {{"source", "simulation-1"}}).data.at("analyses").size(), 1u);
    EXPECT_EQ(problem("list_analyses", {{"limit", 101}}), "limit must be at most 100; it is 101.");
}

}  // namespace
}  // namespace assistd::analysis
