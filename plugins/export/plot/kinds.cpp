#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {

const PlotKind* find_plot_kind(std::string_view name) {
    static const std::array<const PlotKind*, 6> kinds{&box_counting_plot,     &coordination_plot,
                                                      &df_distribution_plot,  &df_vs_n_plot,
                                                      &pair_correlation_plot, &rg_vs_n_plot};
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](auto* kind) { return kind->name == name; });
    return found == kinds.end() ? nullptr : *found;
}

std::string first_handle(const Material& material) {
    if (!material.analyses.empty()) return material.analyses.front().handle;
    if (!material.simulations.empty()) return material.simulations.front().handle;
    return material.study ? material.study->handle : "plot";
}

const std::vector<SimulationRecord>& curves_of(const Material& material) {
    const auto& simulations = material.simulations;
    if (simulations.empty() && !material.analyses.empty())
        throw invalid_argument("source", material.analyses.front().handle +
                                             " does not say which growth it analysed; plot the simulation "
                                             "instead.");
    if (simulations.empty())
        throw invalid_argument("source",
                               "A study's table holds no curves; plot df_distribution or df_vs_n of it, or "
                               "this plot of one of its simulations.");
    if (simulations.size() > most_curves)
        throw invalid_argument("overlay", "At most " + std::to_string(most_curves) +
                                              " curves can be told apart in one plot; these are " +
                                              std::to_string(simulations.size()) + ".");
    return simulations;
}

std::string names_of(const std::vector<SimulationRecord>& simulations) {
    if (simulations.empty()) return "nothing";
    const std::string& first = simulations.front().handle;
    if (simulations.size() == 1) return first;
    if (simulations.size() == 2) return first + " and " + simulations.back().handle;
    return first + " and " + std::to_string(simulations.size() - 1) + " more";
}

double particle_radius_of(const Json& metadata) {
    const double reported = number_or(metadata, "particle_radius", 1);
    return reported > 0 ? reported : 1;
}

std::string with_error(double value, double error) {
    char text[96];
    const char* const sign = value < 0 ? "\u2212" : "";
    // What is exact but for rounding is told so: "1.7800 ± 0.0000" is no error.
    if (error > 0 && error < 5e-5) {
        std::snprintf(text, sizeof text, "%s%.4f (\u00b1 below 0.0001)", sign, std::abs(value));
        return text;
    }
    // Two digits of the error, at least two and at most five decimals.
    const double digits = error > 0 ? 1 - std::floor(std::log10(error)) : 3;
    const int decimals = static_cast<int>(std::clamp(digits, 2.0, 5.0));
    std::snprintf(text, sizeof text, "%s%.*f", sign, decimals, std::abs(value));
    if (!(error > 0)) return text;
    char uncertainty[64];
    std::snprintf(uncertainty, sizeof uncertainty, " \u00b1 %.*f", decimals, error);
    return std::string(text) + uncertainty;
}

std::string with_error_of_fit(double value, double error) {
    return with_error(value, error) + (error > 0 ? " (fit)" : "");
}

}  // namespace assistd::exporting
