// What simulations there are, and all that is known of one.

#include <gmock/gmock.h>

#include <assistd/testing.hpp>

namespace assistd::simulation {
namespace {

using assistd::testing::PluginRunner;
using ::testing::HasSubstr;

class StoredSimulations : public ::testing::Test {
  protected:
    StoredSimulations() {
        add("simulation-1", "dla", "2026-01-01", "p1");
        add("simulation-2", "limiting", "2026-01-03", "");
        FoundJob job;
        job.id = "job_1";
        job.tool = "run_dla_simulation";
        job.status = "failed";
        job.error = "It needs more memory than it may use.";
        job.arguments = {{"n_particles", 1'000'000}, {"seed", 7}};
        job.created_at = "2026-01-02";
        plugin.add_job(job);
        job.id = "job_2";
        job.tool = "run_limiting_case";
        job.status = "running";
        job.error = "";
        job.progress = 0.25;
        job.created_at = "2026-01-04";
        plugin.add_job(job);
        job.id = "job_3";
        job.tool = "list_algorithms";
        plugin.add_job(job);
    }
    void add(const std::string& handle, const std::string& algorithm, const std::string& time,
             const std::string& project) {
        FoundArtifact about;
        about.handle = handle;
        about.kind = "simulation";
        about.name = algorithm + ".npy";
        about.tool = "run_" + algorithm;
        about.plugin = "org.assistd.simulation 1.0.0";
        about.created_at = time;
        about.project_id = project;
        about.parameters = {{"n_particles", 500}};
        about.metadata = {{"algorithm", algorithm},
                          {"n_particles", 500},
                          {"kf", 1.25},
                          {"rg", 10.5},
                          {"porosity", 0.9312},
                          {"coordination", {{"mean", 1.996}}},
                          {"seed", 3},
                          {"name", ""},
                          {"rg_evolution", {1, 2}}};
        if (algorithm == "limiting")
            about.metadata.update({{"df", nullptr}, {"df_ideal", 2}});
        else if (algorithm != "chain")
            about.metadata.update({{"df", 2.5}, {"df_stderr", 0.0123}});
        plugin.add_artifact(about, "bytes");
    }
    std::vector<std::string> listed(const Json& arguments) {
        const auto outcome = plugin.run("list_simulations", arguments);
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        std::vector<std::string> names;
        for (const Json& each : outcome.data.at("simulations"))
            names.push_back(each.at(each.contains("handle") ? "handle" : "job_id").get<std::string>());
        return names;
    }

    PluginRunner plugin{assistd_plugin_entry};
};

using Names = std::vector<std::string>;

TEST_F(StoredSimulations, TunableOnesAreListedOfEitherMethodOrOfOne) {
    add("simulation-5", "tunable", "2026-02-01", "");
    add("simulation-6", "tunable_cc", "2026-02-02", "");
    add("simulation-7", "tunable", "2026-02-03", "");
    FoundJob job;
    job.id = "job_9";
    job.tool = "run_tunable_simulation";
    job.status = "running";
    job.arguments = {{"n_particles", 100'000}};
    job.created_at = "2026-02-04";
    plugin.add_job(job);
    EXPECT_EQ(listed({{"algorithm", "tunable"}}),
              (Names{"job_9", "simulation-7", "simulation-6", "simulation-5"}));
    EXPECT_EQ(listed({{"algorithm", "tunable"}, {"limit", 2}}), (Names{"job_9", "simulation-7"}));
    EXPECT_EQ(listed({{"algorithm", "tunable_cc"}}), (Names{"job_9", "simulation-6"}));
    EXPECT_EQ(listed({{"algorithm", "tunable_pc"}}), (Names{"simulation-7", "simulation-5"}));
    EXPECT_TRUE(plugin.run("list_simulations", {{"algorithm", "tunable_pc"}})
                    .summary.starts_with("2 tunable particle-cluster simulations, newest first"));
}

TEST_F(StoredSimulations, AreListedNewestFirstWithThoseThatAreNotFinished) {
    EXPECT_EQ(listed(Json::object()), (Names{"job_2", "simulation-2", "job_1", "simulation-1"}));
    EXPECT_EQ(listed({{"algorithm", "dla"}}), (Names{"job_1", "simulation-1"}));
    EXPECT_EQ(listed({{"algorithm", "cca"}}), Names{});
    EXPECT_EQ(listed({{"status", "completed"}}), (Names{"simulation-2", "simulation-1"}));
    EXPECT_EQ(listed({{"status", "failed"}}), Names{"job_1"});
    EXPECT_EQ(listed({{"project_id", "p1"}}), Names{"simulation-1"});
    EXPECT_EQ(listed({{"limit", 1}}), Names{"job_2"});
}

TEST_F(StoredSimulations, AreListedWithWhatMatters) {
    const auto outcome = plugin.run("list_simulations");
    const Json& all = outcome.data.at("simulations");
    EXPECT_EQ(all[0].at("progress"), 0.25);
    EXPECT_EQ(all[0].at("algorithm"), "limiting");
    EXPECT_TRUE(all[1].at("df").is_null());
    EXPECT_EQ(all[3].at("df"), 2.5);
    EXPECT_EQ(all[2].at("error"), "It needs more memory than it may use.");
    EXPECT_EQ(all[2].at("n_particles"), 1'000'000);
    EXPECT_EQ(outcome.data.at("more"), false);
    EXPECT_THAT(outcome.summary, HasSubstr("4 simulations, newest first (2 completed, 1 failed, 1 running)"));
    EXPECT_EQ(plugin.run("list_simulations", {{"limit", 2}}).data.at("more"), true);
    EXPECT_THAT(plugin.run("list_simulations", {{"status", "failed"}}).summary,
                HasSubstr("1 failed simulation (1 failed): job_1"));
    EXPECT_EQ(plugin.run("list_simulations", {{"status", "cancelled"}}).summary,
              "There are no cancelled simulations.");
}

TEST_F(StoredSimulations, TheFailedRunsOfStudiesAreAmongThem) {
    FoundArtifact study;
    study.handle = "study-4";
    study.kind = "study";
    study.created_at = "2026-01-05";
    study.metadata = {
        {"tool", "run_dla_simulation"}, {"failed", 2}, {"base_parameters", {{"dimensions", 2}}}};
    const Json table = {{"study", study.metadata},
                        {"runs",
                         {{{"run", 1},
                           {"status", "completed"},
                           {"parameters", {{"seed", 1}}},
                           {"artifacts", {"simulation-8"}}},
                          {{"run", 2},
                           {"status", "failed"},
                           {"parameters", {{"n_particles", 5}, {"seed", 2}}},
                           {"artifacts", Json::array()},
                           {"error", {{"error_type", "ValidationError"}, {"message", "Too few."}}}},
                          // Its simulation is there; what failed is the analysis of it.
                          {{"run", 3},
                           {"status", "failed"},
                           {"parameters", {{"seed", 3}}},
                           {"artifacts", {"simulation-9"}}}}}};
    plugin.add_artifact(study, table.dump());
    study.handle = "study-5";
    study.metadata = {{"tool", "run_box_counting"}, {"failed", 1}};
    plugin.add_artifact(study, table.dump());
    const auto failed = plugin.run("list_simulations", {{"status", "failed"}});
    ASSERT_TRUE(failed.ok()) << failed.message;
    ASSERT_EQ(failed.data.at("simulations").size(), 2u);
    const Json& run = failed.data.at("simulations")[0];
    EXPECT_EQ(run.at("study"), "study-4");
    EXPECT_EQ(run.at("run"), 2);
    EXPECT_EQ(run.at("summary"), "run 2 of study-4: dla, 2-D, 5 particles, seed 2, failed: Too few.");
    EXPECT_FALSE(run.contains("job_id"));
    EXPECT_THAT(failed.summary, HasSubstr("2 failed simulations, newest first (2 failed): run 2 of study-4"));
    EXPECT_EQ(plugin.run("list_simulations", {{"status", "failed"}, {"algorithm", "cca"}})
                  .data.at("simulations")
                  .size(),
              0u);
    EXPECT_EQ(plugin.run("list_simulations").data.at("simulations").size(), 5u);
    EXPECT_EQ(plugin.run("list_simulations", {{"status", "completed"}}).data.at("simulations").size(), 2u);
}

// What a fit to the layers of a lattice finds (3.155) says nothing of the lattice.
TEST_F(StoredSimulations, ExactGeometriesAreListedByTheirExactValues) {
    FoundArtifact exact;
    exact.handle = "simulation-3";
    exact.kind = "simulation";
    exact.created_at = "2026-01-02";
    exact.metadata = {{"algorithm", "limiting"}, {"n_particles", 309}, {"df", 3.155},
                      {"df_stderr", 0.01},       {"df_ideal", 3},      {"kf", 1.2},
                      {"kf_ideal", 1.515}};
    plugin.add_artifact(exact, "bytes");
    const auto best = plugin.run("list_simulations", {{"sort_by", "df"}});
    ASSERT_TRUE(best.ok()) << best.message;
    EXPECT_THAT(best.summary,
                HasSubstr("simulation-3 has the highest df, 3 (exact) (limiting, 309 particles, "
                          "Df = 3, exact)."));
    EXPECT_THAT(plugin.run("list_simulations", {{"sort_by", "kf"}}).summary,
                HasSubstr("the highest kf, 1.515 (exact)"));
    EXPECT_EQ(best.data.at("simulations")[0].at("df_ideal"), 3);
    // That of a growth between two exact ones.
    exact.handle = "simulation-4";
    exact.metadata["df_ideal"] = 1;
    exact.metadata["df"] = 2.9;
    plugin.add_artifact(exact, "bytes");
    const auto lowest = plugin.run("list_simulations", {{"sort_by", "df"}, {"order", "ascending"}});
    EXPECT_THAT(lowest.summary, HasSubstr("simulation-4 has the lowest df, 1 (exact)"));
}

TEST_F(StoredSimulations, ByANumberOfTheirs) {
    FoundArtifact dense;
    dense.handle = "simulation-3";
    dense.kind = "simulation";
    dense.created_at = "2026-01-02";
    dense.metadata = {{"algorithm", "eden"}, {"n_particles", 60}, {"df", 2.96},
                      {"df_stderr", 0.031},  {"rg", 250.0},       {"particle_radius", 12.5}};
    plugin.add_artifact(dense, "bytes");
    const auto best = plugin.run("list_simulations", {{"sort_by", "df"}, {"limit", 1}});
    ASSERT_TRUE(best.ok()) << best.message;
    ASSERT_EQ(best.data.at("simulations").size(), 1u);
    EXPECT_EQ(best.data.at("simulations")[0].at("handle"), "simulation-3");
    // One has an exact Df only, and those that are not finished have no numbers.
    EXPECT_THAT(best.summary,
                HasSubstr("Of 3 finished simulations, simulation-3 has the highest df, 2.960 ± 0.031 ("));
    const auto lowest = plugin.run("list_simulations", {{"sort_by", "df"}, {"order", "ascending"}});
    EXPECT_THAT(lowest.summary, HasSubstr("simulation-2 has the lowest df, 2 (exact) ("));
    EXPECT_THAT(plugin.run("list_simulations", {{"sort_by", "rg"}}).summary,
                HasSubstr("simulation-3 has the highest rg, 250.0 (20.00 a) ("));
    EXPECT_EQ(plugin.run("list_simulations", {{"sort_by", "df"}, {"algorithm", "tunable"}}).summary,
              "No finished tunable simulation reports df.");
    EXPECT_EQ(
        plugin.run("list_simulations", {{"sort_by", "df"}, {"algorithm", "limiting"}}).summary.substr(0, 9),
        "Only simu");
    EXPECT_THAT(plugin.run("list_simulations", {{"order", "ascending"}}).message,
                HasSubstr("order needs sort_by"));
    // Whatever the unit: 1.677e-07 m is more radii than 10.5 of 1.
    dense.handle = "simulation-4";
    dense.metadata["rg"] = 1.677e-7;
    dense.metadata["particle_radius"] = 1e-8;
    dense.metadata["length_unit"] = "m";
    plugin.add_artifact(dense, "bytes");
    const auto smallest = plugin.run("list_simulations", {{"sort_by", "rg"}, {"order", "ascending"}});
    EXPECT_THAT(smallest.summary, HasSubstr("simulation-2 has the lowest rg, 10.5"));
    EXPECT_THAT(smallest.data.at("simulations")[0].at("summary").get<std::string>(),
                HasSubstr(", Rg = 10.5"));
}

TEST_F(StoredSimulations, TellWhatTheyAreSortedByAndHowManyThereAre) {
    for (int i = 10; i < 40; ++i) {
        FoundArtifact grown;
        grown.handle = "simulation-" + std::to_string(i);
        grown.kind = "simulation";
        grown.created_at = "2026-03-01";
        grown.metadata = {{"algorithm", "cca"},     {"n_particles", 60},  {"df", 1.7 + 0.001 * i},
                          {"df_stderr", 0.0012},    {"rg", 0.5 * i},      {"particle_radius", 1},
                          {"kf", 1.3 + 0.0025 * i}, {"kf_stderr", 0.013}, {"seed", i}};
        plugin.add_artifact(grown, "bytes");
    }
    const auto by = [&](const char* number, int limit) {
        return plugin.run("list_simulations", {{"sort_by", number}, {"algorithm", "cca"}, {"limit", limit}});
    };
    const auto kf = by("kf", 20);
    EXPECT_EQ(kf.data.at("simulations").size(), 20u);
    EXPECT_THAT(kf.data.at("simulations")[1].at("summary").get<std::string>(),
                HasSubstr("Df = 1.74, kf = 1.395 ± 0.013, seed 38"));
    EXPECT_THAT(kf.summary,
                HasSubstr("Then come simulation-38 (1.395 ± 0.013), simulation-37 (1.393 ± 0.013), "));
    EXPECT_THAT(kf.summary, HasSubstr(", … 20 of 30 are listed; a limit of 30 lists all."));
    EXPECT_THAT(by("df", 30).data.at("simulations")[0].at("summary").get<std::string>(),
                HasSubstr("Df = 1.7390 ± 0.0012, seed 39"));
    EXPECT_THAT(by("rg", 30).data.at("simulations")[0].at("summary").get<std::string>(),
                HasSubstr("Df = 1.74, Rg = 19.50 a, seed 39"));
    EXPECT_THAT(by("df", 30).summary, ::testing::Not(HasSubstr("are listed")));
    EXPECT_THAT(by("df", 1).summary, ::testing::Not(HasSubstr("are listed"))) << "one was asked for";
    EXPECT_EQ(plugin.run("list_simulations", {{"algorithm", "cca"}, {"limit", 2}}).summary,
              "The newest 2 cca simulations: simulation-39 (cca), simulation-38 (cca). 2 of 30 are listed; a "
              "limit of 30 lists all.");
    for (int i = 40; i < 130; ++i) add("simulation-" + std::to_string(i), "cca", "2026-04-01", "");
    EXPECT_THAT(
        plugin.run("list_simulations", {{"algorithm", "cca"}}).summary,
        HasSubstr(", … 20 of the newest 100 are listed; a limit of 100 lists as many; for others name "
                  "an algorithm, the dimensions or a project."));
}

TEST_F(StoredSimulations, TellAllOfOne) {
    const auto outcome = plugin.run("get_simulation_details", {{"simulation", "simulation-1"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.data.at("arguments"), (Json{{"n_particles", 500}}));
    EXPECT_EQ(outcome.data.at("seed"), 3);
    EXPECT_EQ(outcome.data.at("details").at("rg"), 10.5);
    EXPECT_FALSE(outcome.data.at("details").contains("rg_evolution"));
    EXPECT_EQ(outcome.summary,
              "simulation-1 is a finished simulation (dla, 500 particles): Df = 2.500 ± 0.012, kf = 1.25, "
              "Rg = 10.50, porosity = 0.931, mean coordination number = 1.996, 499 contacts, "
              "seed = 3.");
    EXPECT_EQ(outcome.added, Names{"simulation-1"});
    FoundArtifact scaled;
    scaled.handle = "simulation-3";
    scaled.kind = "simulation";
    scaled.metadata = {{"algorithm", "dla"},       {"rg", 250.0},
                       {"asphericity", 625.0},     {"particle_radius", 12.5},
                       {"largest_overlap", 1e-15}, {"execution_time_s", 0.25}};
    plugin.add_artifact(scaled, "bytes");
    EXPECT_THAT(plugin.run("get_simulation_details", {{"simulation", "simulation-3"}}).summary,
                HasSubstr("Rg = 250.0 (20.00 a), asphericity = 625.0 (4.000 a²), largest overlap = 1e-15 a, "
                          "execution time = "
                          "0.25 s."));
    scaled.handle = "simulation-4";
    scaled.metadata["length_unit"] = "nm";
    plugin.add_artifact(scaled, "bytes");
    EXPECT_THAT(plugin.run("get_simulation_details", {{"simulation", "simulation-4"}}).summary,
                HasSubstr("Rg = 250.0 nm (20.00 a), a = 12.5 nm, asphericity = 625.0 nm² (4.000 a²)"));
    EXPECT_THAT(plugin.run("list_simulations", {{"sort_by", "rg"}}).summary,
                HasSubstr("has the highest rg, 250"));
    const auto failed = plugin.run("get_simulation_details", {{"job_id", "job_1"}});
    EXPECT_EQ(failed.summary, "The simulation job_1 has failed: It needs more memory than it may use.");
}

TEST_F(StoredSimulations, AreToldApartByTheirSticking) {
    add("simulation-3", "cca", "2026-01-05", "");
    FoundArtifact slow;
    slow.handle = "simulation-4";
    slow.kind = "simulation";
    slow.created_at = "2026-01-06";
    slow.metadata = {{"algorithm", "cca"}, {"parameters", {{"sticking_probability", 0.01}}}, {"df", 2.1}};
    slow.metadata["warnings"] = {"The fit is poor."};
    plugin.add_artifact(slow, "bytes");
    EXPECT_EQ(listed({{"algorithm", "cca"}}), (Names{"simulation-4", "simulation-3"}));
    EXPECT_EQ(listed({{"algorithm", "cca"}, {"regime", "diffusion_limited"}}), Names{"simulation-3"});
    EXPECT_EQ(listed({{"regime", "diffusion_limited"}}), (Names{"simulation-3", "job_1", "simulation-1"}));
    const auto of_rlca =
        plugin.run("list_simulations", {{"algorithm", "cca"}, {"regime", "reaction_limited"}});
    EXPECT_EQ(of_rlca.summary,
              "1 reaction-limited cca simulation (sticking probability below 1) "
              "(1 completed): simulation-4 (cca).");
    EXPECT_EQ(of_rlca.data.at("simulations")[0].at("summary"), "cca, sticking probability 0.01, Df = 2.10");
    EXPECT_THAT(
        plugin.run("get_simulation_details", {{"simulation", "simulation-4"}}).summary,
        ::testing::AllOf(HasSubstr("(cca, sticking probability 0.01)"), HasSubstr(". The fit is poor.")));
    EXPECT_EQ(plugin.run("list_simulations", {{"algorithm", "dla"}, {"regime", "reaction_limited"}}).summary,
              "There are no reaction-limited dla simulations (sticking probability below 1).");
    // A hundred newer ones of the other regime.
    for (int i = 10; i < 120; ++i) add("simulation-" + std::to_string(i), "cca", "2026-02-01", "");
    EXPECT_EQ(plugin.run("list_simulations", {{"algorithm", "cca"}, {"regime", "reaction_limited"}}).summary,
              "There are no reaction-limited cca simulations (sticking probability below 1) among the newest "
              "100 that I looked through.");
    EXPECT_THAT(plugin.run("list_simulations", {{"sort_by", "df"}}).summary,
                HasSubstr("Of 100 finished simulations among the newest 100 that I looked through, "));
    EXPECT_EQ(plugin.run("list_simulations", {{"sort_by", "df"}, {"regime", "reaction_limited"}}).summary,
              "No finished reaction-limited simulation (sticking probability below 1) among the newest 100 "
              "that I looked through reports df.");
}

TEST_F(StoredSimulations, AreToldApartByTheirDimensions) {
    FoundArtifact flat;
    flat.handle = "simulation-4";
    flat.kind = "simulation";
    flat.created_at = "2026-01-06";
    flat.metadata = {{"algorithm", "dla"}, {"dimensions", 2}, {"df", 1.7}};
    plugin.add_artifact(flat, "bytes");
    EXPECT_EQ(listed({{"dimensions", 2}}), Names{"simulation-4"});
    EXPECT_EQ(plugin.run("list_simulations", {{"dimensions", 2}, {"algorithm", "cca"}}).summary,
              "There are no 2-D cca simulations.");
}

TEST_F(StoredSimulations, NearlyEmptySpaceIsNotAllOfIt) {
    FoundArtifact open;
    open.handle = "simulation-3";
    open.kind = "simulation";
    open.metadata = {{"algorithm", "dla"}, {"porosity", 0.99964}};
    plugin.add_artifact(open, "bytes");
    EXPECT_THAT(plugin.run("get_simulation_details", {{"simulation", "simulation-3"}}).summary,
                HasSubstr("porosity = 0.99964"));
}

TEST_F(StoredSimulations, WithoutADfOfTheirGrowthSaySo) {
    const auto summary = [this](const char* handle) {
        return plugin.run("get_simulation_details", {{"simulation", handle}}).summary;
    };
    EXPECT_THAT(summary("simulation-2"), HasSubstr("particles): Df of its geometry = 2, kf = 1.25"));
    add("simulation-3", "chain", "2026-01-05", "");
    EXPECT_THAT(summary("simulation-3"), HasSubstr("it has no Df of its own, and run_box_counting"));
}

TEST_F(StoredSimulations, ThatAreNotThereGetASentence) {
    EXPECT_THAT(plugin.run("get_simulation_details").message, HasSubstr("Give either simulation"));
    EXPECT_EQ(plugin.run("get_simulation_details", {{"simulation", "simulation-9"}}).message,
              "simulation names the artifact \"simulation-9\", which does not exist.");
    EXPECT_THAT(plugin.run("get_simulation_details", {{"job_id", "job_9"}}).message, HasSubstr("is job_9."));
}

}  // namespace
}  // namespace assistd::simulation
