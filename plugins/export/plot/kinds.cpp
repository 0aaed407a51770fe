#include <algorithm>
#include <array>
#include <assistd/uncertain_number.hpp>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {

const PlotKind* find_plot_kind(std::string_view name) {
    static const std::array<const PlotKind*, 7> kinds{
        &box_counting_plot,    &coordination_plot,     &df_distribution_plot, &df_vs_n_plot,
        &df_vs_parameter_plot, &pair_correlation_plot, &rg_vs_n_plot};
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
        throw invalid_argument(
            "source",
            "A study's table holds no such curves; plot rg_vs_n, df_vs_n or df_distribution "
            "of it, or this plot of one of its simulations.");
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

std::string number_label(double value, double error) {
    const std::string text = with_error(value, error);
    return text.starts_with('-') ? "\u2212" + text.substr(1) : text;
}

std::string label_of_fit(double value, double error) {
    const std::string text = number_label(value, error);
    if (!(error > 0)) return text;
    return text.ends_with(')') ? text.substr(0, text.size() - 1) + ", fit)" : text + " (fit)";
}

}  // namespace assistd::exporting
