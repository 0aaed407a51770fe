#include "tools/report.h"

#include <algorithm>
#include <assistd/particles.hpp>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>

#include "measure/growth_fit.h"
#include "measure/shape.h"

namespace assistd::simulation {

namespace {

// Contact, when the spheres are within this part of a.
constexpr double contact_tolerance = 1e-6;

template <typename... Values>
std::string formatted(const char* format, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

// Twelve significant digits: more would only be noise, and the data stays readable.
double rounded(double value) {
    return value == 0 || !std::isfinite(value) ? value : std::stod(formatted("%.12g", value));
}

std::vector<double> scaled(std::vector<double> values, double factor) {
    for (double& value : values) value = rounded(value * factor);
    return values;
}

constexpr double least_r_squared = 0.95;

// With three decimals, or as many as it takes to see that it is below the limit.
std::string below(double limit, double value) {
    int decimals = 3;
    while (decimals < 9 && std::stod(formatted("%.*f", decimals, value)) >= limit) ++decimals;
    return formatted("%.*f", decimals, value);
}

void add_fit(Json& metadata, const GrowthFit& fit, std::vector<std::string>& warnings) {
    const auto value = [&](double number) { return fit.valid ? Json(rounded(number)) : Json(nullptr); };
    metadata["df"] = value(fit.df);
    metadata["df_stderr"] = value(fit.df_stderr);
    metadata["kf"] = value(fit.kf);
    metadata["kf_stderr"] = value(fit.kf_stderr);
    metadata["r_squared"] = value(fit.r_squared);
    metadata["fit_range"] = {fit.first_particles, fit.last_particles};
    if (!fit.valid) {
        metadata["fit_range"] = nullptr;
        warnings.push_back("There are too few particles to fit Df and kf.");
        return;
    }
    if (fit.r_squared < least_r_squared)
        warnings.push_back("The fit of Df and kf is poor: R^2 = " + below(least_r_squared, fit.r_squared) +
                           ", below 0.95.");
    if (fit.decades() < 1)
        warnings.push_back(
            formatted("Df and kf are fitted over less than one decade of N (%zu to %zu particles).",
                      fit.first_particles, fit.last_particles));
}

void add_shape(Json& metadata, const Gyration& shape, double a) {
    metadata["rg"] = rounded(shape.radius * a);
    Json axes = Json::array();
    for (const auto& axis : shape.axes) axes.push_back(scaled({axis.begin(), axis.end()}, 1));
    metadata["gyration"] = {{"moments", scaled({shape.moments.begin(), shape.moments.end()}, a * a)},
                            {"axes", axes}};
    metadata["anisotropy"] = rounded(shape.anisotropy);
    metadata["asphericity"] = rounded(shape.asphericity * a * a);
    metadata["acylindricity"] = rounded(shape.acylindricity * a * a);
}

Json evolution(const std::vector<GrowthPoint>& growth, double a) {
    Json n = Json::array();
    Json rg = Json::array();
    for (const GrowthPoint& point : growth) {
        n.push_back(point.particles);
        rg.push_back(rounded(point.radius_of_gyration * a));
    }
    return {{"n", n}, {"rg", rg}};
}

// More than the body's own dimension: that of the ideal geometry, of anything else that of space.
void warn_of_high_df(const Run& run, double df, int dimensions, std::vector<std::string>& warnings) {
    if (run.df_ideal > 0 && df > run.df_ideal + 0.05)
        warnings.push_back(formatted(
            "The fit to its growth finds more than the %d of the ideal geometry: in so few layers the "
            "spheres' own size and the edge count for much. Use the ideal values.",
            run.df_ideal));
    else if (run.df_ideal == 0 && df > dimensions)
        warnings.push_back(formatted(
            run.algorithm == "eden" || run.algorithm == "ballistic"
                ? "Df is above %d, which no cluster can have: the loose surface of a compact cluster still "
                  "counts for much at this size."
                : "Df is above %d, which no cluster can have: a fit to the growth of a cluster this small "
                  "scatters so far. Take the mean of several seeds, or more particles.",
            dimensions));
}

// Df counts particles where Rg weighs them by mass: README.md, "Broad radii", has what was measured.
constexpr double broad_sigma = 1.3;
constexpr double broad_range = 5;  // radius_max / radius_min

void warn_of_broad_radii(const Run& run, std::vector<std::string>& warnings) {
    // Tunable growth is built so that its finished cluster has the law.
    if (run.algorithm.starts_with("tunable")) return;
    const auto number = [&](const char* key) {
        const Json value = run.parameters.value(key, Json());
        return value.is_number() ? value.get<double>() : 0;
    };
    const double low = number("radius_min"), sigma = number("sigma_g");
    const double range = low > 0 ? number("radius_max") / low : 0;
    std::string how;
    if (sigma > broad_sigma) how = formatted("sigma_g = %g", sigma);
    if (range >= broad_range) how = formatted("the largest may be %.3g times the smallest", range);
    if (!how.empty())
        warnings.push_back("The radii differ much (" + how +
                           "), so that a few large particles decide Rg, which weighs them by mass, while Df "
                           "counts all alike: fitted to such a growth Df comes out lower than of equal "
                           "spheres, by up to 1 in clusters of some thousand particles, and its error does "
                           "not know of that.");
}

// The law that was asked for is cut off where contacts end.
void add_sintering(Json& metadata, const Run& run, std::span<const Particle> particles) {
    const auto is_given = [&](const char* key) { return run.parameters.value(key, Json()).is_number(); };
    if (!is_given("sintering_min") && !is_given("sintering_std")) return;
    const Sintering found = sintering_of(particles);
    metadata["sintering_found"] = {{"mean", rounded(found.mean)}, {"std", rounded(found.deviation)}};
}

// Everything that is measured, in the units of the result.
Json measure(const Run& run, const Cluster& cluster, Observer& observer) {
    const double a = run.particle_radius;
    std::vector<std::string> warnings = run.warnings;
    Json metadata = {{"algorithm", run.algorithm}, {"parameters", run.parameters},
                     {"seed", run.seed},           {"version", plugin_version},
                     {"name", run.name},           {"dimensions", cluster.dimensions},
                     {"particle_radius", a},       {"n_particles", cluster.particles.size()}};
    if (run.parameters.contains("length_unit")) metadata["length_unit"] = run.parameters["length_unit"];
    metadata.update(run.more);
    add_fit(metadata, fit_growth(cluster.growth), warnings);
    if (metadata["df"].is_number())
        warn_of_high_df(run, metadata["df"].get<double>(), cluster.dimensions, warnings);
    if (metadata["df"].is_number()) warn_of_broad_radii(run, warnings);
    const Gyration shape = gyration(cluster.particles);
    add_shape(metadata, shape, a);
    if (run.df_ideal > 0) {
        metadata["df_ideal"] = run.df_ideal;
        metadata["kf_ideal"] =
            rounded(static_cast<double>(cluster.particles.size()) / std::pow(shape.radius, run.df_ideal));
    }
    metadata["rg_evolution"] = evolution(cluster.growth, a);
    metadata["porosity"] = rounded(porosity(cluster.particles, shape.radius));

    const Neighbours neighbours(cluster.particles, observer);
    const Contacts touching = contacts(cluster.particles, neighbours, contact_tolerance, observer);
    metadata["coordination"] = {{"mean", rounded(touching.mean)},
                                {"std", rounded(touching.deviation)},
                                {"histogram", touching.histogram}};
    metadata["largest_overlap"] = rounded(touching.largest_overlap);
    add_sintering(metadata, run, cluster.particles);
    const PairCorrelation pairs =
        pair_correlation(cluster.particles, cluster.dimensions, shape.radius, observer);
    metadata["pair_correlation"] = {{"r", scaled(pairs.r, a)},
                                    {"g_r", scaled(pairs.g_r, std::pow(a, -cluster.dimensions))}};
    metadata["warnings"] = warnings;
    return metadata;
}

void scale(std::vector<Particle>& particles, double a) {
    if (a == 1) return;
    for (Particle& each : particles) {
        each.x *= a;
        each.y *= a;
        each.z *= a;
        each.radius *= a;
    }
}

// In pieces, so that a cancelled call does not go on writing for long.
void write_geometry(int fd, std::span<const Particle> particles, Observer& observer) {
    const std::string header = detail::npy_header(particles.size());
    detail::write_all(fd, header.data(), header.size());
    constexpr std::size_t piece = 65536;
    for (std::size_t at = 0; at < particles.size(); at += piece) {
        if (observer.should_stop()) throw Stopped();
        const auto part = particles.subspan(at, std::min(piece, particles.size() - at));
        detail::write_all(fd, part.data(), part.size_bytes());
    }
}

// "1.7961 ± 0.0042 (fit alone)": other seeds differ by more than the regression knows.
std::string with_error_of_fit(const Json& value, const Json& error) {
    const std::string text = with_error(value.get<double>(), error.get<double>());
    return text.ends_with(')') ? text : text + " (fit alone)";
}

std::string unit_of(const Json& metadata) {
    return metadata["length_unit"].get<std::string>();
}

std::string summary(const Run& run, const Json& metadata) {
    std::string text =
        run.title + " of " + std::to_string(metadata["n_particles"].get<std::size_t>()) + " particles: ";
    const bool exact = metadata.contains("df_ideal");
    if (exact)
        text += formatted("Df = %d and kf = N/(Rg/a)^%d = %.6g for the ideal geometry, ",
                          metadata["df_ideal"].get<int>(), metadata["df_ideal"].get<int>(),
                          metadata["kf_ideal"].get<double>());
    if (!metadata["df"].is_null())
        text += (exact ? "fitted to its growth " : "") + std::string() +
                "Df = " + with_error_of_fit(metadata["df"], metadata["df_stderr"]) +
                ", kf = " + with_error(metadata["kf"].get<double>(), metadata["kf_stderr"].get<double>()) +
                ", ";
    const double rg = metadata["rg"].get<double>();
    if (metadata.contains("length_unit"))
        text += "Rg = " + with_error(rg, 0) + " " + unit_of(metadata) + " (" +
                with_error(rg / run.particle_radius, 0) +
                formatted(" a, a = %.4g %s)", run.particle_radius, unit_of(metadata).c_str());
    else
        text += "Rg = " + with_error(rg / run.particle_radius, 0) + " a";
    if (metadata.contains("sintering_found"))
        text +=
            formatted(", sintering of the contacts %.3f ± %.3f (mean and standard deviation that came out)",
                      metadata["sintering_found"]["mean"].get<double>(),
                      metadata["sintering_found"]["std"].get<double>());
    if (run.seed.is_number()) text += ", seed " + std::to_string(run.seed.get<std::int64_t>());
    text += ".";
    for (const auto& warning : metadata["warnings"]) text += " " + warning.get<std::string>();
    return text;
}

std::string file_name(const Run& run) {
    std::string name = run.name.empty() ? run.algorithm : run.name;
    for (char& letter : name)
        if (static_cast<unsigned char>(letter) < 0x20 || letter == '/' || letter == '\\') letter = '_';
    return name + ".npy";
}

}  // namespace

Result report(Call& call, const Run& run, Cluster cluster, Observer& observer) {
    call.progress(0.97, "measuring the cluster");
    Json metadata = measure(run, cluster, observer);
    scale(cluster.particles, run.particle_radius);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - run.started;
    metadata["execution_time_s"] = std::round(took.count() * 1e4) / 1e4;
    const int fd =
        call.create_artifact("simulation", file_name(run), std::string(particle_media_type), metadata);
    write_geometry(fd, cluster.particles, observer);
    Json data = metadata;
    data.erase("rg_evolution");
    data.erase("pair_correlation");
    return {data, summary(run, metadata)};
}

}  // namespace assistd::simulation
