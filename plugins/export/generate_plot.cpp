#include <optional>

#include "plot/image.h"
#include "plot/kind.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

const ImageFormat& format_from(const PlotArguments& arguments) {
    if (const ImageFormat* format = find_image_format(arguments.format)) return *format;
    throw invalid_argument("format", "There is no format named " + arguments.format + ".");
}

// What shows most of the sources. A FRAKTAL analysis has no points, but a growth that it carries along.
const PlotKind& usual_kind(const Material& material) {
    if (material.study) return df_distribution_plot;
    const bool are_many = material.simulations.size() > most_curves;
    if (are_many && !material.comparisons.empty()) return df_vs_n_plot;
    if (material.analyses.empty()) return rg_vs_n_plot;
    const std::string& method = material.analyses.front().method;
    if (method == "fraktal" && !material.simulations.empty()) return rg_vs_n_plot;
    return method == "correlation" ? pair_correlation_plot : box_counting_plot;
}

const PlotKind& kind_from(const PlotArguments& arguments, const Material& material) {
    if (!arguments.plot) return arguments.parameter ? df_vs_parameter_plot : usual_kind(material);
    if (const PlotKind* kind = find_plot_kind(*arguments.plot)) return *kind;
    throw invalid_argument("plot", "There is no plot named " + *arguments.plot + ".");
}

// The newest box counting of the simulation: it has the points, the simulation itself has none.
Artifact counting_of(const Catalogue& catalogue, const std::string& simulation) {
    ArtifactQuery query;
    query.kinds = {"analysis"};
    query.tool = "run_box_counting";
    query.parent = simulation;
    query.limit = 1;
    if (catalogue.available())
        if (const auto found = catalogue.artifacts(query).items; !found.empty())
            return catalogue.open(found.front().handle);
    throw Failure(
        "ValidationError",
        simulation + " has no box counting yet that could be plotted; run run_box_counting on it first.",
        {{"errors", Json::array()},
         {"run_first", {{"tool", "run_box_counting"}, {"arguments", {{"simulation", simulation}}}}}});
}

// The study that the analysis is of: the analysis has no runs to plot.
std::optional<Artifact> study_of(const Catalogue& catalogue, const Artifact& source) {
    const Json about = source.kind() == "analysis" ? document_of(source, "source") : Json::object();
    if (about.value("analysis", Json()) != "parametric_study" || !about.value("study", Json()).is_string())
        return std::nullopt;
    const std::string handle = about["study"].get<std::string>();
    if (!catalogue.available())
        throw invalid_argument("source", std::string(source.handle()) + " is an analysis of " + handle +
                                             "; plot " + handle + " itself.");
    return catalogue.open(handle);
}

Artifact plotted(const Call& call, const PlotArguments& arguments) {
    if (std::optional<Artifact> study = study_of(call.catalogue(), arguments.source)) return *study;
    const bool is_counting = arguments.plot == box_counting_plot.name;
    if (!is_counting || arguments.source.kind() != "simulation") return arguments.source;
    return counting_of(call.catalogue(), std::string(arguments.source.handle()));
}

}  // namespace

void describe(Fields<PlotArguments>& fields) {
    using Arguments = PlotArguments;
    fields
        .required(
            "source", &Arguments::source,
            "Which simulation, analysis, comparison or study to plot; of an analysis of a study its study")
        .kinds({"simulation", "analysis", "comparison", "study"});
    fields
        .optional(
            "overlay", &Arguments::overlay,
            "Further simulations to draw into the same axes, with a legend: at most 6 beside the source "
            "for curves (rg_vs_n, pair_correlation, coordination), up to 100 for df_vs_n and "
            "df_distribution. Only when the source is a simulation")
        .kinds({"simulation"})
        .max_items(100);
    fields
        .optional("plot", &Arguments::plot,
                  "What to plot; when left out rg_vs_n for simulations, a comparison of them and a FRAKTAL "
                  "analysis, box_counting or pair_correlation for the other analyses, df_distribution for a "
                  "study. box_counting of a simulation is that of its newest "
                  "box counting")
        .one_of({"df_vs_n", "df_vs_parameter", "df_distribution", "rg_vs_n", "box_counting",
                 "pair_correlation", "coordination"});
    fields
        .optional("parameter", &Arguments::parameter,
                  "With df_vs_parameter: the parameter of the study to plot against, such as "
                  "sticking_probability; the one that was varied when left out")
        .max_length(100);
    fields.optional("format", &Arguments::format, "Image format").one_of({"svg", "png", "pdf"});
    fields.optional("dpi", &Arguments::dpi, "Pixels per inch of a png").range(72, 1200);
}

Result generate_plot(Call& call, const PlotArguments& arguments) {
    const ImageFormat& format = format_from(arguments);
    const Artifact source = plotted(call, arguments);
    const std::vector<Artifact> overlay = arguments.overlay.value_or(std::vector<Artifact>());
    if (!overlay.empty() && source.kind() != "simulation")
        throw invalid_argument("overlay", "Only simulations can be drawn into the same axes; " +
                                              std::string(source.handle()) + " is of kind " +
                                              std::string(source.kind()) + ".");
    std::vector<Artifact> sources{source};
    sources.insert(sources.end(), overlay.begin(), overlay.end());
    Material material = read_material(sources, "source");
    if (!material.comparisons.empty()) look_up(material, call.catalogue());
    material.parameter = arguments.parameter.value_or("");
    const PlotKind& kind = kind_from(arguments, material);
    const Plot plot = kind.make(material);
    call.check_cancelled();
    call.progress(0.5, "drawing");

    const std::string name = plot.file_stem + "." + std::string(format.name);
    Json data = plot.facts;
    data.update({{"plot", kind.name}, {"format", format.name}, {"source", source.handle()}, {"file", name}});
    if (material.simulations.size() > 1) {
        data["overlaid"] = Json::array();
        for (const SimulationRecord& each : material.simulations) data["overlaid"].push_back(each.handle);
    }
    Json metadata = data;
    metadata["name"] = plot.chart.title;
    call.write_artifact("plot", name, std::string(format.media_type),
                        format.render(plot.chart, arguments.dpi), metadata);
    return {data, plot.chart.title + ": stored as " + name + "." + plot.note};
}

}  // namespace assistd::exporting
