#pragma once
// The kinds of plots. A kind is one file in this folder that defines a PlotKind, and one line in kinds.cpp.

#include <string>
#include <string_view>

#include "assistd/plugin.hpp"
#include "material.h"
#include "plot/chart.h"

namespace assistd::exporting {

struct Plot {
    Chart chart;
    std::string file_stem;     // "simulation-1-rg-vs-n"
    Json facts;                // what the plot shows in numbers: slope, slope_error, points
    std::string caption = "";  // whole sentences for a paper; labels' markup, label.h
    std::string note = "";     // what whoever asked is to be told of it, " sentences."; plain text
};

struct PlotKind {
    std::string_view name;  // as in the tool's arguments
    // Makes the plot of what there is; throws Failure with a sentence when the sources have not what it
    // takes. There is a source at least.
    Plot (*make)(const Material& material);
};

extern const PlotKind box_counting_plot;
extern const PlotKind coordination_plot;
extern const PlotKind df_distribution_plot;
extern const PlotKind df_vs_n_plot;
extern const PlotKind df_vs_parameter_plot;
extern const PlotKind pair_correlation_plot;
extern const PlotKind rg_vs_n_plot;

// Null when there is no such kind.
const PlotKind* find_plot_kind(std::string_view name);

// The handle of what is plotted: of the first of several.
std::string first_handle(const Material& material);

// The simulations for a plot of curves: at least one, no more than can be told apart.
const std::vector<SimulationRecord>& curves_of(const Material& material);

// "simulation-1", "simulation-1 and simulation-2", "simulation-1 and 4 more".
std::string names_of(const std::vector<SimulationRecord>& simulations);

// a, or 1 when the simulation does not say.
double particle_radius_of(const Json& metadata);

// A value with its error for a label, "1.782 ± 0.013" (assistd/uncertain_number.hpp), with real minuses.
std::string number_label(double value, double error);

// The same, and that the error is that of the fit alone: other clusters of the kind differ by more than it
// knows.
std::string label_of_fit(double value, double error);

}  // namespace assistd::exporting
