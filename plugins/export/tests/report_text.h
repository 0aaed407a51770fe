#pragma once
// What reports say, read from the text of quick summaries and of LaTeX.

#include <array>
#include <cstdio>
#include <string>

#include "export_plugin.h"

namespace assistd::exporting {

class ReportContents : public ExportPlugin {
  protected:
    // The text of a file of the LaTeX report, lines joined.
    std::string latex(const Json& sources, bool figures = false) {
        const testing::Outcome outcome =
            call("generate_latex_report", {{"sources", sources}, {"figures", figures}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        if (!outcome.ok()) return "";
        left_out_ = outcome.data.at("left_out");
        return unpacked(outcome.artifacts.at(0).bytes);
    }
    std::string summary(const Json& sources) {
        const testing::Outcome outcome =
            call("generate_quick_summary", {{"sources", sources}, {"format", "text"}});
        EXPECT_TRUE(outcome.ok()) << outcome.message;
        return outcome.ok() ? outcome.data.at("text").get<std::string>() : "";
    }
    // All .tex files of the zip behind each other, with single blanks.
    std::string unpacked(const std::string& zip) const {
        std::ofstream(folder_ + "/contents.zip") << zip;
        const std::string command =
            PYTHON
            " -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(\" \".join(\" \".join("
            "z.read(n).decode() for n in z.namelist() if n.endswith((\".tex\", \".bib\"))).split()))' " +
            folder_ + "/contents.zip";
        std::string text;
        std::FILE* pipe = ::popen(command.c_str(), "r");
        std::array<char, 4096> part{};
        while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe))
            text.append(part.data(), size);
        EXPECT_EQ(::pclose(pipe), 0);
        return text;
    }

    Json left_out_;
};

// Says the text with what it lacks.
inline void expect_in(const std::string& text, std::initializer_list<const char*> words) {
    for (const char* word : words) EXPECT_NE(text.find(word), std::string::npos) << word << "\n in " << text;
}
inline void expect_not_in(const std::string& text, std::initializer_list<const char*> words) {
    for (const char* word : words) EXPECT_EQ(text.find(word), std::string::npos) << word << "\n in " << text;
}

}  // namespace assistd::exporting
