#include <assistd/uncertain_number.hpp>
#include <cmath>

#include "correlation/correlation.h"
#include "simulation_input.h"
#include "stored_analysis.h"
#include "tools.h"

namespace assistd::analysis {
namespace {

Json fit_as_json(const ScalingCurve& curve, int space) {
    if (!curve.has_fit()) return nullptr;
    // The dimension is the slope, or the slope more than the dimensions of space.
    return {{"df", curve.df},
            {"standard_error", curve.fit.slope_error},
            {"confidence_95", {space + curve.fit.slope_low, space + curve.fit.slope_high}},
            {"r_squared", curve.fit.r_squared},
            {"slope", curve.fit.slope},
            {"intercept", curve.fit.intercept},
            {"points", curve.fit.points},
            {"range_min", curve.range_min},
            {"range_max", curve.range_max}};
}

Json points_as_json(const ScalingCurve& curve, const char* name) {
    return {{"r", curve.r}, {name, curve.y}, {"fitted", curve.fitted}};
}

// "1.781 ± 0.012"
std::string told(const ScalingCurve& curve) {
    return with_error(curve.df, curve.fit.slope_error);
}

std::string summary_of(const std::string& title, const Correlation& result) {
    std::string summary = "Correlation analysis of " + title + ": Df = ";
    if (!result.pair.has_fit())
        summary += told(result.sandbox) + " from the sandbox (standard error of the fit).";
    else if (!result.sandbox.has_fit())
        summary += told(result.pair) + " from the pair correlation (standard error of the fit).";
    else
        summary += told(result.pair) + " from the pair correlation, " + told(result.sandbox) +
                   " from the sandbox (standard errors of the fits).";
    for (const std::string& warning : result.warnings) summary += " " + warning;
    return summary;
}

Correlation correlated(Call& call, const Artifact& simulation, const CorrelationOptions& options) {
    try {
        return correlate(particles_of(simulation, "simulation"), options, [&call](double fraction) {
            call.check_cancelled();
            call.progress(fraction, "counting neighbours");
        });
    } catch (const CorrelationRefused& refused) {
        const std::string field = refused.field().empty() ? "simulation" : refused.field();
        throw invalid_argument(field, field == "simulation"
                                          ? "Correlation analysis of " + std::string(simulation.handle()) +
                                                " is not possible. " + refused.what()
                                          : refused.what());
    }
}

}  // namespace

void describe(Fields<CorrelationArguments>& fields) {
    using Arguments = CorrelationArguments;
    fields.required("simulation", &Arguments::simulation, "Which simulation to analyze")
        .kinds({"simulation"});
    fields
        .optional(
            "min_distance", &Arguments::min_distance,
            "Smallest distance of the fits, in the simulation's unit of length; two mean particle diameters "
            "when left out, one when the cluster is small")
        .more_than(0);
    fields
        .optional("max_distance", &Arguments::max_distance,
                  "Largest distance of the fits, in the simulation's unit of length; half of the radius of "
                  "gyration (pair correlation) and three quarters of it (sandbox) when left out, three "
                  "quarters for both when the cluster is small")
        .more_than(0);
}

Result run_correlation_analysis(Call& call, const CorrelationArguments& arguments) {
    const Artifact& simulation = arguments.simulation;
    CorrelationOptions options = arguments;
    options.dimensions = dimensions_of(simulation);
    const std::string handle(simulation.handle());
    const auto or_null = [](const std::optional<double>& value) {
        return value ? Json(*value) : Json(nullptr);
    };
    const AnalysisKey key{"correlation",
                          "run_correlation_analysis",
                          handle,
                          {{"dimensions", options.dimensions},
                           {"min_distance", or_null(options.min_distance)},
                           {"max_distance", or_null(options.max_distance)}}};
    if (std::optional<Result> stored = stored_result(call, key)) return *stored;
    const Correlation result = correlated(call, simulation, options);

    const std::string title = title_of(simulation);
    const Json data{{"analysis", "correlation"},
                    {"simulation", handle},
                    {"dimensions", options.dimensions},
                    {"df_pair_correlation", result.pair.has_fit() ? Json(result.pair.df) : Json(nullptr)},
                    {"df_sandbox", result.sandbox.has_fit() ? Json(result.sandbox.df) : Json(nullptr)},
                    {"pair_correlation_fit", fit_as_json(result.pair, options.dimensions)},
                    {"sandbox_fit", fit_as_json(result.sandbox, 0)},
                    {"rg_of_centres", result.rg},
                    {"mean_particle_diameter", result.mean_diameter},
                    {"centres", result.centres},
                    {"range_rule", result.range_rule},
                    {"warnings", result.warnings}};
    const Result answer{data, summary_of(title, result)};
    const Json metadata = metadata_of(key, answer, "Correlation analysis of " + title);
    Json file = metadata;
    file["format"] = "assistd.correlation/1";
    const std::string unit = length_unit_of(simulation.metadata());
    file["length_unit"] = unit.empty() ? "the simulation's own" : unit;
    file["pair_correlation"] = points_as_json(result.pair, "g_r");
    file["sandbox"] = points_as_json(result.sandbox, "mass");
    file["subject"] = simulation.metadata();
    call.write_artifact("analysis", handle + "-correlation.json", "application/json", file.dump(2) + "\n",
                        metadata);
    return answer;
}

}  // namespace assistd::analysis
