// Studies by what they varied or are called, lengths by their unit, and texts as a whole.

#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Meant : public Talking {};

TEST_F(Meant, AStudyIsMeantByWhatItVaried) {
    const auto put = [&](const char* handle, const char* argument) {
        talk_.artifacts->put(handle);
        talk_.artifacts->all.back().metadata = json{{"parameter_grid", {{argument, {1, 2}}}}}.dump();
    };
    put("study-7", "volume_fraction");
    put("study-8", "sticking_probability");
    EXPECT_EQ(calls("how does Df depend on the volume fraction?"),
              R"(analyze_parametric_study {"study":"study-7"})");
    EXPECT_EQ(calls("how does Df depend on the sticking probability?"),
              R"(analyze_parametric_study {"study":"study-8"})");
    EXPECT_EQ(calls("plot Df against the volume fraction"),
              R"(generate_plot {"parameter":"volume_fraction","plot":"df_vs_parameter","source":"study-7"})");
    EXPECT_EQ(calls("how does Df depend on the box size?"), "");
    EXPECT_THAT(reply_, HasSubstr("No study that has ended varied box_size."));
    EXPECT_EQ(calls("how does Df depend on the volume fraction in study-8?"), "");
    EXPECT_THAT(reply_, HasSubstr("**study-8** does not vary volume_fraction, but sticking_probability."));
}

TEST_F(Meant, AStudyHasItsName) {
    const auto begin = [&](const std::string& sentence, const std::string& name, const std::string& handle) {
        const Conversation::ToolRunner before = talk_.runner;
        talk_.runner = [&](const std::string&, const json&) {
            const json data{{"study_id", "study_1"}, {"name", name}, {"status", "running"}};
            return json{{"success", true}, {"data", data}, {"summary", "Began the study."}};
        };
        calls(sentence);
        talk_.runner = before;
        auto notice = std::make_shared<core::Message>();
        notice->role = core::Role::system;
        notice->blocks.push_back(
            core::TextBlock{"The study \"" + name +
                            "\" of run_dla_simulation finished: 2 of 2 runs completed (" + handle + ")."});
        talk_.messages.push_back(notice);
        return talk_.calls();
    };
    EXPECT_EQ(
        begin("study dla with 50 and 70 particles and call it beta", "beta", "study-8"),
        R"(create_parametric_study {"name":"beta","parameter_grid":{"n_particles":[50,70]},"seeds_per_combination":1,"tool":"run_dla_simulation"})");
    begin("study dla with 50 and 70 particles and call it seeds", "seeds", "study-9");
    EXPECT_EQ(calls("analyze the study beta"), R"(analyze_parametric_study {"study":"study-8"})");
    EXPECT_EQ(calls("export the study seeds as csv"), R"(export_study_csv {"study":"study-9"})");
    EXPECT_EQ(calls("report on study seeds"), R"(generate_latex_report {"sources":["study-9"]})");
    EXPECT_EQ(calls("show the results of beta"), R"(get_study_results {"study_id":"study-8"})");
}

class Studies : public Talking {
  protected:
    // Begins one with so many runs; it goes on until end().
    void begin(const std::string& sentence, const std::string& name, const std::string& id) {
        const Conversation::ToolRunner before = talk_.runner;
        talk_.runner = [&](const std::string&, const json&) {
            const json data{{"study_id", id}, {"name", name}, {"status", "running"}, {"runs", 2}};
            return json{{"success", true}, {"data", data}, {"summary", "Began the study."}};
        };
        begun_ = calls(sentence);
        talk_.runner = before;
    }
    void end(const std::string& name, const std::string& handle) {
        auto notice = std::make_shared<core::Message>();
        notice->role = core::Role::system;
        notice->blocks.push_back(
            core::TextBlock{"The study \"" + name +
                            "\" of run_dla_simulation finished: 2 of 2 runs completed (" + handle + ")."});
        talk_.messages.push_back(notice);
    }
    std::string begun_;
};

TEST_F(Studies, AreCountedAsTheyWereBegun) {
    EXPECT_EQ(calls("results of the first study"), "");
    EXPECT_THAT(reply_, HasSubstr("has begun no such study"));
    begin("study dla with 50 and 70 particles", "p", "study_0a1");
    begin("study dla with 90 and 95 particles", "q", "study_0b2");
    end("q", "study-8");
    EXPECT_EQ(calls("results of the first study"), R"(get_study_results {"study_id":"study_0a1"})");
    EXPECT_EQ(calls("show the results of the second study"), R"(get_study_results {"study_id":"study-8"})");
    EXPECT_EQ(calls("how is the first study doing?"), R"(get_study_status {"study_id":"study_0a1"})");
    EXPECT_EQ(calls("cancel the first study"), R"(cancel_study {"study_id":"study_0a1"})");
    EXPECT_EQ(calls("analyze the second study"), R"(analyze_parametric_study {"study":"study-8"})");
    // The one that ended first is not the first.
    EXPECT_EQ(calls("analyze the first study"), "");
    EXPECT_THAT(reply_, HasSubstr("The study “p” has not ended yet"));
    end("p", "study-9");
    EXPECT_EQ(calls("results of the first study"), R"(get_study_results {"study_id":"study-9"})");
    EXPECT_EQ(calls("results of the last study"), R"(get_study_results {"study_id":"study-8"})");
    EXPECT_EQ(calls("export the first study as csv"), R"(export_study_csv {"study":"study-9"})");
    EXPECT_EQ(calls("results of the third study"), "");
    EXPECT_THAT(reply_, HasSubstr("has begun only 2 such studies"));
}

TEST_F(Studies, AreCancelledFromTheNewestOnThatGoesOn) {
    begin("study dla with 50 and 70 particles", "p", "study_0a1");
    begin("study dla with 90 and 95 particles", "q", "study_0b2");
    talk_.runner = [](const std::string&, const json& arguments) {
        return json{{"success", true},
                    {"summary", "Cancelled."},
                    {"data", {{"study_id", arguments.value("study_id", "")}, {"status", "cancelled"}}}};
    };
    EXPECT_EQ(calls("cancel the study"), R"(cancel_study {"study_id":"study_0b2"})");
    EXPECT_THAT(reply_, HasSubstr("The study “p” goes on."));
    EXPECT_EQ(calls("cancel the study"), R"(cancel_study {"study_id":"study_0a1"})");
    EXPECT_THAT(reply_, Not(HasSubstr("goes on")));
}

TEST_F(Studies, AreCalledWhatTheUserCallsThem) {
    begin("study dla with 50 and 70 particles", "DLA simulation", "study_0a1");
    EXPECT_EQ(calls("call it gamma"), "");
    EXPECT_THAT(reply_, HasSubstr("I call **study_0a1** “gamma” from now on, in this conversation."));
    EXPECT_EQ(calls("how is gamma doing?"), R"(get_study_status {"study_id":"study_0a1"})");
    EXPECT_EQ(calls("analyze gamma"), "");
    EXPECT_THAT(reply_, HasSubstr("has not ended yet"));
    end("DLA simulation", "study-8");
    EXPECT_EQ(calls("analyze gamma"), R"(analyze_parametric_study {"study":"study-8"})");
    EXPECT_EQ(calls("show the results of the gamma study"), R"(get_study_results {"study_id":"study-8"})");
    calls("grow a dla with 100 particles");
    calls("name it soot");
    EXPECT_THAT(reply_, HasSubstr("“soot” means something to me already"));
    calls("name it smoke");
    EXPECT_THAT(reply_, HasSubstr("I call **simulation-101** “smoke”"));
    calls("grow a dla with 200 particles");
    EXPECT_EQ(calls("render the smoke cluster"), R"(render_3d_image {"simulation":"simulation-101"})");
    EXPECT_EQ(calls("rename simulation-102 to black smoke"), "");
    EXPECT_EQ(calls("compare smoke and black smoke"),
              R"(compare_simulations {"simulations":["simulation-101","simulation-102"]})");
    EXPECT_EQ(calls("call it a day"), "");
    EXPECT_THAT(reply_, ::testing::Not(HasSubstr("I call")));
}

TEST_F(Studies, HaveANameOfTheirOwnWhenTheyAreBegunOnceMore) {
    begin("study dla with 50 and 70 particles and call it alpha", "alpha", "study_0a1");
    end("alpha", "study-8");
    begin("rerun the study", "alpha (2)", "study_0b2");
    EXPECT_THAT(begun_, HasSubstr(R"x("name":"alpha (2)")x"));
    EXPECT_EQ(calls("show the results of alpha (2)"), R"(get_study_results {"study_id":"study_0b2"})");
    EXPECT_EQ(calls("show the results of alpha"), R"(get_study_results {"study_id":"study-8"})");
    end("alpha (2)", "study-9");
    EXPECT_EQ(calls("export alpha (2) as csv"), R"(export_study_csv {"study":"study-9"})");
    begin("rerun the study", "alpha (3)", "study_0c3");
    EXPECT_THAT(begun_, HasSubstr(R"x("name":"alpha (3)")x"));
    calls("grow a dla with 100 particles and call it beta");
    EXPECT_THAT(calls("do that again"), HasSubstr(R"x("name":"beta (2)")x"));
}

TEST_F(Studies, AreMeantWhereOneOfTheirRunsWasAskedFor) {
    begin("study dla with 50 and 70 particles", "p", "study_0a1");
    end("p", "study-8");
    talk_.artifacts->put("study-8", "run_dla_simulation");
    talk_.artifacts->all.back().metadata = json{{"parameter_grid", {{"n_particles", {50, 70}}}}}.dump();
    talk_.artifacts->put("simulation-5", "run_dla_simulation");
    talk_.runner = [](const std::string&, const json&) {
        return json{{"success", true},
                    {"data", {{"table", "study-8"}}},
                    {"summary", "Of the study \"p\", run 2 has the highest df: simulation-5, df = 2.2."}};
    };
    calls("which run of the study has the highest Df?");
    EXPECT_EQ(calls("how does Df depend on N?"), R"(generate_plot {"plot":"df_vs_n","source":"study-8"})");
    calls("which run of the study has the highest Df?");
    EXPECT_EQ(calls("render it"), R"(render_3d_image {"simulation":"simulation-5"})");
    calls("which run of the study has the highest Df?");
    EXPECT_EQ(calls("plot it"), R"(generate_plot {"source":"simulation-5"})");
}

TEST_F(Studies, AreAskedWithoutTheirName) {
    const std::string compared = R"(compare_simulations {"simulations":["simulation-1","simulation-2"]})";
    talk_.artifacts->put("simulation-1");
    talk_.artifacts->put("simulation-2");
    EXPECT_EQ(calls("what was the mean Df?"), compared);
    begin("make fifty cca clusters of 256 and compare their Df", "p", "study_0a1");
    EXPECT_THAT(reply_, HasSubstr("The runs are compared in its results"));
    EXPECT_EQ(calls("how is it going?"), R"(get_study_status {"study_id":"study_0a1"})");
    EXPECT_EQ(calls("what is the mean Df?"), R"(get_study_results {"mean_of":"df","study_id":"study_0a1"})");
    end("p", "study-8");
    talk_.artifacts->put("study-8");
    for (const char* sentence : {"what was the mean Df?", "average Df", "mean fractal dimension?"})
        EXPECT_EQ(calls(sentence), R"(get_study_results {"mean_of":"df","study_id":"study-8"})") << sentence;
    EXPECT_EQ(calls("what is the spread of Rg?"),
              R"(get_study_results {"mean_of":"rg","study_id":"study-8"})");
    EXPECT_EQ(calls("which run has the lowest Df?"),
              R"(get_study_results {"order":"ascending","sort_by":"df","study_id":"study-8"})");
    EXPECT_EQ(calls("how is it going?"), R"(get_study_status {"study_id":"study-8"})");
    EXPECT_EQ(calls("show the results of my study"), R"(get_study_results {"study_id":"study-8"})");
    EXPECT_EQ(calls("how does Rg depend on N?"), R"(generate_plot {"plot":"rg_vs_n","source":"study-8"})");
    // Of what was made since.
    calls("grow a dla with 100 particles and grow a dla with 200 particles");
    EXPECT_THAT(calls("what is the mean Df?"), testing::StartsWith("compare_simulations"));
}

TEST_F(Studies, TheirRunsAreMeantBeforeWhatWasMadeEarlier) {
    talk_.runner = [&](const std::string&, const json& arguments) {
        const std::string handle = "simulation-" + std::to_string(arguments.value("n_particles", 0));
        const json made{{{"handle", handle}, {"kind", "simulation"}}};
        return json{{"success", true}, {"data", {{"df", 2.9}}}, {"summary", "Done."}, {"artifacts", made}};
    };
    calls("grow dla with 100, 200 and 300 particles");
    calls("which one is denser?");
    EXPECT_THAT(reply_,
                HasSubstr("Of simulation-100, simulation-200 and simulation-300, **simulation-100** has "
                          "the highest"));
    calls("which run has the highest Df?");
    EXPECT_THAT(reply_, HasSubstr("Of the 3 of this conversation"));
    begin("study dla with 50 and 70 particles", "p", "study_0a1");
    EXPECT_EQ(calls("which run has the highest Df?"),
              R"(get_study_results {"order":"descending","sort_by":"df","study_id":"study_0a1"})");
    calls("which one has the highest Df?");
    EXPECT_THAT(reply_, HasSubstr("Of the 3 of this conversation"));
}

TEST_F(Meant, TheMeanIsOfThisConversation) {
    talk_.artifacts->put("study-3");
    calls("grow two dla clusters of 150 particles");
    const std::string compared = R"(compare_simulations {"simulations":["simulation-101","simulation-102"]})";
    for (const char* sentence : {"mean df", "what is the mean df?", "average rg", "what was the mean Df?"})
        EXPECT_EQ(calls(sentence), compared) << sentence;
}

TEST_F(Meant, BothAreOfTheKindThatTheSentenceIsAbout) {
    calls("grow a dla with 100 particles and a dla with 200 particles");
    calls("compare both");
    EXPECT_EQ(
        calls("grow an eden of 200 particles, then a ballistic of 200, then compare both and plot both"),
        R"(run_eden_simulation {"n_particles":200} > run_ballistic_simulation {"n_particles":200} > )"
        R"(compare_simulations {"simulations":["simulation-103","simulation-104"]} > )"
        R"(generate_plot {"source":"simulation-103"} | generate_plot {"source":"simulation-104"})");
}

TEST_F(Meant, BothAreNotWhatAListFound) {
    calls("grow a dla with 100 particles and a dla with 200 particles");
    const Conversation::ToolRunner before = talk_.runner;
    talk_.artifacts->put("simulation-9");
    talk_.runner = [](const std::string&, const json&) {
        const json rows{{{"handle", "simulation-9"}}, {{"handle", "simulation-102"}}};
        return json{{"success", true},
                    {"data", {{"simulations", rows}}},
                    {"summary", "Of 9 finished simulations, simulation-9 has the highest kf."}};
    };
    calls("list my simulations by kf");
    talk_.runner = before;
    EXPECT_EQ(calls("compare both"),
              R"(compare_simulations {"simulations":["simulation-101","simulation-102"]})");
    calls("list my simulations by kf");
}

TEST_F(Meant, EachOfTwoKindsIsMany) {
    calls("grow 2 dla of 100 particles");
    calls("grow 2 cca of 100 particles");
    EXPECT_EQ(calls("compare the dla and the cca simulations"),
              R"(compare_simulations {"simulations":["simulation-101","simulation-102","simulation-103",)"
              R"("simulation-104"]})");
    calls("grow an eden of 200 particles");
    talk_.artifacts->put("simulation-7", "run_eden_simulation");
    EXPECT_EQ(calls("compare the dla and the eden simulations"),
              R"(compare_simulations {"simulations":["simulation-101","simulation-102","simulation-105"]})");
    EXPECT_EQ(calls("compare the dla and the ballistic simulations"), "");
    EXPECT_THAT(reply_, HasSubstr("There is no ballistic simulation yet"));
    EXPECT_EQ(calls("compare the first three"),
              R"(compare_simulations {"simulations":["simulation-101","simulation-102","simulation-103"]})");
}

TEST_F(Meant, AnAttachedFileMayBeAnImage) {
    talk_.artifacts->put("file-1");
    const std::string analysed =
        R"(run_fraktal_from_image {"image":"file-1","nm_per_pixel":2.0,"primary_diameter_nm":25.0})";
    for (const char* image : {"this image", "this picture", "the attached image", "the image"})
        EXPECT_EQ(calls("run fraktal on " + std::string(image) +
                        " with 2 nm per pixel and 25 nm spheres\n[attached: file-1, agg.png]"),
                  analysed)
            << image << ": " << reply_;
}

TEST_F(Meant, FailedRunsAreListed) {
    EXPECT_EQ(calls("show the failed runs"), R"(list_simulations {"status":"failed"})");
    EXPECT_EQ(calls("show all my runs in this conversation"), "list_simulations {}");
}

TEST_F(Meant, WithoutAStudyTheListTells) {
    talk_.artifacts->put("study-3");
    EXPECT_EQ(calls("which run has the highest Df?"),
              R"(list_simulations {"order":"descending","sort_by":"df"})");
}

TEST_F(Meant, ErrorsAreToldOrSaidToBeNone) {
    talk_.runner = [](const std::string&, const json&) {
        const json made{{{"handle", "simulation-1"}, {"kind", "simulation"}}};
        const json data{{"rg", 9.25}, {"df", 2.4}, {"df_stderr", 0.03}, {"particle_radius", 1}};
        return json{{"success", true}, {"data", data}, {"summary", "Done."}, {"artifacts", made}};
    };
    calls("grow a dla with 100 particles");
    EXPECT_EQ(calls("what is the error of its Df?"), "");
    EXPECT_THAT(reply_, HasSubstr("2.400 ± 0.030 (DLA simulation)"));
    EXPECT_EQ(calls("and the uncertainty of Rg?"), "");
    EXPECT_THAT(reply_, HasSubstr("9.250 a (DLA simulation; the result tells no error of it)"));
}

TEST_F(Meant, LengthsAreToldInTheUnitThatIsAskedFor) {
    int number = 0;
    talk_.runner = [&](const std::string&, const json&) {
        json data{{"rg", 227.2}, {"df", 2.4}, {"particle_radius", 25}, {"length_unit", "nm"}};
        if (++number == 2) data = {{"rg", 9.25}, {"df", 2.4}, {"particle_radius", 1}};
        const json made{{{"handle", "simulation-1" + std::to_string(number)}, {"kind", "simulation"}}};
        return json{{"success", true}, {"data", data}, {"summary", "Done."}, {"artifacts", made}};
    };
    calls("grow a dla with 100 particles and radius 25 nm");
    EXPECT_EQ(calls("what is its Rg in um?"), "");
    EXPECT_THAT(reply_, HasSubstr("radius of gyration 0.2272 um"));
    calls("what is its Rg in nm?");
    EXPECT_THAT(reply_, HasSubstr("radius of gyration 227.2 nm"));
    EXPECT_EQ(calls("what is its Rg in a?"), "");
    EXPECT_THAT(reply_, HasSubstr("radius of gyration 9.088 a"));
    calls("grow a dla with 100 particles");
    calls("what is its Rg in um?");
    EXPECT_THAT(reply_, HasSubstr("9.250 a"));
    EXPECT_THAT(reply_, HasSubstr("it has no unit of length, so I cannot tell it in um"));
}

TEST_F(Meant, AreasHaveTheirUnit) {
    talk_.artifacts->put("simulation-5");
    talk_.runner = [](const std::string&, const json&) {
        return json{{"success", true},
                    {"data",
                     {{"ap", 1358.99},
                      {"volume", 9200.5},
                      {"mass", 3.363},
                      {"mass_unit", "fg"},
                      {"length_unit", "nm"}}},
                    {"summary", "Done."}};
    };
    calls("run fraktal on simulation-5");
    calls("what is the projected area?");
    EXPECT_THAT(reply_, HasSubstr("projected area 1359 nm²"));
    calls("what is the volume?");
    EXPECT_THAT(reply_, HasSubstr(" nm³ ("));
    calls("what is the mass?");
    EXPECT_THAT(reply_, HasSubstr("3.363 fg ("));
}

TEST_F(Meant, WhatAToolWroteIsShownWhole) {
    talk_.runner = [&](const std::string&, const json&) {
        return json{{"success", true}, {"data", {{"text", "# All\n\nOf it.\n"}}}, {"summary", "Of it."}};
    };
    calls("quick summary of simulation-3");
    EXPECT_THAT(reply_, HasSubstr("# All\n\nOf it."));
}

}  // namespace
}  // namespace assistd::test
