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

// What the caller asked for, or what shows most of the source.
const PlotKind& kind_from(const PlotArguments& arguments) {
    const bool is_analysis = arguments.source.kind() == "analysis";
    const std::string name =
        arguments.plot.value_or(std::string(is_analysis ? box_counting_plot.name : rg_vs_n_plot.name));
    if (const PlotKind* kind = find_plot_kind(name)) return *kind;
    throw invalid_argument("plot", "There is no plot named " + name + ".");
}

}  // namespace

void describe(Fields<PlotArguments>& fields) {
    using Arguments = PlotArguments;
    fields.required("source", &Arguments::source, "Which simulation or analysis to plot")
        .kinds({"simulation", "analysis"});
    fields
        .optional("plot", &Arguments::plot,
                  "What to plot; box_counting for an analysis and rg_vs_n for a simulation when left out")
        .one_of({"rg_vs_n", "box_counting"});
    fields.optional("format", &Arguments::format, "Image format").one_of({"svg", "png"});
    fields.optional("dpi", &Arguments::dpi, "Pixels per inch of a png").range(72, 1200);
}

Result generate_plot(Call& call, const PlotArguments& arguments) {
    const ImageFormat& format = format_from(arguments);
    const Artifact& source = arguments.source;
    const PlotKind& kind = kind_from(arguments);
    const Plot plot = kind.make(source);
    call.check_cancelled();
    call.progress(0.5, "drawing");

    const std::string name = plot.file_stem + "." + std::string(format.name);
    Json data = plot.facts;
    data.update({{"plot", kind.name}, {"format", format.name}, {"source", source.handle()}, {"file", name}});
    Json metadata = data;
    metadata["name"] = plot.chart.title;
    call.write_artifact("plot", name, std::string(format.media_type),
                        format.render(plot.chart, arguments.dpi), metadata);
    return {data, plot.chart.title + ": stored as " + name + "."};
}

}  // namespace assistd::exporting
