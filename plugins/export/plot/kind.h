#pragma once
// The kinds of plots. A kind is one file in this folder that defines a PlotKind, and one line in kinds.cpp.

#include <string>
#include <string_view>

#include "assistd/plugin.hpp"
#include "plot/chart.h"

namespace assistd::exporting {

struct Plot {
    Chart chart;
    std::string file_stem;  // "simulation-1-rg-vs-n"
    Json facts;             // what the plot shows in numbers: slope, slope_error, points
};

struct PlotKind {
    std::string_view name;  // as in the tool's arguments
    // Reads the source and makes the plot; throws Failure with a sentence when the source has not what it
    // takes.
    Plot (*make)(const Artifact& source);
};

extern const PlotKind box_counting_plot;
extern const PlotKind rg_vs_n_plot;

// Null when there is no such kind.
const PlotKind* find_plot_kind(std::string_view name);

// A value with its error, to the digits that the error leaves certain: "1.782 ± 0.013". The minus is a real
// one.
std::string with_error(double value, double error);

}  // namespace assistd::exporting
