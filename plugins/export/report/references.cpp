#include "report/references.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace assistd::exporting {
namespace {

constexpr std::array<Reference, 14> references{{
    {"witten1981", "article", "T. A. Witten and L. M. Sander",
     "Diffusion-limited aggregation, a kinetic critical phenomenon", "Physical Review Letters", "47",
     "1400-1403", 1981, "10.1103/PhysRevLett.47.1400"},
    {"ossadnik1994", "misc", "P. Ossadnik and C.-H. Lam and L. M. Sander",
     "Nonuniversal diffusion-limited aggregation and exact fractal dimensions", "arXiv:cond-mat/9402003", "",
     "", 1994, "10.48550/arXiv.cond-mat/9402003"},
    {"meakin1983", "article", "P. Meakin",
     "Formation of fractal clusters and networks by irreversible diffusion-limited aggregation",
     "Physical Review Letters", "51", "1119-1122", 1983, "10.1103/PhysRevLett.51.1119"},
    {"kolb1983", "article", "M. Kolb and R. Botet and R. Jullien", "Scaling of kinetically growing clusters",
     "Physical Review Letters", "51", "1123-1126", 1983, "10.1103/PhysRevLett.51.1123"},
    {"ball1984", "article", "R. C. Ball and T. A. Witten", "Causality bound on the density of aggregates",
     "Physical Review A", "29", "2966-2967", 1984, "10.1103/PhysRevA.29.2966"},
    {"eden1961", "inproceedings", "M. Eden", "A two-dimensional growth process",
     "Proceedings of the Fourth Berkeley Symposium on Mathematical Statistics and Probability", "4",
     "223-239", 1961, ""},
    {"filippov2000", "article", "A. V. Filippov and M. Zurita and D. E. Rosner",
     "Fractal-like aggregates: relation between morphology and physical properties",
     "Journal of Colloid and Interface Science", "229", "261-273", 2000, "10.1006/jcis.2000.7027"},
    {"moran2019", "article", "J. Mor{\\'a}n and A. Fuentes and F. Liu and J. Yon",
     "FracVAL: an improved tunable algorithm of cluster-cluster aggregation for generation of fractal "
     "structures formed by polydisperse primary particles",
     "Computer Physics Communications", "239", "225-237", 2019, "10.1016/j.cpc.2019.01.015"},
    {"russell1980", "article", "D. A. Russell and J. D. Hanson and E. Ott", "Dimension of strange attractors",
     "Physical Review Letters", "45", "1175-1178", 1980, "10.1103/PhysRevLett.45.1175"},
    {"liebovitch1989", "article", "L. S. Liebovitch and T. Toth",
     "A fast algorithm to determine fractal dimensions by box counting", "Physics Letters A", "141",
     "386-390", 1989, "10.1016/0375-9601(89)90854-2"},
    {"forrest1979", "article", "S. R. Forrest and T. A. Witten",
     "Long-range correlations in smoke-particle aggregates", "Journal of Physics A", "12", "L109-L117", 1979,
     "10.1088/0305-4470/12/5/008"},
    {"lapuerta2006", "article", "M. Lapuerta and R. Ballesteros and F. J. Martos",
     "A method to determine the fractal dimension of diesel soot agglomerates",
     "Journal of Colloid and Interface Science", "303", "149-158", 2006, "10.1016/j.jcis.2006.07.066"},
    {"theodorou1985", "article", "D. N. Theodorou and U. W. Suter",
     "Shape of unperturbed linear polymers: polypropylene", "Macromolecules", "18", "1206-1214", 1985,
     "10.1021/ma00148a028"},
    {"freedman1981", "article", "D. Freedman and P. Diaconis",
     "On the histogram as a density estimator: L2 theory",
     "Zeitschrift f{\\\"u}r Wahrscheinlichkeitstheorie und verwandte Gebiete", "57", "453-476", 1981,
     "10.1007/BF01025868"},
}};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// Without LaTeX's accents and with a real dash between pages.
std::string readable(std::string_view latex, bool is_range = false) {
    std::string text(latex);
    replace_all(text, "{\\'a}", "\u00e1");
    replace_all(text, "{\\\"u}", "\u00fc");
    if (is_range) replace_all(text, "-", "\u2013");
    return text;
}

}  // namespace

const Reference& reference_of(std::string_view key) {
    const auto found = std::find_if(references.begin(), references.end(),
                                    [&](const Reference& each) { return each.key == key; });
    if (found == references.end()) throw std::logic_error("There is no reference " + std::string(key) + ".");
    return *found;
}

std::string bibtex_entry(const Reference& reference) {
    std::string entry = "@" + std::string(reference.type) + "{" + std::string(reference.key);
    const auto add = [&](const char* field, std::string value) {
        if (!value.empty()) entry += std::string(",\n  ") + field + " = {" + value + "}";
    };
    std::string pages(reference.pages);
    replace_all(pages, "-", "--");
    add("author", std::string(reference.authors));
    // Braces keep the capitals of names such as FracVAL and Brownian.
    add("title", "{" + std::string(reference.title) + "}");
    const bool is_article = reference.type == "article", is_misc = reference.type == "misc";
    add(is_article ? "journal" : is_misc ? "howpublished" : "booktitle", std::string(reference.where));
    add("volume", std::string(reference.volume));
    add("pages", pages);
    add("year", std::to_string(reference.year));
    if (!reference.doi.empty()) add("note", "\\url{https://doi.org/" + std::string(reference.doi) + "}");
    return entry + "\n}\n";
}

std::string plain_entry(const Reference& reference) {
    std::string authors = readable(reference.authors);
    replace_all(authors, " and ", ", ");
    std::string entry = authors + ": " + std::string(reference.title) + ". " + readable(reference.where);
    if (!reference.volume.empty()) entry += " " + std::string(reference.volume);
    if (!reference.pages.empty()) entry += ", " + readable(reference.pages, true);
    entry += " (" + std::to_string(reference.year) + ").";
    if (!reference.doi.empty()) entry += " doi:" + std::string(reference.doi);
    return entry;
}

}  // namespace assistd::exporting
