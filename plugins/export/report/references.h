#pragma once
// The literature that reports cite: what was published about the algorithms and methods. Constants. Only what
// has been looked up stands here, with authors, title, place and year; a report cites less rather than
// something that nobody finds.

#include <string>
#include <string_view>

namespace assistd::exporting {

struct Reference {
    std::string_view key;
    std::string_view type;     // of BibTeX: article, inproceedings, misc
    std::string_view authors;  // as BibTeX takes them, "T. A. Witten and L. M. Sander"; LaTeX's accents
    std::string_view title;
    std::string_view where;  // journal, proceedings, or "arXiv:…"
    std::string_view volume;
    std::string_view pages;
    int year;
    std::string_view doi;
};

// Throws std::logic_error for a key that is none.
const Reference& reference_of(std::string_view key);

// An entry of a .bib file.
std::string bibtex_entry(const Reference& reference);

// "T. A. Witten, L. M. Sander: Diffusion-limited aggregation … Physical Review Letters 47, 1400–1403 (1981)."
std::string plain_entry(const Reference& reference);

}  // namespace assistd::exporting
