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

struct PlotArguments {
    Artifact source;
    std::optional<std::vector<Artifact>> overlay;  // simulations drawn into the same axes
    std::optional<std::string> plot;               // none: what shows most of the source
    std::string format = "svg";
    int dpi = 300;
};
void describe(Fields<PlotArguments>& fields);
Result generate_plot(Call& call, const PlotArguments& arguments);

}  // namespace assistd::exporting
