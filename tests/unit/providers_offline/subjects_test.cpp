// What the words for things mean over a whole conversation (subjects.h).

#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

#define COUNTING "run_box_counting "
#define COMPARE "compare_simulations "

class Subjects : public Talking {
  protected:
    Subjects() {
        talk_.artifacts->put("simulation-3");
        talk_.artifacts->put("study-3", "create_parametric_study");
    }
    void grow_three() {
        for (int n : {100, 200, 300}) calls("grow a 2d dla with " + std::to_string(n) + " particles");
    }
    void begin_study() {
        const Conversation::ToolRunner before = talk_.runner;
        talk_.runner = [](const std::string&, const json&) {
            const json data{{"study_id", "study_1"}, {"name", "p"}, {"status", "running"}};
            return json{{"success", true}, {"data", data}, {"summary", "Began the study."}};
        };
        calls("study 2d dla with 200 and 400 particles and 4 seeds each");
        talk_.runner = before;
    }
};

TEST_F(Subjects, AHelpTextNamesNothing) {
    calls("grow a 2d dla with 100 particles");
    EXPECT_EQ(calls("help with list_simulations"), "");
    EXPECT_THAT(reply_, HasSubstr("simulation-3"));
    EXPECT_EQ(calls("export everything as vtp"),
              R"(export_geometry {"format":"vtp","simulation":"simulation-101"})");
    EXPECT_THAT(calls("write a report about everything"), Not(HasSubstr("simulation-3")));
}

TEST_F(Subjects, AStudyThatRunsIsTheStudy) {
    begin_study();
    for (const char* sentence : {"analyze the study", "export the study as csv",
                                 "write a report about the study", "analyze it", "render it", "export it",
                                 "write a latex report about it", "plot the df distribution of the study"}) {
        EXPECT_EQ(calls(sentence), "") << sentence << ": " << reply_;
        EXPECT_THAT(reply_, HasSubstr("has not ended yet")) << sentence;
        EXPECT_THAT(reply_, Not(HasSubstr("You could begin"))) << sentence;
    }
    EXPECT_EQ(calls("how is it going?"), R"(get_study_status {"study_id":"study_1"})");
    // What is named is worked on, and what is made since is what "it" means.
    EXPECT_EQ(calls("analyze simulation-3"), COUNTING R"({"simulation":"simulation-3"})");
    calls("grow a 2d dla with 100 particles");
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-101"})");
    calls("write a report");
    EXPECT_THAT(reply_, HasSubstr("The study “p” has not ended yet and is not among them."));
}

TEST_F(Subjects, AStudyThatHasEndedIsTheStudy) {
    begin_study();
    auto notice = std::make_shared<core::Message>();
    notice->role = core::Role::system;
    notice->blocks.push_back(
        core::TextBlock{"The study \"p\" of run_dla_simulation finished: 8 of 8 runs completed (study-7)."});
    talk_.messages.push_back(notice);
    EXPECT_EQ(calls("analyze the study"), R"(analyze_parametric_study {"study":"study-7"})");
    EXPECT_EQ(calls("analyze it"), R"(analyze_parametric_study {"study":"study-7"})");
    EXPECT_EQ(calls("export it as csv"), R"(export_study_csv {"study":"study-7"})");
}

TEST_F(Subjects, ARunThatGoesOnIsIt) {
    calls("grow a 2d dla with 100 particles");
    talk_.runner = [](const std::string&, const json&) {
        return json{{"success", true},
                    {"data", {{"status", "running"}, {"job_id", "job_1"}, {"progress", 0.1}}}};
    };
    calls("grow a 3d dla with 900000 particles");
    EXPECT_EQ(calls("analyze it"), "");
    EXPECT_THAT(reply_, HasSubstr("(job_1) has not ended yet"));
    EXPECT_EQ(calls("analyze the last simulation"), "");
    EXPECT_THAT(calls("how is it going?"), HasSubstr("get_job_status"));
}

TEST_F(Subjects, ItIsEachOfThoseThatTheSentenceHasMade) {
    EXPECT_THAT(calls("grow two 2d dla clusters with 100 particles and analyze it"),
                HasSubstr(" > " COUNTING R"({"simulation":"simulation-101"} | )" COUNTING
                          R"({"simulation":"simulation-102"})"));
    EXPECT_THAT(reply_, HasSubstr("I took **simulation-101** and **simulation-102**."));
    EXPECT_THAT(calls("grow two 2d dla clusters with 100 particles and analyze the last one"),
                HasSubstr(" > " COUNTING R"({"simulation":"simulation-104"})"));
    EXPECT_EQ(calls("render it"), R"(render_3d_image {"simulation":"simulation-104"})");
}

TEST_F(Subjects, ThemAllAreThoseThatTheSentenceHasMade) {
    calls("grow a 2d dla with 100 particles");
    EXPECT_THAT(calls("grow two 2d dla clusters with 100 particles and box count them all"),
                HasSubstr(" > " COUNTING R"({"simulation":"simulation-102"} | )" COUNTING
                          R"({"simulation":"simulation-103"})"));
    EXPECT_THAT(talk_.calls(), Not(HasSubstr("simulation-101")));
    EXPECT_EQ(calls("compare them all"),
              COMPARE R"({"simulations":["simulation-101","simulation-102","simulation-103"]})");
}

TEST_F(Subjects, ItIsNotWhatWasNeverMade) {
    calls("grow a 2d dla with 100 particles");
    const Conversation::ToolRunner works = talk_.runner;
    talk_.runner = [](const std::string&, const json&) {
        return json{{"success", false}, {"error", {{"message", "The cluster does not fit into its box."}}}};
    };
    calls("grow a 2d dla with 200 particles");
    talk_.runner = works;
    const std::string note = "I took **simulation-101**: the DLA simulation after it made nothing.";
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-101"})");
    EXPECT_THAT(reply_, HasSubstr(note));
    calls("render it");
    EXPECT_THAT(reply_, Not(HasSubstr("made nothing"))) << "that was told already";
    talk_.runner = [](const std::string& tool, const json&) {
        const bool cancels = tool == "cancel_job";
        return json{{"success", true},
                    {"summary", cancels ? "Cancelled." : "It runs."},
                    {"data", {{"status", cancels ? "cancelled" : "running"}, {"job_id", "job_1"}}}};
    };
    calls("grow a 3d dla with 900000 particles");
    calls("cancel it");
    talk_.runner = works;
    EXPECT_EQ(calls("analyze simulation-101"), COUNTING R"({"simulation":"simulation-101"})");
    EXPECT_THAT(reply_, Not(HasSubstr("made nothing"))) << "it was named";
}

TEST_F(Subjects, ItIsNotAnotherConversationsWhereNothingWasMade) {
    const Conversation::ToolRunner works = talk_.runner;
    talk_.runner = [](const std::string&, const json&) {
        return json{{"success", false}, {"error", {{"message", "The cluster does not fit into its box."}}}};
    };
    calls("grow a 2d dla with 200 particles");
    talk_.runner = works;
    EXPECT_EQ(calls("analyze it"), "");
    EXPECT_THAT(reply_, HasSubstr("The DLA simulation of this conversation made nothing"));
    EXPECT_EQ(calls("analyze simulation-3"), COUNTING R"({"simulation":"simulation-3"})");
}

TEST_F(Subjects, TheFlatAndTheSpatialOneTellThemselves) {
    calls("grow a 2d dla with 100 particles");
    calls("grow a 3d dla with 100 particles");
    EXPECT_EQ(calls("analyze the 2d one"), COUNTING R"({"simulation":"simulation-101"})");
    EXPECT_THAT(reply_, Not(HasSubstr("For “2d”")));
    EXPECT_EQ(calls("compare the 2d one with the 3d one"),
              COMPARE R"({"simulations":["simulation-101","simulation-102"]})");
}

TEST_F(Subjects, ItIsWhatWasCalledByItsKind) {
    calls("grow a 2d dla with 100 particles");
    calls("grow an eden cluster with 100 particles");
    calls("analyze the dla");
    EXPECT_EQ(calls("export it as vtp"), R"(export_geometry {"format":"vtp","simulation":"simulation-101"})");
    EXPECT_EQ(calls("render it"), R"(render_3d_image {"simulation":"simulation-102"})");
}

TEST_F(Subjects, ItIsNotWhatWasCancelled) {
    calls("grow a 2d dla with 100 particles");
    const Conversation::ToolRunner works = talk_.runner;
    talk_.runner = [](const std::string& tool, const json&) {
        const bool cancels = tool == "cancel_job";
        return json{{"success", true},
                    {"summary", cancels ? "Cancelled." : "It runs."},
                    {"data", {{"status", cancels ? "cancelled" : "running"}, {"job_id", "job_1"}}}};
    };
    calls("grow a 3d dla with 900000 particles");
    calls("cancel it");
    talk_.runner = works;
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-101"})");
    EXPECT_THAT(reply_, HasSubstr("I took **simulation-101**: the DLA simulation after it made nothing."));
}

TEST_F(Subjects, WhatIsThereIsShown) {
    calls("grow a 2d dla with 100 particles and plot it");
    calls("plot the df vs n of it");
    EXPECT_EQ(calls("show me the last plot"), R"(show_artifact {"artifact":"plot-102"})");
    EXPECT_EQ(calls("show plot-101"), R"(show_artifact {"artifact":"plot-101"})");
    EXPECT_EQ(calls("show the plots"), R"(list_artifacts {"kind":"plot"})");
    EXPECT_EQ(calls("show the last 2 plots"), R"(list_artifacts {"kind":"plot","limit":2})");
    EXPECT_EQ(calls("show me the picture"), "");
    EXPECT_THAT(reply_, HasSubstr("There is no image yet"));
    talk_.runner = [](const std::string&, const json&) {
        return json{{"success", true}, {"artifacts", {{{"handle", "image-7"}, {"kind", "image"}}}}};
    };
    calls("render it");
    EXPECT_EQ(calls("show me the picture"), R"(show_artifact {"artifact":"image-7"})");
    EXPECT_EQ(calls("show me a picture of it"), R"(render_3d_image {"simulation":"simulation-101"})");
}

TEST_F(Subjects, BothAreThoseThatAQuestionWasAbout) {
    int number = 0;
    talk_.runner = [&](const std::string&, const json&) {
        const std::string handle = "simulation-1" + std::to_string(++number);
        return json{{"success", true},
                    {"data", {{"df", 2 + 0.1 * number}}},
                    {"artifacts", {{{"handle", handle}, {"kind", "simulation"}}}}};
    };
    calls("grow a dla with 100 particles");
    talk_.artifacts->put("simulation-11");
    talk_.runner = [](const std::string&, const json&) { return json{{"success", true}}; };
    calls("analyze simulation-3");
    talk_.runner = [&](const std::string&, const json&) {
        return json{{"success", true},
                    {"data", {{"df", 2.5}}},
                    {"artifacts", {{{"handle", "simulation-12"}, {"kind", "simulation"}}}}};
    };
    calls("grow a dla with 200 particles");
    talk_.artifacts->put("simulation-12");
    calls("which of the two has the higher Df?");
    EXPECT_THAT(reply_, HasSubstr("Of simulation-11 and simulation-12"));
    // As the daemon keeps it: what replies name is rather found in its calls.
    for (auto& message : talk_.messages) {
        auto kept = std::make_shared<core::Message>(*message);
        kept->conversation = ConversationId::make();
        message = std::move(kept);
    }
    EXPECT_EQ(calls("compare both"), COMPARE R"({"simulations":["simulation-11","simulation-12"]})");
}

TEST_F(Subjects, AllAreAll) {
    grow_three();
    constexpr const char* three = R"({"simulations":["simulation-101","simulation-102","simulation-103"]})";
    calls("compare the first two");
    for (const char* words :
         {"compare all of them", "compare them all", "compare all three", "compare all 3"})
        EXPECT_EQ(calls(words), std::string(COMPARE) + three) << words;
    EXPECT_THAT(reply_, HasSubstr("**simulation-101**, **simulation-102** and **simulation-103**"));
    EXPECT_EQ(calls("compare all 4"), "");
    EXPECT_THAT(reply_, HasSubstr("has 3 of them, not 4"));
    EXPECT_THAT(calls("plot the pair correlation of all"),
                HasSubstr(R"("overlay":["simulation-101","simulation-102","simulation-103"])"));
    EXPECT_THAT(calls("render all three"), HasSubstr("simulation-101\"} | render_3d_image"));
    EXPECT_THAT(calls("analyze all three and compare"), HasSubstr(three));
}

TEST_F(Subjects, ThemAreThoseThatCameOneByOne) {
    grow_three();
    EXPECT_EQ(calls("compare them"),
              COMPARE R"({"simulations":["simulation-101","simulation-102","simulation-103"]})");
    calls("make two cca clusters of 64 particles");
    EXPECT_EQ(calls("compare them"), COMPARE R"({"simulations":["simulation-104","simulation-105"]})");
}

TEST_F(Subjects, TheLastIsTheOneThatWasMadeLast) {
    grow_three();
    talk_.runner = [](const std::string& tool, const json& arguments) {
        json body{{"success", true}, {"data", json::object()}, {"summary", "Done."}};
        // The details of a simulation are with it.
        if (tool == "get_simulation_details")
            body["artifacts"] = json::array({{{"handle", arguments["simulation"]}, {"kind", "simulation"}}});
        return body;
    };
    calls("details of simulation-3");
    EXPECT_EQ(calls("analyze the last simulation"), COUNTING R"({"simulation":"simulation-103"})");
    EXPECT_EQ(calls("compare the last two simulations"),
              COMPARE R"({"simulations":["simulation-102","simulation-103"]})");
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-3"})");
}

TEST_F(Subjects, SoManyAsThereAreNotAreNotTaken) {
    talk_.artifacts->all.clear();
    calls("grow a 2d dla with 100 particles");
    talk_.artifacts->put("simulation-101");
    EXPECT_EQ(calls("render the last 3 simulations"), "");
    EXPECT_THAT(reply_, HasSubstr("is only **simulation-101**"));
}

TEST_F(Subjects, WhatIsExportedIsWhatWasMade) {
    grow_three();
    EXPECT_EQ(calls("compare the last two and export as csv"),
              COMPARE R"({"simulations":["simulation-102","simulation-103"]})"
                      R"( > export_comparison_csv {"comparison":"comparison-101"})");
    EXPECT_EQ(calls("export it as csv"), R"(export_comparison_csv {"comparison":"comparison-101"})");
    EXPECT_EQ(calls("export the first one as csv"),
              R"(export_geometry {"format":"csv","simulation":"simulation-101"})");
    calls("grow a 2d dla with 100 particles");
    EXPECT_EQ(calls("export it as csv"), R"(export_geometry {"format":"csv","simulation":"simulation-104"})");
}

TEST_F(Subjects, ANameIsAHandle) {
    calls("grow a 2d dla with 100 particles and call it test1");
    calls("grow a 2d dla with 200 particles and call it \"soot B\"");
    EXPECT_EQ(calls("render test1"), R"(render_3d_image {"simulation":"simulation-101"})");
    EXPECT_EQ(calls("analyze Test1"), COUNTING R"({"simulation":"simulation-101"})");
    EXPECT_EQ(calls("compare test1 and \"soot B\""),
              COMPARE R"({"simulations":["simulation-101","simulation-102"]})");
    EXPECT_EQ(calls("grow a 3d dla with 100 particles and call it test1"),
              R"(run_dla_simulation {"dimensions":3,"n_particles":100,"name":"test1"})");
    EXPECT_EQ(calls("render test1"), R"(render_3d_image {"simulation":"simulation-103"})");
}

TEST_F(Subjects, TheGrowthTellsTheDfFirst) {
    talk_.runner = [](const std::string& tool, const json&) {
        const bool grows = tool == "run_dla_simulation";
        const std::string handle = grows ? "simulation-1" : "analysis-1";
        const json made{{{"handle", handle}, {"kind", handle.substr(0, handle.size() - 2)}}};
        const json data = grows ? json{{"df", 2.44}, {"df_stderr", 0.03}}
                                : json{{"df", 2.157}, {"warnings", {"Too few boxes."}}};
        return json{{"success", true}, {"data", data}, {"summary", "Done."}, {"artifacts", made}};
    };
    calls("grow a 3d dla with 300 particles");
    calls("analyze it");
    EXPECT_EQ(calls("whats the df of simulation-1?"), "");
    EXPECT_THAT(reply_, HasSubstr("2.440 ± 0.030 (DLA simulation)"));
    EXPECT_THAT(reply_, HasSubstr("2.157 (Box counting; Too few boxes)"));
    EXPECT_LT(reply_.find("2.44"), reply_.find("2.157"));
}

TEST_F(Subjects, DetailsTellWhatTheirRunDid) {
    talk_.runner = [](const std::string&, const json&) {
        const json data{{"tool", "run_dla_simulation"},
                        {"details", {{"df", 1.7}, {"kf", 1.21}, {"kf_stderr", 0.15}}}};
        return json{{"success", true}, {"data", data}, {"summary", "Done."}};
    };
    calls("details of simulation-3");
    EXPECT_EQ(calls("and kf?"), "");
    EXPECT_THAT(reply_, HasSubstr("1.21 ± 0.15"));
}

TEST_F(Subjects, TheHighestIsOfThisConversation) {
    int number = 0;
    talk_.runner = [&](const std::string&, const json&) {
        ++number;
        const std::string handle = "simulation-" + std::to_string(10 + number);
        json data{{"df", 2.0 + 0.1 * (number % 3)}, {"rg", number == 2 ? 1e-7 : 10.0 - number}};
        data["particle_radius"] = number == 2 ? 1e-9 : 1.0;
        if (number == 2) data["length_unit"] = "m";
        const json made{{{"handle", handle}, {"kind", "simulation"}}};
        return json{{"success", true}, {"data", data}, {"summary", "Done."}, {"artifacts", made}};
    };
    grow_three();
    EXPECT_EQ(calls("which one has the highest df?"), "");
    EXPECT_THAT(reply_, HasSubstr("Of the 3 of this conversation, **simulation-12**"));
    EXPECT_EQ(calls("which of them has the lowest rg?"), "");
    EXPECT_THAT(reply_, HasSubstr("**simulation-13** has the lowest"));
    EXPECT_THAT(reply_, HasSubstr("Their units differ"));
    EXPECT_THAT(calls("which of my simulations has the highest df?"), HasSubstr("list_simulations"));
}

TEST_F(Subjects, TheAnswerIsIt) {
    int number = 0;
    talk_.runner = [&](const std::string& tool, const json& arguments) {
        json body{{"success", true}, {"data", json::object()}, {"summary", "Done."}};
        if (tool == "list_simulations")
            body["summary"] = "Of 9 finished simulations, simulation-3 has the highest df, 2.6.";
        if (tool != "run_dla_simulation") return body;
        const std::string handle = "simulation-" + std::to_string(10 + ++number);
        body["data"] = {{"df", number == 2 ? 2.5 : 2.0}, {"rg", number}, {"n", arguments["n_particles"]}};
        body["artifacts"] = json::array({{{"handle", handle}, {"kind", "simulation"}}});
        talk_.artifacts->put(handle);
        return body;
    };
    grow_three();
    calls("which has the highest Df?");
    EXPECT_THAT(reply_, HasSubstr("**simulation-12**"));
    EXPECT_EQ(calls("what is its rg?"), "");
    EXPECT_EQ(reply_, "**simulation-12**: radius of gyration 2 (DLA simulation).");
    EXPECT_EQ(calls("box counting of it"), COUNTING R"({"simulation":"simulation-12"})");
    EXPECT_EQ(calls("analyze the last simulation"), COUNTING R"({"simulation":"simulation-13"})");
    EXPECT_EQ(calls("plot the one with the highest df and analyze simulation-3"),
              R"(generate_plot {"source":"simulation-12"} | )" COUNTING R"({"simulation":"simulation-3"})");
    calls("which of my simulations has the highest df?");
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-3"})");
    calls("what is the rg of simulation-11?");
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-11"})");
    calls("grow a 2d dla with 50 particles");
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-14"})");
}

TEST_F(Subjects, TheTwoAreThoseThatWereDealtWithLast) {
    talk_.runner = [&](const std::string& tool, const json& arguments) {
        json body{{"success", true}, {"data", json::object()}, {"summary", "Done."}};
        if (tool == "run_dla_simulation") {
            const std::string handle = "simulation-" + arguments["n_particles"].dump();
            body["data"] = {{"df", 2.9}, {"rg", arguments["n_particles"].get<double>()}};
            body["artifacts"] = json::array({{{"handle", handle}, {"kind", "simulation"}}});
        } else if (tool == "compare_simulations") {
            const auto row = [](const char* handle, double df) {
                return json{{"simulation", handle}, {"values", {{"df", df}}}, {"errors", {{"df", 0.01}}}};
            };
            body["data"] = {{"simulations", {row("simulation-3", 2.1), row("simulation-4", 2.3)}}};
            body["artifacts"] = json::array({{{"handle", "comparison-1"}, {"kind", "comparison"}}});
        }
        return body;
    };
    grow_three();
    calls("which one is larger?");
    EXPECT_THAT(reply_, HasSubstr("Of simulation-200 and simulation-300, **simulation-300** has the higher"));
    calls("compare simulation-3 and simulation-4");
    EXPECT_EQ(
        calls("plot their coordination"),
        R"(generate_plot {"overlay":["simulation-3","simulation-4"],"plot":"coordination","source":"simulation-3"})");
    EXPECT_EQ(calls("which of the two has the higher Df?"), "");
    EXPECT_THAT(reply_, HasSubstr("Of simulation-3 and simulation-4, **simulation-4** has the higher: "
                                  "fractal dimension 2.300 ± 0.010."));
    for (const char* sentence : {"which of the two has the lower Df?", "which one is more open?"}) {
        calls(sentence);
        EXPECT_THAT(reply_, HasSubstr("**simulation-3** has the lower")) << sentence;
    }
    calls("which one is denser?");
    EXPECT_THAT(reply_, HasSubstr("**simulation-4** has the higher"));
}

TEST_F(Subjects, WhatEndedInTheBackgroundIsSaidToBeLeftOut) {
    talk_.runner = [&](const std::string&, const json& arguments) {
        const std::string handle = "simulation-" + std::to_string(arguments.value("n_particles", 0));
        const json made{{{"handle", handle}, {"kind", "simulation"}}};
        return json{{"success", true}, {"data", {{"df", 2.9}}}, {"summary", "Done."}, {"artifacts", made}};
    };
    grow_three();
    begin_study();
    auto notice = std::make_shared<core::Message>();
    notice->role = core::Role::system;
    notice->blocks.push_back(
        core::TextBlock{"The study \"p\" of run_dla_simulation finished: 8 of 8 runs completed (study-7)."});
    talk_.messages.push_back(notice);
    EXPECT_EQ(calls("which has the highest Df?"), "");
    EXPECT_THAT(reply_, HasSubstr("Of the 3 of this conversation"));
    EXPECT_THAT(reply_, HasSubstr("Not among them: the runs of study-7"));
    EXPECT_EQ(calls("which run of the study has the highest Df?"),
              R"(get_study_results {"order":"descending","sort_by":"df","study_id":"study-7"})");
}

TEST_F(Subjects, WhatIsCalledByItsNameIsIt) {
    calls("grow a 2d dla with 100 particles and call it soot1");
    calls("grow a 2d dla with 200 particles");
    calls("render soot1");
    EXPECT_EQ(calls("color it by coordination"),
              R"(render_3d_image {"color_by":"coordination","simulation":"simulation-101"})");
    calls("compare soot1 and simulation-3");
    EXPECT_EQ(calls("analyze it"), COUNTING R"({"simulation":"simulation-101"})");
}

TEST_F(Subjects, TheOneWithSoManyDimensions) {
    calls("grow a 3d dla with 100 particles");
    calls("grow a 2d dla with 100 particles");
    EXPECT_EQ(calls("analyze the 3d one"), COUNTING R"({"simulation":"simulation-101"})");
}

TEST_F(Subjects, AllCallsAreRepeated) {
    grow_three();
    calls("export all of them as xyz");
    EXPECT_EQ(calls("do it again as ply"),
              R"(export_geometry {"format":"ply","simulation":"simulation-101"} | )"
              R"(export_geometry {"format":"ply","simulation":"simulation-102"} | )"
              R"(export_geometry {"format":"ply","simulation":"simulation-103"})");
    calls("plot rg vs n for simulation-101 as svg");
    calls("analyze simulation-102");
    EXPECT_THAT(calls("redo the last plot as png"), HasSubstr(R"(generate_plot {"format":"png")"));
}

TEST_F(Subjects, ACorrectionRunsAgain) {
    calls("grow a 2d dla with 100 particles");
    EXPECT_EQ(calls("no, in 3d"), R"(run_dla_simulation {"dimensions":3,"n_particles":100})");
    EXPECT_EQ(calls("do again with 500"), R"(run_dla_simulation {"dimensions":3,"n_particles":500})");
    EXPECT_EQ(calls("run it again"), R"(run_dla_simulation {"dimensions":3,"n_particles":500})");
}

TEST_F(Subjects, WhatIsNoNumberIsNone) {
    EXPECT_EQ(calls("grow a 2d dla with 1e5.5 particles"), "");
}

TEST_F(Subjects, SoundedOutPhrases) {
    const std::vector<std::pair<const char*, const char*>> rows{
        {"tunable cluster of 1000 particles with df 2.9 and kf 2",
         R"(run_tunable_simulation {"n_particles":1000,"target_df":2.9,"target_kf":2.0})"},
        {"tunable aggregate with 128 particles, df 3.2", ""},
        {"run dla with 50 particles and seeds 1 to 3", R"({"n_particles":50,"seed":1} | run_dla)"},
        {"grow 5 2d dla of 300 particles",
         R"(run_dla_simulation {"dimensions":2,"n_particles":300} | run_dla)"},
        {"grow five 2d dla of 200", R"(run_dla_simulation {"dimensions":2,"n_particles":200} | run_dla)"},
        {"make 5 2d dla clusters with 1000, 2000, 3000, 4000 and 5000 particles", R"("n_particles":5000)"},
        {"sandbox dimension of simulation-3", "run_correlation_analysis"},
        {"correlation of simulation-3", "run_correlation_analysis"},
        {"make a soot aggregate with 300 primary particles", R"("n_particles":300)"},
        {"how does Df depend on N for simulation-3", R"("plot":"df_vs_n")"},
        {"grow a dla of 100 particles with radii 3 to 1", R"("radius_max":1.0,"radius_min":3.0)"},
        {"grow a dla of 100 particles with 10-20 nm radii", R"("radius_max":20.0,"radius_min":10.0)"}};
    for (const auto& [sentence, expected] : rows)
        EXPECT_THAT(calls(sentence), HasSubstr(expected)) << sentence << ": " << reply_;
}

}  // namespace
}  // namespace assistd::test
