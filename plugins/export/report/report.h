#pragma once
// Writes a report: what was done, with which parameters and seeds, what came of it with its errors, and how
// it compares with the literature. It says nothing that the sources do not say. Pure functions; throw Failure
// when there is nothing to report.

#include <string>
#include <vector>

#include "material.h"
#include "report/document.h"

namespace assistd::exporting {

// A figure that the sources cannot give.
struct LeftOut {
    std::string figure;  // "rg_vs_n"; empty when the reason names it
    std::string reason;  // a whole sentence
};

struct Report {
    Document document;
    std::vector<std::string> left_out;  // a sentence for each reason why figures are missing
    std::size_t warnings = 0;           // that the sources carry; all of them are in the text
};

// Sections summary, methods, results, discussion; the references are the document's own.
Report write_report(const Material& material, const std::string& title, bool with_figures);

// The summary alone, with a table and the warnings.
Report write_summary(const Material& material, const std::string& title);

// The sections, each in a file of its own.
Section summary_section(const Material& material);
Section methods_section(const Material& material);
Section results_section(const Material& material, std::vector<LeftOut>& left_out, bool with_figures);
Section discussion_section(const Material& material);

// What simulations and analyses warn of, as sentences that name them.
Sentences warnings_of(const Material& material);

// Simulations that differ by their seeds only, in the order of their first: only of such ones a mean says
// something.
struct Group {
    std::string name;  // "DLA 3-D with 500 particles", with what tells it from the other groups
    std::vector<const SimulationRecord*> members;  // each cluster once
};
std::vector<Group> groups_of(const std::vector<SimulationRecord>& simulations);

// "1 simulation", "3 simulations".
std::string counted(std::size_t count, const std::string& noun, const std::string& plural = "");

}  // namespace assistd::exporting
