#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>

#include "box_counting.h"
#include "simulation_input.h"
#include "stored_analysis.h"
#include "tools.h"

namespace assistd::analysis {
namespace {

// ln N = intercept - df ln s
Json fit_as_json(const LineFit& fit) {
    return {{"df", -fit.slope},
            {"standard_error", fit.slope_error},
            {"confidence_95", {-fit.slope_high, -fit.slope_low}},
            {"r_squared", fit.r_squared},
            {"intercept", fit.intercept}};
}

Json range_as_json(const BoxCounting& result) {
    return {{"min", result.range_min},
            {"max", result.range_max},
            {"decades", std::log10(result.range_max / result.range_min)},
            {"rule", result.range_rule}};
}

Json points_as_json(const BoxCounting& result) {
    Json points{{"box_size", Json::array()},
                {"count", Json::array()},
                {"occupied", Json::array()},
                {"fitted", Json::array()}};
    for (const BoxCountingPoint& point : result.points) {
        points["box_size"].push_back(point.size);
        points["count"].push_back(point.count);
        points["occupied"].push_back(point.occupied);
        points["fitted"].push_back(point.fitted);
    }
    return points;
}

Json parameters_of(const BoxCountingOptions& options) {
    const auto or_null = [](const std::optional<double>& value) {
        return value ? Json(*value) : Json(nullptr);
    };
    return {{"dimensions", options.dimensions},
            {"min_box_size", or_null(options.min_box_size)},
            {"max_box_size", or_null(options.max_box_size)},
            {"sizes_per_decade", options.sizes_per_decade},
            {"grids", options.grids}};
}

std::string summary_of(const std::string& title, const std::string& unit, const BoxCounting& result) {
    char text[200];
    std::snprintf(text, sizeof text,
                  " (fit alone; 95 %%: %.3f to %.3f), R² = %.4f, box sizes %.3g to %.3g%s%s, "
                  "corrected for boxes that stick out at the edge; without the correction ",
                  -result.fit.slope_high, -result.fit.slope_low, result.fit.r_squared, result.range_min,
                  result.range_max, unit.empty() ? "" : " ", unit.c_str());
    std::string summary = "Box counting of " + title +
                          ": Df = " + with_error(result.df, result.fit.slope_error) + text +
                          with_error(-result.plain_fit.slope, result.plain_fit.slope_error) + ".";
    for (const std::string& warning : result.warnings) summary += " " + warning;
    return summary;
}

// What is known of how the cluster grew says more of a bias than its boxes do. Measured: README.md.
std::vector<std::string> remarks_on(const Artifact& simulation, int dimensions) {
    if (simulation.metadata().value("algorithm", Json()) != "dla") return {};
    return {std::string("Box counting finds too little for DLA, whose rim has not grown yet: ") +
            (dimensions == 2 ? "about 1.6 where 1.71 is expected. "
                             : "about 2.2 to 2.3 where 2.5 is expected. ") +
            "The Df of the simulation's own growth and run_correlation_analysis come nearer."};
}

BoxCounting count(Call& call, const Artifact& simulation, const BoxCountingOptions& options) {
    try {
        return count_and_fit(particles_of(simulation, "simulation"), options, [&call](double fraction) {
            call.check_cancelled();
            call.progress(fraction, "counting boxes");
        });
    } catch (const BoxCountingRefused& refused) {
        const std::string field = refused.field().empty() ? "simulation" : refused.field();
        throw invalid_argument(field, field == "simulation"
                                          ? "Box counting of " + std::string(simulation.handle()) +
                                                " is not possible. " + refused.what()
                                          : refused.what());
    }
}

}  // namespace

void describe(Fields<BoxCountingArguments>& fields) {
    using Arguments = BoxCountingArguments;
    fields.required("simulation", &Arguments::simulation, "Which simulation to analyze")
        .kinds({"simulation"});
    fields
        .optional("min_box_size", &Arguments::min_box_size,
                  "Smallest box size of the fit, in the simulation's unit of length; two mean particle "
                  "diameters when left out, one when the cluster is small")
        .more_than(0);
    fields
        .optional("max_box_size", &Arguments::max_box_size,
                  "Largest box size of the fit, in the simulation's unit of length; a quarter of the "
                  "cluster's extent when left out, half when the cluster is small")
        .more_than(0);
    fields
        .optional("sizes_per_decade", &Arguments::sizes_per_decade,
                  "About how many box sizes to count per factor of ten")
        .range(3, 13);
    fields.optional("grids", &Arguments::grids, "Positions of the grid that counts are averaged over")
        .range(1, 32);
}

Result run_box_counting(Call& call, const BoxCountingArguments& arguments) {
    const Artifact& simulation = arguments.simulation;
    BoxCountingOptions options = arguments;
    options.dimensions = dimensions_of(simulation);
    const std::string handle(simulation.handle());
    const AnalysisKey key{"box_counting", "run_box_counting", handle, parameters_of(options)};
    if (std::optional<Result> stored = stored_result(call, key)) return *stored;
    BoxCounting result = count(call, simulation, options);
    for (std::string& remark : remarks_on(simulation, options.dimensions))
        result.warnings.push_back(std::move(remark));

    const std::string title = title_of(simulation);
    Json data = fit_as_json(result.fit);
    data["points"] = result.fit.points;
    data["uncorrected"] = fit_as_json(result.plain_fit);
    data["analysis"] = "box_counting";
    data["simulation"] = handle;
    data["dimensions"] = options.dimensions;
    data["grids"] = options.grids;
    data["range"] = range_as_json(result);
    data["extent"] = result.extent;
    data["mean_particle_diameter"] = result.mean_diameter;
    data["warnings"] = result.warnings;
    data["points_counted"] = result.points.size();

    // What lists show and what a plot needs to know stands in the metadata; the file has the points too.
    const std::string unit = length_unit_of(simulation.metadata());
    if (!unit.empty()) data["length_unit"] = unit;
    const Result answer{data, summary_of(title, unit, result)};
    const Json metadata = metadata_of(key, answer, "Box counting of " + title);
    Json file = metadata;
    file["format"] = "assistd.box_counting/1";
    file["length_unit"] = unit.empty() ? "the simulation's own" : unit;
    file["points"] = points_as_json(result);
    // What was analysed, in the words of the simulation itself, so that the file can be read and plotted by
    // itself.
    file["subject"] = simulation.metadata();
    call.write_artifact("analysis", handle + "-box-counting.json", "application/json", file.dump(2) + "\n",
                        metadata);
    return answer;
}

}  // namespace assistd::analysis
