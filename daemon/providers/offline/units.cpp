#include "providers/offline/units.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {

std::string unit_note(Tokens words) {
    static constexpr std::array<std::string_view, 9> units{"angstrom",   "m",  "micrometers", "microns", "mm",
                                                           "nanometers", "nm", "pm",          "um"};
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i].kind != Token::Kind::word || words[i - 1].kind != Token::Kind::number) continue;
        if (std::find(units.begin(), units.end(), words[i].text) == units.end()) continue;
        const std::string& unit = words[i].raw;
        return "I took " + words[i - 1].raw + " " + unit + " as " + words[i - 1].text +
               ": lengths are in the unit in which they are given, here " + unit + ".";
    }
    return "";
}

}  // namespace assistd::providers::offline
