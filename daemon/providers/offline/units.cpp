#include "providers/offline/units.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {

bool is_unit(std::string_view word) {
    static constexpr std::array<std::string_view, 9> units{"angstrom",   "m",  "micrometers", "microns", "mm",
                                                           "nanometers", "nm", "pm",          "um"};
    return std::find(units.begin(), units.end(), word) != units.end();
}

}  // namespace assistd::providers::offline
