#include "providers/offline/units.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {
namespace {

struct Unit {
    std::string_view word;
    std::string_view symbol;
};
constexpr std::array<Unit, 22> units{{{"angstrom", "angstrom"},
                                      {"angstroms", "angstrom"},
                                      {"m", "m"},
                                      {"meter", "m"},
                                      {"meters", "m"},
                                      {"micrometer", "um"},
                                      {"micrometers", "um"},
                                      {"micrometre", "um"},
                                      {"micrometres", "um"},
                                      {"micron", "um"},
                                      {"microns", "um"},
                                      {"millimeter", "mm"},
                                      {"millimeters", "mm"},
                                      {"mm", "mm"},
                                      {"nanometer", "nm"},
                                      {"nanometers", "nm"},
                                      {"nanometre", "nm"},
                                      {"nanometres", "nm"},
                                      {"nm", "nm"},
                                      {"pm", "pm"},
                                      {"picometers", "pm"},
                                      {"um", "um"}}};

}  // namespace

std::string_view unit_symbol(std::string_view word) {
    const auto found =
        std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.word == word; });
    return found == units.end() ? std::string_view() : found->symbol;
}

bool is_unit(std::string_view word) {
    return !unit_symbol(word).empty();
}

}  // namespace assistd::providers::offline
