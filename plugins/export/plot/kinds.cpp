#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "plot/kind.h"

namespace assistd::exporting {

const PlotKind* find_plot_kind(std::string_view name) {
    static const std::array<const PlotKind*, 2> kinds{&box_counting_plot, &rg_vs_n_plot};
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](auto* kind) { return kind->name == name; });
    return found == kinds.end() ? nullptr : *found;
}

std::string with_error(double value, double error) {
    // Two digits of the error, at least two and at most five decimals.
    const double digits = error > 0 ? 1 - std::floor(std::log10(error)) : 3;
    const int decimals = static_cast<int>(std::clamp(digits, 2.0, 5.0));
    char text[96];
    std::snprintf(text, sizeof text, "%s%.*f \u00b1 %.*f", value < 0 ? "\u2212" : "", decimals,
                  std::abs(value), decimals, error);
    return text;
}

}  // namespace assistd::exporting
