#include "providers/offline/words/units.h"

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

double meters_of(std::string_view unit) {
    struct Size {
        std::string_view symbol;
        double meters;
    };
    static constexpr std::array<Size, 6> sizes{
        {{"pm", 1e-12}, {"angstrom", 1e-10}, {"nm", 1e-9}, {"um", 1e-6}, {"mm", 1e-3}, {"m", 1}}};
    const auto found = std::ranges::find(sizes, unit_symbol(unit), &Size::symbol);
    return found == sizes.end() ? 0 : found->meters;
}

bool is_unit(std::string_view word) {
    return !unit_symbol(word).empty();
}

}  // namespace assistd::providers::offline
