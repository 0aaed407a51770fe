// Tables and reports. What can be opened is opened by other people's programs: read_reports.py.

#include <cmath>

#include "export_plugin.h"
#include "report/latex.h"
#include "report/references.h"
#include "report/text.h"
#include "report/xml.h"

namespace assistd::exporting {
namespace {

using testing::Outcome;

class Reports : public ExportPlugin {
  protected:
    Reports() {
        Json whole = sample_metadata();
        // Words that mean something to LaTeX, XML and Markdown.
        whole["name"] = "50 % & co_#1 <\u4e2d> {\\x} $2 ~ ^";
        whole["version"] = "1.0.0";
        whole["fit_range"] = {10, 300};
        whole["parameters"] = {{"n_particles", 300}, {"sticking_probability", 1}, {"seed", 42}};
        whole["coordination"]["histogram"] = {0, 100, 120, 60, 20};
        whole["pair_correlation"] = {{"r", {0.5, 4, 8, 16, 32}}, {"g_r", {0, 0.1, 0.04, 0.016, 0.001}}};
        whole["warnings"] = {"Df and kf are fitted over less than one decade of N (100 to 300 particles)."};
        add_simulation("simulation-5", whole, sample_particles());
        whole["df"] = 2.47;
        add_simulation("simulation-6", whole, sample_particles());
        Json comparison{
            {"metrics",
             {{"df", {{"count", 2}, {"min", 2.4}, {"max", 2.5}, {"mean", 2.45}, {"std", 0.07}}},
              {"rg", {{"count", 2}, {"min", 10}, {"max", 11}, {"mean", 10.5}, {"std", nullptr}}}}}};
        plugin_.add_artifact("comparison-1", "comparison", comparison.dump());
    }
    std::string summary(const Json& sources) {
        const Outcome outcome = call("generate_quick_summary", {{"sources", sources}, {"format", "text"}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.ok() ? outcome.data.at("text").get<std::string>() : "";
    }
    void open(const Outcome& outcome, const std::string& check) {
        for (const auto& made : outcome.artifacts) std::ofstream(folder_ + "/" + made.name) << made.bytes;
        const std::string command = PYTHON " -B " READ_REPORTS_SCRIPT " " + check + " " + folder_;
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
    }
};

const Json everything{"simulation-1", "simulation-5", "simulation-6", "analysis-1",
                      "analysis-4",   "study-1",      "comparison-1"};

TEST_F(Reports, LatexCompiles) {
    const Outcome outcome = call("generate_latex_report", {{"sources", everything}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.artifacts.at(0).kind, "report");
    EXPECT_EQ(outcome.artifacts[0].name, "simulation-1-and-6-more-report.zip");
    EXPECT_EQ(outcome.data.at("warnings"), 3);
    open(outcome, "latex");
}

TEST_F(Reports, LatexOfAStudyAloneCompiles) {
    const Outcome outcome = call("generate_latex_report", {{"sources", {"study-1"}}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.data.at("figures"), 2);
    open(outcome, "latex_of_a_study");
}

TEST_F(Reports, WordOpensInLibreOffice) {
    const Outcome outcome = call("generate_docx_report",
                                 {{"sources", {"simulation-1", "simulation-5", "analysis-1", "study-1"}}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    EXPECT_EQ(outcome.artifacts.at(0).media_type,
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    open(outcome, "docx");
}

TEST_F(Reports, AreTheSameBytesAgain) {
    for (const char* tool : {"generate_latex_report", "generate_docx_report"}) {
        const Json arguments{{"sources", {"simulation-5", "analysis-1"}}};
        const std::string first = call(tool, arguments).artifacts.at(0).bytes;
        EXPECT_TRUE(first == call(tool, arguments).artifacts.at(0).bytes) << tool;
    }
}

TEST_F(Reports, SayWhichFiguresThereAreNot) {
    const Outcome outcome = call("generate_latex_report", {{"sources", {"simulation-1"}}});
    EXPECT_EQ(outcome.data.at("left_out").at(0),
              "There is no figure of pair correlation: simulation-1 reports no pair correlation, so there is "
              "nothing to plot.");
    const Outcome without =
        call("generate_latex_report", {{"sources", {"simulation-1"}}, {"figures", false}});
    EXPECT_EQ(without.data.at("figures"), 0);
    EXPECT_EQ(without.data.at("left_out"), Json::array());
}

TEST_F(Reports, AnAnalysisBringsItsSimulationAlong) {
    const std::string text = summary({"analysis-1"});
    EXPECT_NE(text.find("1 simulation and 1 analysis"), std::string::npos) << text;
    EXPECT_NE(text.find("Df = 2.500 \u00b1 0.012"), std::string::npos) << text;
    EXPECT_NE(text.find("1.800 \u00b1 0.013"), std::string::npos) << text;
}

TEST_F(Reports, AReportIsSummedUpByWhatItWasMadeOf) {
    const Json made_of{"simulation-5", "analysis-1", "study-1"};
    plugin_.add_artifact("report-1", "report", "", {{"sources", made_of}});
    EXPECT_EQ(summary({"report-1"}), summary(made_of));
    EXPECT_EQ(summary({"report-1", "simulation-5"}), summary(made_of));  // each once
    plugin_.add_artifact("report-2", "report", "", {{"sources", {"simulation-77"}}});
    EXPECT_EQ(
        refusal("generate_quick_summary", {{"sources", {"report-2"}}}),
        "report-2 was made of simulation-77, which cannot be looked up any more. Name what else is to be "
        "summed up.");
    plugin_.add_artifact("report-3", "report", "a report by hand");
    EXPECT_EQ(refusal("generate_quick_summary", {{"sources", {"report-3"}}}),
              "report-3 does not say what it was made of, so it cannot be summed up.");
}

TEST_F(Reports, SummariesTellTheWarningsAndTheSpread) {
    const std::string text = summary({"simulation-5", "simulation-6"});
    EXPECT_NE(text.find("The 2 clusters of 3-D DLA with 300 particles have a mean fractal dimension of 2.485 "
                        "\u00b1 0.015"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("simulation-6: Df and kf are fitted over less than one decade"), std::string::npos)
        << text;
    EXPECT_NE(summary({"study-1"}).find("60 runs have completed"), std::string::npos);
    EXPECT_NE(summary({"comparison-1"}).find("1 comparison"), std::string::npos);
}

TEST_F(Reports, LatexTablesNameTheOtherParameters) {
    Json about = sample_metadata();
    about["parameters"] = {{"n_particles", 300}, {"sticking_probability", 0.001}, {"seed", 42}};
    add_simulation("simulation-80", about, sample_particles());
    const Json of_one{{"sources", {"simulation-80"}}, {"table", "settings"}, {"inline", true}};
    const std::string table = call("export_latex_table", of_one).data.at("content").get<std::string>();
    EXPECT_NE(table.find("& Other parameters"), std::string::npos) << table;
    EXPECT_NE(table.find("& sticking probability 0.001 "), std::string::npos) << table;
}

TEST_F(Reports, LatexTablesCompile) {
    const Outcome plain = call("export_latex_table", {{"sources", {"simulation-1", "simulation-5"}}});
    ASSERT_TRUE(plain.ok()) << plain.message;
    EXPECT_EQ(plain.artifacts.at(0).kind, "table");
    EXPECT_EQ(plain.data.at("content"), plain.artifacts[0].bytes);
    open(plain, "table");
}

TEST_F(Reports, LatexTablesHaveErrorsAsAsked) {
    const auto table = [&](Json arguments) {
        if (!arguments.contains("sources")) arguments["sources"] = Json::array({"simulation-1"});
        return call("export_latex_table", arguments).data.at("content").get<std::string>();
    };
    EXPECT_NE(table({}).find("$2.500 \\pm 0.012$"), std::string::npos);
    EXPECT_NE(table({{"errors", "parentheses"}}).find("$2.500(12)$"), std::string::npos);
    EXPECT_NE(table({{"siunitx", true}}).find("\\num{2.500 +- 0.012}"), std::string::npos);
    EXPECT_NE(table({{"table", "settings"}}).find("& 42 &"), std::string::npos);
    EXPECT_NE(table({{"sources", {"study-1"}}}).find("64 & 20 &"), std::string::npos);
    EXPECT_NE(table({{"sources", {"comparison-1"}}}).find("$2.450 \\pm 0.070$"), std::string::npos);
    EXPECT_NE(table({{"sources", {"analysis-1"}}}).find("box counting"), std::string::npos);
}

TEST_F(Reports, SayWhatCannotBeTold) {
    EXPECT_EQ(refusal("generate_latex_report", {{"sources", {"simulation-2"}}}),
              "simulation-2 reports no results that a report could tell.");
    EXPECT_EQ(refusal("generate_docx_report", {{"sources", Json::array()}}),
              "sources must have at least 1 item; it has 0.");
    EXPECT_EQ(refusal("generate_quick_summary", {{"sources", {"analysis-3"}}}),
              "analysis-3 is not an analysis that can be read.");
    plugin_.add_artifact("study-2", "study", sample_study(3).dump());
    EXPECT_EQ(refusal("generate_latex_report", {{"sources", {"study-1", "study-2"}}}),
              "One study at a time: study-1 and study-2 are two.");
    EXPECT_EQ(
        refusal("export_latex_table", {{"sources", {"simulation-1", "study-1"}}}),
        "A table is of simulations, of analyses, of one comparison or of one study; simulation-1 and study-1 "
        "are of two kinds.");
    EXPECT_EQ(refusal("export_latex_table", {{"sources", {"simulation-2"}}}),
              "simulation-2 reports no results for a table.");
}

TEST(ReportText, RoundsToTheErrorsDigits) {
    const auto plus_minus = [](double value, double error) {
        return number_text(Text().number(value, error).runs().front());
    };
    const auto parentheses = [](double value, double error) {
        return number_text(Text().number(value, error).runs().front(), ErrorStyle::parentheses);
    };
    EXPECT_EQ(plus_minus(2.40539, 0.00731), "2.4054 \u00b1 0.0073");
    EXPECT_EQ(parentheses(2.40539, 0.00731), "2.4054(73)");
    EXPECT_EQ(plus_minus(-1.5, 0), "\u22121.500");
    EXPECT_EQ(plus_minus(1234.5, 12), "1234 \u00b1 12");
    EXPECT_EQ(plus_minus(1234.5, 123.4), "1230 \u00b1 120");
    EXPECT_EQ(parentheses(1234.5, 123.4), "1230(120)");
    EXPECT_EQ(plus_minus(2.5, 0.0996), "2.50 \u00b1 0.10");
    EXPECT_EQ(plus_minus(1.26491106, 1.3e-8), "1.2649 (error below 0.0001)");
    EXPECT_EQ(parentheses(1.26491106, 1.3e-8), "1.2649");
    EXPECT_EQ(plus_minus(2, 0), "2.000");
    EXPECT_EQ(plus_minus(8.1, 1e-15), "8.1000 (error below 0.0001)");
    EXPECT_EQ(plus_minus(std::nan(""), 0.1), "\u2013");
    EXPECT_EQ(plus_minus(1.5e9, 0), "1.500e9");
    EXPECT_EQ(plus_minus(8.88e-15, 4.1e-15), "(8.9 \u00b1 4.1)e-15");
    EXPECT_EQ(parentheses(8.88e-15, 4.1e-15), "8.9(41)e-15");
    // A cell of a table has no room for words.
    EXPECT_EQ(number_text(Text().cell(1.78, 4e-9).runs().front()), "1.7800");
    EXPECT_EQ(number_text(Text().cell(1.78, 0.01).runs().front()), "1.780 \u00b1 0.010");
    EXPECT_EQ(number_text(Text().given(15).runs().front()), "15");
    EXPECT_EQ(number_text(Text().given(-7.5).runs().front()), "\u22127.500");
    EXPECT_EQ(one_line("a\nb\x01", 10), "a b ");
    EXPECT_EQ(one_line("aa\u00e4\u00e4", 3), "aa\u2026");
}

TEST(ReportText, PeoplesWordsAreNoLatex) {
    EXPECT_EQ(latex_escaped("50 % of $x_1$ & \\input{x}"),
              "50 \\% of \\$x\\_1\\$ \\& \\textbackslash{}input\\{x\\}");
    EXPECT_EQ(latex_escaped("\u00e9 \u03c3 \u4e2d \xff"),
              "\u00e9 $\\sigma$ \\texttt{U+4E2D} \\texttt{U+FFFD}");
}

TEST(ReportText, PeoplesWordsAreNoXml) {
    XmlWriter xml;
    xml.open("a", {{"b", "\"<&"}}).text("<x>&\x02").empty("c");
    EXPECT_EQ(xml.finish(),
              "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
              "<a b=\"&quot;&lt;&amp;\">&lt;x&gt;&amp; <c/></a>");
}

TEST(ReportText, WhatXmlForbidsIsReplaced) {
    const auto shown = [](const std::string& text) {
        std::string xml = XmlWriter().text(text).finish();
        return xml.substr(xml.find('\n') + 1);
    };
    const std::string replaced = "\xef\xbf\xbd";
    EXPECT_EQ(shown("a\xef\xbf\xbe"
                    "b"),
              "a" + replaced + "b");                                   // U+FFFE
    EXPECT_EQ(shown("\xef\xbf\xbf"), replaced);                        // U+FFFF
    EXPECT_EQ(shown("\xed\xa0\x80"), replaced + replaced + replaced);  // a lone surrogate
    EXPECT_EQ(shown("\xff<\xc3"), replaced + "&lt;" + replaced);       // no UTF-8 at all, cut short
    EXPECT_EQ(shown("\xc0\xaf"), replaced + replaced);                 // longer than need be
    EXPECT_EQ(shown("\u00e9\u4e2d\U0001f600\ufffd"), "\u00e9\u4e2d\U0001f600\ufffd");
}

TEST(ReportText, ReferencesHaveTheFieldsOfBibtex) {
    const std::string entry = bibtex_entry(reference_of("witten1981"));
    EXPECT_NE(entry.find("@article{witten1981"), std::string::npos);
    EXPECT_NE(entry.find("pages = {1400--1403}"), std::string::npos);
    EXPECT_NE(plain_entry(reference_of("moran2019")).find("J. Mor\u00e1n, A. Fuentes"), std::string::npos);
    EXPECT_THROW(reference_of("nobody"), std::logic_error);
}

}  // namespace
}  // namespace assistd::exporting
