// Studies by what they varied or are called, lengths by their unit, and texts as a whole.

#include "talking.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

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

TEST_F(Meant, WhatAToolWroteIsShownWhole) {
    talk_.runner = [&](const std::string&, const json&) {
        return json{{"success", true}, {"data", {{"text", "# All\n\nOf it.\n"}}}, {"summary", "Of it."}};
    };
    calls("quick summary of simulation-3");
    EXPECT_THAT(reply_, HasSubstr("# All\n\nOf it."));
}

}  // namespace
}  // namespace assistd::test
