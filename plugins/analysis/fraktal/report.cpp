#include "fraktal/report.h"

#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>
#include <string>

#include "simulation_input.h"

namespace assistd::analysis {
namespace {

Json or_null(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

// As many digits as people give.
std::string plain_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

// Four digits, also where the last ones are zeros; of several views with the standard error of their mean.
// `name`: in the result.
// A model knows no more of one view, also not of an area of some million nm².
double of_four_digits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return std::stod(text);
}

std::string text_of(const FraktalReport& report, const char* name, double value, double scale = 1) {
    const auto mean = report.means.find(name);
    const double error = mean == report.means.end() ? 0 : mean->second.standard_error().value_or(0);
    return with_error(error > 0 ? value : of_four_digits(value), scale * error);
}

// 1 g/cm^3 is 1e-6 fg/nm^3.
Json mass_of(const FraktalReport& report) {
    return report.in_nanometres ? Json(report.density * 1e-6 * report.result.volume) : Json(nullptr);
}

// Not a word of its own for a simulation that names its unit.
std::string unit_of(const FraktalReport& report) {
    const std::string own = length_unit_of(report.subject);
    if (report.in_nanometres) return "nm";
    return own.empty() ? "the simulation's own" : own;
}

Json figures_of(const FraktalReport& report) {
    const Fraktal& result = report.result;
    Json data{
        {"analysis", "fraktal"},
        {"model", name_of(report.options.model)},
        {"df", result.df},
        {"kf", result.kf},
        {"kf_primary", or_null(result.kf_primary)},
        {"rg", result.rg},
        {"rg_projected", report.silhouette.rg},
        {"npo", or_null(result.npo)},
        {"voxels", report.options.model == FraktalModel::voxel_2018 ? Json(result.units) : Json(nullptr)},
        {"ap", report.silhouette.area},
        {"volume", result.volume},
        {"mass", mass_of(report)},
        {"surface_area", result.surface},
        {"overlap_exponent", result.overlap_exponent},
        {"coordination_index", or_null(result.coordination)},
        {"delta", report.options.delta},
        {"primary_diameter", or_null(report.options.primary_diameter)},
        {"pixel_size", report.silhouette.pixel},
        {"length_unit", unit_of(report)},
        {"mass_unit", "fg"},
        {"warnings", report.warnings}};
    data.update(report.details);
    return data;
}

// "Rg of the silhouette = 103.2 nm"; "Rg = 131.0 nm (of the silhouette 103.2 nm)" when it was corrected.
std::string told_rg(const FraktalReport& report, const std::string& unit) {
    const std::string silhouette = text_of(report, "rg_projected", report.silhouette.rg) + unit;
    return report.options.correction_3d ? "Rg = " + text_of(report, "rg", report.result.rg) + unit +
                                              " (of the silhouette " + silhouette + ")"
                                        : "Rg of the silhouette = " + silhouette;
}

// "mean ± standard error of 20 views: "
std::string told_views(const FraktalReport& report) {
    return report.means.empty()
               ? ""
               : "mean \u00b1 standard error of " + std::to_string(report.means.at("df").count) + " views: ";
}

std::string summary_of(const FraktalReport& report) {
    const Fraktal& result = report.result;
    const std::string own = length_unit_of(report.subject);
    const std::string named = report.in_nanometres ? "nm" : own;
    const std::string unit = named.empty() ? " in the unit of the particles' radius" : " " + named;
    std::string text = "FRAKTAL (" + name_of(report.options.model) + ") of " + report.title + ": " +
                       told_views(report) + "Df = " + text_of(report, "df", result.df) +
                       ", kf = " + text_of(report, "kf", result.kf) + ", " + told_rg(report, unit);
    if (result.npo) text += ", " + text_of(report, "npo", *result.npo) + " primary particles";
    if (result.npo && report.particles > 0)
        text += " (the simulation has " + std::to_string(report.particles) + ")";
    if (!named.empty())
        text += ", volume " + text_of(report, "volume", result.volume) + unit + "\u00b3, surface area " +
                text_of(report, "surface_area", result.surface) + unit + "\u00b2";
    if (report.in_nanometres)
        text += ", mass " + text_of(report, "volume", mass_of(report).get<double>(), report.density * 1e-6) +
                " fg at " + plain_text(report.density) + " g/cm\u00b3";
    text += report.means.empty() ? ". One view scatters: Df by 0.15 to 0.2."
                                 : ". Single views scatter: Df by " +
                                       two_digits(*report.means.at("df").standard_deviation) + ".";
    for (const std::string& warning : report.warnings) text += " " + warning;
    return text;
}

}  // namespace

void describe(Names<FraktalModel>& names) {
    names.add("granulated_2012", FraktalModel::granulated_2012).add("voxel_2018", FraktalModel::voxel_2018);
}

std::string name_of(FraktalModel model) {
    return model == FraktalModel::granulated_2012 ? "granulated_2012" : "voxel_2018";
}

void add_model_warnings(FraktalReport& report) {
    if (report.options.model == FraktalModel::voxel_2018)
        report.warnings.push_back(
            "With the voxel model Df, kf and the number of particles depend on the size of a pixel; compare "
            "only "
            "results of the same resolution.");
    // An isotropic cloud loses a factor sqrt(2/3) of its Rg in a projection, so that more than this is too
    // much.
    if (report.result.rg > 1.25 * report.silhouette.rg)
        report.warnings.push_back(
            "The correction raised Rg by " + plain_text(100 * (report.result.rg / report.silhouette.rg - 1)) +
            " %, more than a projection can take away; it was fitted for soot of at most "
            "some 100 nm.");
}

Result store(Call& call, const FraktalReport& report) {
    const Result answer{figures_of(report), summary_of(report)};
    const Json metadata = metadata_of(report.key, answer, "FRAKTAL analysis of " + report.title);
    Json file = metadata;
    file["format"] = "assistd.fraktal/1";
    file["subject"] = report.subject;
    call.write_artifact("analysis", report.key.source + report.suffix, "application/json",
                        file.dump(2) + "\n", metadata);
    return answer;
}

}  // namespace assistd::analysis
