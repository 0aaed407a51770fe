#pragma once
// The plugin's tools, one file each, and what they take. Run on the call's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assistd/plugin.hpp"
#include "box_counting.h"
#include "correlation/correlation.h"
#include "fraktal/report.h"
#include "fraktal/threshold.h"

namespace assistd::analysis {

// The dimensions are the simulation's.
struct BoxCountingArguments : BoxCountingOptions {
    Artifact simulation;
};
void describe(Fields<BoxCountingArguments>& fields);
Result run_box_counting(Call& call, const BoxCountingArguments& arguments);

struct ComparisonArguments {
    std::vector<Artifact> simulations;
};
void describe(Fields<ComparisonArguments>& fields);
Result compare_simulations(Call& call, const ComparisonArguments& arguments);

enum class ProjectionAxis { x, y, z, random };
void describe(Names<ProjectionAxis>& names);
struct FraktalArguments {
    Artifact simulation;
    FraktalModel model = FraktalModel::granulated_2012;
    std::optional<ProjectionAxis> axis;  // none: z, or random for several views
    int views = 1;
    std::optional<std::int64_t> seed;
    std::optional<double> primary_diameter_nm;
    std::optional<double> density;
    std::optional<double> delta;
    bool correction_3d = false;
    std::optional<int> pixels_per_diameter;
};
void describe(Fields<FraktalArguments>& fields);
Result run_fraktal_analysis(Call& call, const FraktalArguments& arguments);

void describe(Names<ThresholdMethod>& names);
void describe(Names<Shade>& names);
struct FraktalImageArguments {
    Artifact image;
    double nm_per_pixel = 0;
    std::optional<double> primary_diameter_nm;
    FraktalModel model = FraktalModel::granulated_2012;
    ThresholdMethod threshold_method = ThresholdMethod::otsu;
    std::optional<double> threshold;
    Shade object = Shade::automatic;
    std::optional<int> window;
    std::optional<double> sensitivity;
    bool largest_object = true;
    double density = 1.85;
    double delta = 1;
    bool correction_3d = false;
    int page = 1;
};
void describe(Fields<FraktalImageArguments>& fields);
Result run_fraktal_from_image(Call& call, const FraktalImageArguments& arguments);

// The dimensions are the simulation's.
struct CorrelationArguments : CorrelationOptions {
    Artifact simulation;
};
void describe(Fields<CorrelationArguments>& fields);
Result run_correlation_analysis(Call& call, const CorrelationArguments& arguments);

struct StudyAnalysisArguments {
    Artifact study;
    std::vector<std::string> metrics;
};
void describe(Fields<StudyAnalysisArguments>& fields);
Result analyze_parametric_study(Call& call, const StudyAnalysisArguments& arguments);

}  // namespace assistd::analysis
