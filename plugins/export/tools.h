#pragma once
// The plugin's tools, one file each, and what they take. Run on the call's thread.

#include <optional>
#include <string>
#include <vector>

#include "assistd/plugin.hpp"

namespace assistd::exporting {

struct GeometryArguments {
    Artifact simulation;
    std::string format = "csv";
    std::optional<int> resolution;  // of meshes; none: by the number of particles
    bool with_content = false;
};
void describe(Fields<GeometryArguments>& fields);
Result export_geometry(Call& call, const GeometryArguments& arguments);

struct TableArguments {
    Artifact simulation;
    bool with_content = false;
};
void describe(Fields<TableArguments>& fields);
Result export_simulation_csv(Call& call, const TableArguments& arguments);

struct StudyTableArguments {
    Artifact study;
    bool with_content = false;
};
void describe(Fields<StudyTableArguments>& fields);
Result export_study_csv(Call& call, const StudyTableArguments& arguments);

struct ComparisonTableArguments {
    Artifact comparison;
    bool with_content = false;
};
void describe(Fields<ComparisonTableArguments>& fields);
Result export_comparison_csv(Call& call, const ComparisonTableArguments& arguments);

struct PlotArguments {
    Artifact source;
    std::optional<std::vector<Artifact>> overlay;  // simulations drawn into the same axes
    std::optional<std::string> plot;               // none: what shows most of the source
    std::optional<std::string> parameter;          // of a study
    std::string format = "svg";
    int dpi = 300;
};
void describe(Fields<PlotArguments>& fields);
Result generate_plot(Call& call, const PlotArguments& arguments);

struct ImageArguments {
    Artifact simulation;
    std::optional<std::string> view;  // none: angles, or what shows most
    std::optional<double> azimuth;    // degrees
    std::optional<double> elevation;
    std::string projection = "perspective";
    std::string color_by = "uniform";
    int size = 1200;  // pixels
    std::string background = "white";
};
void describe(Fields<ImageArguments>& fields);
Result render_3d_image(Call& call, const ImageArguments& arguments);

}  // namespace assistd::exporting
