// Studies and comparisons as CSV, read by Python's csv module and NumPy.

#include "support.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

// As the daemon keeps it.
Json study() {
    const auto run = [](int number, const Json& parameters, const Json& metrics) {
        return Json{{"run", number},
                    {"status", metrics.empty() ? "failed" : "completed"},
                    {"parameters", parameters},
                    {"metrics", metrics},
                    {"artifacts", metrics.empty() ? Json::array() : Json{"simulation-1", "analysis-1"}}};
    };
    Json runs{run(1, {{"n_particles", 100}, {"seed", 7}}, {{"df", 2.41}, {"rg", 7.25}, {"seed", 7}}),
              run(2, {{"n_particles", 100}, {"seed", 8}},
                  {{"df", 2.55}, {"rg", 1e-7}, {"run_box_counting.df", 2.1}}),
              run(3, {{"n_particles", 200}, {"seed", 9}}, Json::object())};
    runs[2]["error"] = {{"error_type", "TimeoutError"}, {"message", "It took \"too\" long,\nit seems."}};
    return {{"study",
             {{"name", "sizes"},
              {"tool", "run_dla_simulation"},
              {"base_parameters", {{"dimensions", 3}, {"name", "a, b"}}},
              {"status", "completed_with_errors"}}},
            {"runs", runs}};
}

Json comparison() {
    const auto row = [](const char* handle, const char* name, const Json& values) {
        return Json{{"simulation", handle}, {"name", name}, {"algorithm", "dla"}, {"values", values}};
    };
    return {{"format", "assistd.comparison/1"},
            {"metrics",
             {{"df", {{"count", 3}, {"min", 2.3}, {"max", 2.5}, {"mean", 2.4}, {"std", 0.1}}},
              {"rg", {{"count", 1}, {"min", 9.5}, {"max", 9.5}, {"mean", 9.5}, {"std", nullptr}}}}},
            {"correlations",
             {{{"metrics", {"df", "rg"}}, {"coefficient", -0.25}, {"simulations", 3}, {"p_value", 0.84}}}},
            {"notes", Json::array()},
            {"simulations",
             {row("simulation-1", "the \"first\", old", {{"df", 2.3}, {"rg", 9.5}}),
              row("simulation-2", "", {{"df", 2.5}}), row("simulation-3", "last", {{"df", 2.4}})}}};
}

class Tables : public WithPlugin {
  protected:
    void add(const std::string& handle, const std::string& kind, const Json& document) {
        plugin_.add_artifact(handle, kind,
                             document.is_string() ? document.get<std::string>() : document.dump());
    }
};

TEST_F(Tables, OfAStudy) {
    add("study-1", "study", study());
    const Outcome outcome = call("export_study_csv", {{"study", "study-1"}, {"inline", true}});
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].kind, "table");
    EXPECT_EQ(outcome.artifacts[0].name, "study-1-runs.csv");
    EXPECT_EQ(outcome.artifacts[0].metadata.at("rows"), 3);
    EXPECT_EQ(outcome.data.at("files")[0].at("content"), outcome.artifacts[0].bytes);
    EXPECT_EQ(outcome.summary, "Exported the 3 runs of study-1 as CSV; 1 of them did not complete.");
    keep(outcome);
    look("read_tables.py", "study");
}

TEST_F(Tables, OfAStudyNameTheUnitOfItsLengths) {
    const auto header = [&](const Json& document) {
        add("study-9", "study", document);
        testing::PluginRunner fresh(PLUGIN_LIBRARY);
        fresh.add_artifact("study-9", "study", document.dump());
        const std::string text = fresh.run("export_study_csv", {{"study", "study-9"}}).artifacts.at(0).bytes;
        return text.substr(0, text.find('\n'));
    };
    EXPECT_NE(header(study()).find(",rg [a],"), std::string::npos);
    Json nanometres = study();
    nanometres["study"]["base_parameters"]["particle_radius"] = 20;
    EXPECT_NE(header(nanometres).find(",rg [unit of particle_radius],"), std::string::npos);
    nanometres["study"]["base_parameters"]["length_unit"] = "nm";
    EXPECT_NE(header(nanometres).find(",rg [nm],"), std::string::npos);
    nanometres["runs"][0]["metrics"]["box.size"] = 108.7;
    EXPECT_NE(header(nanometres).find(",box.size [a],"), std::string::npos) << header(nanometres);
    Json foreign = study();
    foreign["study"]["tool"] = "measure_elsewhere";
    EXPECT_NE(header(foreign).find(",rg,"), std::string::npos);
}

TEST_F(Tables, OfAComparison) {
    add("comparison-1", "comparison", comparison());
    const Outcome outcome = call("export_comparison_csv", {{"comparison", "comparison-1"}, {"inline", true}});
    ASSERT_EQ(outcome.artifacts.size(), 3u);
    EXPECT_EQ(outcome.artifacts[0].name, "comparison-1-simulations.csv");
    EXPECT_EQ(outcome.artifacts[1].name, "comparison-1-statistics.csv");
    EXPECT_EQ(outcome.artifacts[2].name, "comparison-1-correlations.csv");
    keep(outcome);
    look("read_tables.py", "comparison");

    Json named = comparison();
    const auto first_line = [&](const Json& document, const char* handle) {
        add(handle, "comparison", document);
        const std::string text =
            call("export_comparison_csv", {{"comparison", handle}}).artifacts.at(0).bytes;
        return text.substr(0, text.find('\n'));
    };
    for (Json& row : named["simulations"]) row["length_unit"] = "nm";
    EXPECT_NE(first_line(named, "comparison-7").find("rg [nm]"), std::string::npos);
    named["simulations"][0]["length_unit"] = "um";
    EXPECT_NE(first_line(named, "comparison-8").find("algorithm,length_unit,df,rg [its own]"),
              std::string::npos);
    const std::string lines =
        call("export_comparison_csv", {{"comparison", "comparison-8"}}).artifacts.at(0).bytes;
    EXPECT_NE(lines.find("simulation-1,\"the \"\"first\"\", old\",dla,um,2.3,9.5"), std::string::npos)
        << lines;

    Json made = comparison();
    for (Json& row : made["simulations"])
        row.update({{"dimensions", 3}, {"seed", 7}, {"errors", {{"df", 0.02}}}});
    add("comparison-9", "comparison", made);
    const std::string whole =
        call("export_comparison_csv", {{"comparison", "comparison-9"}}).artifacts.at(0).bytes;
    EXPECT_TRUE(whole.starts_with("simulation,name,algorithm,dimensions,seed,df,df_stderr,rg [a]\n"))
        << whole;
    EXPECT_NE(whole.find("simulation-2,,dla,3,7,2.5,0.02,\n"), std::string::npos) << whole;

    Json kinds = comparison();
    kinds["metrics"]["df"].update({{"mean", nullptr}, {"std", nullptr}});
    kinds["kinds"] = {{{"kind", "3-D CCA, target Df 2"},
                       {"simulations", {"simulation-1"}},
                       {"metrics", {{"df", {{"count", 1}, {"min", 2}, {"max", 2}, {"mean", 2}}}}}}};
    // Over several kinds there are none, whatever an older comparison holds.
    kinds["correlations"].push_back(kinds["correlations"][0]);
    kinds["correlations"][1]["kind"] = "3-D CCA, target Df 2";
    add("comparison-10", "comparison", kinds);
    EXPECT_EQ(
        call("export_comparison_csv", {{"comparison", "comparison-10"}}).artifacts.at(2).bytes,
        "kind,first,second,coefficient,simulations,p_value\n\"3-D CCA, target Df 2\",df,rg,-0.25,3,0.84\n");
    const std::string statistics =
        call("export_comparison_csv", {{"comparison", "comparison-10"}}).artifacts.at(1).bytes;
    EXPECT_TRUE(statistics.starts_with("kind,metric,unit,count,min,max,mean,std\nall,df,1,3,2.3,2.5,,\n"))
        << statistics;
    EXPECT_NE(statistics.find("\n\"3-D CCA, target Df 2\",df,1,1,2,2,2,\n"), std::string::npos) << statistics;

    Json two = comparison();
    two["correlations"] = Json::array();
    add("comparison-2", "comparison", two);
    EXPECT_EQ(call("export_comparison_csv", {{"comparison", "comparison-2"}}).artifacts.size(), 2u);
}

TEST_F(Tables, SayWhatCannotBeExported) {
    add("study-1", "study", "nothing");
    add("study-2", "study", {{"study", Json::object()}, {"runs", Json::array()}});
    add("study-3", "study", {{"study", Json::object()}, {"runs", {1, 2}}});
    add("comparison-1", "comparison", "nothing");
    add("comparison-2", "comparison", {{"metrics", Json::object()}, {"simulations", Json::array()}});
    add("comparison-3", "comparison", {{"metrics", Json::object()}, {"simulations", {{{"values", 1}}}}});
    EXPECT_EQ(refusal("export_study_csv", {{"study", "study-1"}}), "study-1 is not the table of a study.");
    EXPECT_EQ(refusal("export_study_csv", {{"study", "study-2"}}), "study-2 has no runs to export.");
    EXPECT_EQ(refusal("export_study_csv", {{"study", "study-3"}}), "study-3 is not the table of a study.");
    EXPECT_EQ(refusal("export_study_csv", {{"study", "simulation-1"}}),
              "study must be an artifact of kind study; simulation-1 is of kind simulation.");
    for (const char* handle : {"comparison-1", "comparison-2", "comparison-3"})
        EXPECT_EQ(refusal("export_comparison_csv", {{"comparison", handle}}),
                  std::string(handle) + " is not a comparison that can be read.");
    // What has the right names but the wrong things in them.
    Json odd = study();
    odd["study"]["base_parameters"] = 5;
    odd["runs"][0]["artifacts"] = "x";
    odd["runs"][1]["error"] = 7;
    odd["study"]["tool"] = nullptr;
    add("study-4", "study", odd);
    EXPECT_EQ(refusal("export_study_csv", {{"study", "study-4"}}), "study-4 is not the table of a study.");
    Json pairs = comparison();
    pairs["correlations"] = {1, {{"metrics", 3}}};
    add("comparison-4", "comparison", pairs);
    EXPECT_EQ(refusal("export_comparison_csv", {{"comparison", "comparison-4"}}),
              "comparison-4 is not a comparison that can be read.");
}

TEST_F(Tables, OfALongStudyStopWhenItIsCancelled) {
    Json long_study = study();
    for (int i = 4; i <= 3000; ++i) long_study["runs"].push_back(long_study["runs"][0]);
    add("study-1", "study", long_study);
    plugin_.cancel_at_look(2);
    EXPECT_EQ(plugin_.run("export_study_csv", {{"study", "study-1"}}).status, ASSISTD_CANCELLED);
}

}  // namespace
}  // namespace assistd::exporting
