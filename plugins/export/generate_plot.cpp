#include "plot/image.h"
#include "plot/kind.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

constexpr double default_dpi = 300;

const ImageFormat& format_from(const Json& arguments) {
    const std::string name = arguments.value("format", "svg");
    if (const ImageFormat* format = find_image_format(name)) return *format;
    throw invalid_argument("format", "format must be svg or png; \"" + name + "\" is neither.");
}

// What the caller asked for, or what shows most of the source.
const PlotKind& kind_from(const Json& arguments, const Artifact& source) {
    const std::string name =
        arguments.value("plot", source.kind() == "analysis" ? std::string(box_counting_plot.name)
                                                            : std::string(rg_vs_n_plot.name));
    if (const PlotKind* kind = find_plot_kind(name)) return *kind;
    throw invalid_argument("plot", "plot must be rg_vs_n or box_counting; \"" + name + "\" is neither.");
}

}  // namespace

Result generate_plot(Call& call, const Json& arguments) {
    const ImageFormat& format = format_from(arguments);
    const Artifact source = artifact_of_kind(call, arguments.at("source").get<std::string>(), "source",
                                             {"simulation", "analysis"});
    const PlotKind& kind = kind_from(arguments, source);
    const Plot plot = kind.make(source);
    call.check_cancelled();
    call.progress(0.5, "drawing");

    const std::string name = plot.file_stem + "." + std::string(format.name);
    Json data = plot.facts;
    data.update({{"plot", kind.name}, {"format", format.name}, {"source", source.handle()}, {"file", name}});
    Json metadata = data;
    metadata["name"] = plot.chart.title;
    call.write_artifact("plot", name, std::string(format.media_type),
                        format.render(plot.chart, arguments.value("dpi", default_dpi)), metadata);
    return {data, plot.chart.title + ": stored as " + name + "."};
}

}  // namespace assistd::exporting
