#include "providers/offline/units.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {

bool is_unit(std::string_view word) {
    static constexpr std::array<std::string_view, 9> units{"angstrom",   "m",  "micrometers", "microns", "mm",
                                                           "nanometers", "nm", "pm",          "um"};
    return std::find(units.begin(), units.end(), word) != units.end();
}

std::string unit_note(Tokens words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i].kind != Token::Kind::word || words[i - 1].kind != Token::Kind::number) continue;
        if (!is_unit(words[i].text)) continue;
        const std::string& unit = words[i].raw;
        return "I took " + words[i - 1].raw + " " + unit + " as " + words[i - 1].text +
               ": lengths are in the unit in which they are given, here " + unit + ".";
    }
    return "";
}

}  // namespace assistd::providers::offline
