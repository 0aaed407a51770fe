#include "providers/offline/words/plain_text.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {

std::string plain_marks(std::string_view text) {
    struct Mark {
        std::string_view fancy;
        std::string_view plain;
    };
    static constexpr std::array<Mark, 36> marks{
        {{"\u00b2", "^2"},  {"\u00b3", "^3"},  {"\u2074", "^4"},    {"\u2075", "^5"},
         {"\u2076", "^6"},  {"\u2077", "^7"},  {"\u2080", "0"},     {"\u2081", "1"},
         {"\u2082", "2"},   {"\u00d7", "*"},   {"\u00b7", "*"},     {"\u22c5", "*"},
         {"\u2009", " "},   {"\u202f", " "},   {"\u2212", "-"},     {"\u2013", "-"},
         {"\u2248", " "},   {"\u2010", "-"},   {"\u2011", "-"},     {"\u03c3", "sigma"},
         {"\u03c6", "phi"}, {"\u03d5", "phi"}, {"\u03b8", "theta"}, {"\u212b", "angstrom"},
         {"\u2018", "'"},   {"\u2019", "'"},   {"\u201c", "\""},    {"\u201d", "\""},
         {"\u201e", "\""},  {"\u00ab", "\""},  {"\u00bb", "\""},    {"\u2014", ","},
         {"\u2026", "."},   {"\u00a0", " "},   {"\u00b5", "u"},     {"\u03bc", "u"}}};
    std::string out;
    out.reserve(text.size());
    bool quoted = false;  // what is quoted is a name and stays as it is
    for (std::size_t i = 0; i < text.size();) {
        const auto found = static_cast<unsigned char>(text[i]) < 0x80
                               ? marks.end()
                               : std::find_if(marks.begin(), marks.end(), [&](const Mark& mark) {
                                     return text.substr(i).starts_with(mark.fancy);
                                 });
        const bool quote = found == marks.end() ? text[i] == '"' : found->plain == "\"";
        if (quote) quoted = !quoted;
        if (found == marks.end() || (quoted && !quote)) {
            out += text[i++];
        } else {
            out += found->plain;
            i += found->fancy.size();
        }
    }
    return out;
}

}  // namespace assistd::providers::offline
