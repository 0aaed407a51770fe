#include "fraktal/grey_image.h"
#include "fraktal/mask.h"
#include "fraktal/report.h"
#include "fraktal/threshold.h"
#include "simulation_input.h"
#include "tools.h"

namespace assistd::analysis {
namespace {

std::string percent(std::uint64_t part, std::uint64_t of) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", 100 * static_cast<double>(part) / static_cast<double>(of));
    return text;
}

const char* name_of(ThresholdMethod method) {
    return method == ThresholdMethod::otsu     ? "otsu"
           : method == ThresholdMethod::manual ? "manual"
                                               : "adaptive";
}
const char* name_of(Shade shade) {
    return shade == Shade::automatic ? "automatic" : shade == Shade::dark ? "dark" : "bright";
}

void check(const FraktalImageArguments& arguments) {
    const bool manual = arguments.threshold_method == ThresholdMethod::manual;
    if (manual && !arguments.threshold)
        throw invalid_argument("threshold",
                               "The manual method needs threshold, a level of grey from 0 to 255.");
    if (!manual && arguments.threshold)
        throw invalid_argument("threshold",
                               "threshold goes with threshold_method manual; otsu and adaptive find "
                               "theirs by themselves.");
    const bool adaptive = arguments.threshold_method == ThresholdMethod::adaptive;
    if (!adaptive && (arguments.window || arguments.sensitivity))
        throw invalid_argument(arguments.window ? "window" : "sensitivity",
                               "window and sensitivity go with threshold_method adaptive only.");
    if (arguments.model == FraktalModel::granulated_2012 && !arguments.primary_diameter_nm)
        throw invalid_argument(
            "primary_diameter_nm",
            "The granulated model needs primary_diameter_nm, the mean diameter of the primary "
            "particles on the image; measure some of them, or use model voxel_2018, which does "
            "without.");
}

constexpr double fewest_pixels = 1, few_pixels = 3;  // along a primary particle

double pixels_along(const FraktalImageArguments& arguments) {
    return *arguments.primary_diameter_nm / arguments.nm_per_pixel;
}

std::string pixels_text(double pixels) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2g", pixels);
    return text;
}

void refuse_particles_below_a_pixel(const FraktalImageArguments& arguments) {
    if (!arguments.primary_diameter_nm || pixels_along(arguments) >= fewest_pixels) return;
    throw invalid_argument("primary_diameter_nm",
                           "A primary particle would be " + pixels_text(pixels_along(arguments)) +
                               " pixels across, less than one: primary_diameter_nm and nm_per_pixel cannot "
                               "both be right, or the image does not show the particles.");
}

void add_pixel_warning(const FraktalImageArguments& arguments, std::vector<std::string>& warnings) {
    if (!arguments.primary_diameter_nm || pixels_along(arguments) >= few_pixels) return;
    warnings.push_back(
        "A primary particle is " + pixels_text(pixels_along(arguments)) +
        " pixels across, fewer than 3: the outline is too coarse for its particles, so that Df "
        "and the number of particles are rough. Check nm_per_pixel, or use a finer image.");
}

// Within a particle that is wider than the window all is as dark as its mean.
void add_window_warning(const FraktalImageArguments& arguments, int window,
                        std::vector<std::string>& warnings) {
    if (arguments.threshold_method != ThresholdMethod::adaptive || !arguments.primary_diameter_nm) return;
    if (window >= pixels_along(arguments)) return;
    warnings.push_back("The window of the adaptive threshold is " + std::to_string(window) +
                       " pixels wide and a primary particle " + pixels_text(pixels_along(arguments)) +
                       ": the insides of particles are lost, so that Df and the number of particles are not "
                       "to be relied on. Take a window of several particles.");
}

Json parameters_of(const FraktalImageArguments& arguments) {
    const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
    return {{"model", name_of(arguments.model)},
            {"nm_per_pixel", arguments.nm_per_pixel},
            {"primary_diameter_nm", or_null(arguments.primary_diameter_nm)},
            {"threshold_method", name_of(arguments.threshold_method)},
            {"threshold", or_null(arguments.threshold)},
            {"object", name_of(arguments.object)},
            {"window", or_null(arguments.window)},
            {"sensitivity", or_null(arguments.sensitivity)},
            {"largest_object", arguments.largest_object},
            {"density", arguments.density},
            {"delta", arguments.delta},
            {"correction_3d", arguments.correction_3d},
            {"page", arguments.page}};
}

// What came of the picture, with everything that its reader should know.
struct Seen {
    Segmentation segmentation;
    Separation separation;
    Json details;
    std::vector<std::string> warnings;
};

Seen look_at(Call& call, const FraktalImageArguments& arguments) {
    const ArtifactMap map = arguments.image.map();
    const GreyImage image = read_grey_image(map.bytes(), arguments.page);
    call.check_cancelled();
    call.progress(0.4, "parting the object from the background");
    Seen seen{segmented(image, {arguments.threshold_method, arguments.threshold, arguments.object,
                                arguments.window, arguments.sensitivity.value_or(0.15)}),
              {},
              {},
              {}};
    call.check_cancelled();
    Mask& mask = seen.segmentation.mask;
    const std::uint64_t all = object_pixels(mask);
    if (arguments.largest_object) seen.separation = keep_largest(mask);
    const std::uint64_t kept = all - seen.separation.dropped_pixels;
    if (seen.separation.dropped_pixels * 20 > all)
        seen.warnings.push_back(std::to_string(seen.separation.objects - 1) + " smaller objects with " +
                                percent(seen.separation.dropped_pixels, all) +
                                " % of the object's pixels were left out; look at the threshold.");
    if (touches_border(mask))
        seen.warnings.push_back(
            "The object touches the border of the image, so a part of it may be missing.");
    if (image.more_pages && arguments.page == 1)
        seen.warnings.push_back("The file has more pages; the first was analysed. page chooses another.");
    add_window_warning(arguments, seen.segmentation.window, seen.warnings);
    if (image.colour) seen.warnings.push_back("The image is in colour; its luminance was analysed.");
    seen.details = {{"width", image.width},
                    {"height", image.height},
                    {"bits", image.bits},
                    {"object_pixels", kept},
                    {"objects", arguments.largest_object ? Json(seen.separation.objects) : Json(nullptr)},
                    {"dropped_pixels", seen.separation.dropped_pixels},
                    {"threshold", seen.segmentation.level ? Json(*seen.segmentation.level) : Json(nullptr)},
                    {"object", seen.segmentation.object_is_dark ? "dark" : "bright"},
                    {"transparent", image.alpha}};
    return seen;
}

}  // namespace

void describe(Names<ThresholdMethod>& names) {
    names.add("otsu", ThresholdMethod::otsu)
        .add("manual", ThresholdMethod::manual)
        .add("adaptive", ThresholdMethod::adaptive);
}
void describe(Names<Shade>& names) {
    names.add("automatic", Shade::automatic).add("dark", Shade::dark).add("bright", Shade::bright);
}

void describe(Fields<FraktalImageArguments>& fields) {
    using Arguments = FraktalImageArguments;
    fields.required("image", &Arguments::image, "The uploaded image of an agglomerate, PNG or TIFF")
        .kinds({"file", "image"});
    fields
        .required("nm_per_pixel", &Arguments::nm_per_pixel,
                  "Calibration: how many nanometres a pixel is wide (length of the scale bar in nm over its "
                  "length in "
                  "pixels)")
        .more_than(0)
        .at_most(1e6);
    fields
        .optional(
            "primary_diameter_nm", &Arguments::primary_diameter_nm,
            "Mean diameter of the primary particles in nanometres, measured on the image. The granulated "
            "model needs it")
        .more_than(0)
        .at_most(1e6);
    fields.optional(
        "model", &Arguments::model,
        "granulated_2012 for agglomerates of spheres (usual), voxel_2018 for objects without visible "
        "primary particles");
    fields.optional(
        "threshold_method", &Arguments::threshold_method,
        "How the object is parted from the background: otsu (automatic), manual (needs threshold) or "
        "adaptive (for uneven backgrounds)");
    fields
        .optional("threshold", &Arguments::threshold,
                  "Level of grey of the manual method, 0 black to 255 white")
        .range(0, 255);
    fields.optional(
        "object", &Arguments::object,
        "Whether the object is dark or bright; automatic takes the border of the image as background");
    fields
        .optional("window", &Arguments::window,
                  "Side of the adaptive method's window in pixels; an eighth of the image when left out. It "
                  "must be "
                  "wider than the object's branches")
        .range(3, 9999);
    fields
        .optional(
            "sensitivity", &Arguments::sensitivity,
            "Of the adaptive method: by which part of the local mean the object must differ; 0.15 when left "
            "out")
        .range(0, 0.95);
    fields.optional("largest_object", &Arguments::largest_object,
                    "Analyze the largest object only; false takes all of them as one agglomerate");
    fields
        .optional("density", &Arguments::density,
                  "Density of the material in g/cm^3, for the mass; soot has 1.85")
        .more_than(0)
        .at_most(25);
    fields
        .optional("delta", &Arguments::delta,
                  "Overlap of the primary particles, diameter over distance of centres; 1 = touching")
        .range(1, largest_delta);
    fields.optional("correction_3d", &Arguments::correction_3d,
                    "Adds to Rg what the projection takes away, by FRAKTAL's fit for soot");
    fields.optional("page", &Arguments::page, "Which page of a TIFF with several").range(1, 10000);
}

Result run_fraktal_from_image(Call& call, const FraktalImageArguments& arguments) {
    check(arguments);
    refuse_particles_below_a_pixel(arguments);
    FraktalReport report;
    report.key = {"fraktal", "run_fraktal_from_image", std::string(arguments.image.handle()),
                  parameters_of(arguments)};
    if (std::optional<Result> stored = stored_result(call, report.key)) return *stored;
    report.title = std::string(arguments.image.name()).empty()
                       ? report.key.source
                       : std::string(arguments.image.name()) + " (" + report.key.source + ")";
    report.suffix = "-fraktal.json";
    report.options = {arguments.model, arguments.primary_diameter_nm, arguments.delta,
                      arguments.correction_3d, 1};
    report.density = arguments.density;
    report.subject = arguments.image.metadata();
    call.progress(0.1, "reading the image");
    try {
        Seen seen = look_at(call, arguments);
        report.silhouette = measured(seen.segmentation.mask, arguments.nm_per_pixel);
        report.warnings = std::move(seen.warnings);
        report.details = {{"image", report.key.source}, {"picture", std::move(seen.details)}};
    } catch (const ImageRefused& refused) {
        throw invalid_argument("image", report.key.source + " cannot be analysed. " + refused.what());
    }
    call.progress(0.9, "solving for Df");
    try {
        report.result = fraktal_of(report.silhouette, report.options);
    } catch (const FraktalRefused& refused) {
        throw invalid_argument(
            "image", "FRAKTAL analysis of " + report.key.source + " is not possible. " + refused.what());
    }
    add_pixel_warning(arguments, report.warnings);
    add_model_warnings(report);
    return store(call, report);
}

}  // namespace assistd::analysis
