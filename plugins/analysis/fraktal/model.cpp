#include "fraktal/model.h"

#include <cmath>
#include <cstdio>
#include <numbers>

namespace assistd::analysis {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double first_guess = 1e6;  // of n
constexpr double settled = 1e-9;     // of Df, between two rounds and in the bisection
constexpr int most_rounds = 200;
constexpr int scan_steps = 40;  // of 0.05 in Df

std::string text_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

// What kf, z and A1 are for n units.
struct Law {
    FraktalModel model;
    double n;
    double delta;
    double m;
    double unit;  // diameter or side
    LimitingPrefactors limits;

    double kf(double df) const { return prefactor_at(limits, df); }
    double z(double df) const {
        const double log_n = std::log(n);
        const bool spheres = model == FraktalModel::granulated_2012;
        // A chain shows 8/(3 pi) of its spheres' areas on average, a compact body fills 0.7405 of its volume.
        const double chain =
            spheres ? log_n / std::log(0.8488 * n + 0.1512) : log_n / std::log(0.5 + pi * n / 4);
        const double compact = spheres ? 1.5 / (1 + 0.3005 / log_n) : 1.5;
        return chain - 1 + std::pow(compact + 1 - chain, std::pow((df - 1) / 2, m));
    }
    double coordination(double df) const {
        return 2 + 1.5 * (delta - 1) * (df - 1) +
               (1.85 + 0.0191 * std::pow(kf(df), 3.609) + 1.45 * std::pow(n, -0.3901)) * 1e-8 *
                   std::pow(df, 17 + 6.2 * (delta - 1));
    }
    // The area that one unit shows: a circle without half of the lens that it shares with each neighbour.
    double unit_area(double df) const {
        if (model == FraktalModel::voxel_2018) return unit * unit;
        const double angle = std::acos(1 / delta);
        return unit * unit / 4 * (pi - coordination(df) * (angle - std::sin(angle) / delta));
    }
    // ln of the n of the scaling law over the n of the area; Df is where it is 0.
    double mismatch(double df, double rg, double area) const {
        return std::log(kf(df)) + df * std::log(2 * rg / unit) - z(df) * std::log(area / unit_area(df));
    }
};

Law law_of(const FraktalOptions& options, double unit, double n) {
    const bool spheres = options.model == FraktalModel::granulated_2012;
    const double m = !spheres ? 1 : options.correction_3d ? 1.86 - 1.3 * (options.delta - 1) : 1.95;
    return {options.model, n,
            options.delta, m,
            unit,          spheres ? granulated_prefactors(n, options.delta) : voxel_prefactors(n)};
}

// The smallest Df in 1..3 at which the mismatch changes its sign.
double smallest_root(const Law& law, double rg, double area) {
    double low = 1, at_low = law.mismatch(low, rg, area);
    const double shown = area / law.unit_area(1);
    if (at_low > 0 && shown < fewest_units)
        throw FraktalRefused("The silhouette has the area of " + text_of(shown) +
                             " primary particles or pixels; a fractal dimension needs at least 5.");
    if (at_low > 0)
        throw FraktalRefused(
            "The silhouette is longer for its area than a straight chain, so no fractal dimension from 1 to "
            "3 "
            "fits it. It may consist of separate objects, or the primary diameter may be too large.");
    for (int step = 1; step <= scan_steps; ++step) {
        double high = 1 + 2.0 * step / scan_steps;
        const double at_high = law.mismatch(high, rg, area);
        if (!std::isfinite(at_high)) break;
        if (at_high < 0) {
            low = high, at_low = at_high;
            continue;
        }
        while (high - low > settled) {
            const double middle = (low + high) / 2;
            (law.mismatch(middle, rg, area) < 0 ? low : high) = middle;
        }
        return (low + high) / 2;
    }
    throw FraktalRefused(
        "The silhouette is more compact than the model can describe: no fractal dimension from 1 to 3 fits "
        "its "
        "area and its radius of gyration. The projection of a compact body has a smaller radius of gyration "
        "than "
        "the body, which correction_3d can make good for soot of some 100 nm.");
}

double rg_used(const Silhouette& silhouette, const FraktalOptions& options) {
    if (!options.correction_3d) return silhouette.rg;
    const double open =
        options.model == FraktalModel::granulated_2012 ? options.delta - 1 : 0;  // voxels do not overlap
    const double factor = (2.165 - 19.315 * open) * 1e-5;
    if (factor <= 0)
        throw FraktalRefused(
            "The correction of Rg is not known for delta above 1.11: FRAKTAL's fit would make Rg smaller "
            "there. "
            "Leave correction_3d out.");
    const double in_nm = silhouette.rg * options.nanometres;
    return silhouette.rg + factor * std::pow(in_nm, 2.928 + 5.414 * open) / options.nanometres;
}

// Volume and surface of n primary spheres that share lenses with J neighbours each.
double sphere_volume(double diameter, double delta, double neighbours) {
    const double delta3 = delta * delta * delta;
    return pi / 6 * diameter * diameter * diameter *
           (1 - neighbours * (4 * delta3 - 6 * delta * delta + 2) / (8 * delta3));
}
double sphere_surface(double diameter, double delta, double neighbours) {
    return pi * diameter * diameter * (1 - neighbours * (delta - 1) / (2 * delta));
}

void add_primaries(Fraktal& result, Law law, double diameter, const FraktalOptions& options) {
    if (options.model == FraktalModel::granulated_2012) {
        result.npo = result.units;
    } else {
        // J depends a little on their number, which therefore is found by going round.
        double npo = result.volume / (pi / 6 * diameter * diameter * diameter);
        for (int round = 0; round < most_rounds; ++round) {
            law.n = std::max(npo, 1.0);
            const double volume = sphere_volume(diameter, options.delta, law.coordination(result.df));
            if (!(volume > 0)) break;
            npo = result.volume / volume;
        }
        law.n = result.npo.emplace(npo);
    }
    if (!(*result.npo >= fewest_units))
        throw FraktalRefused("The silhouette shows " + text_of(*result.npo) +
                             " primary particles; a fractal dimension needs at least 5.");
    result.coordination = law.coordination(result.df);
    result.kf_primary = *result.npo / std::pow(2 * result.rg / diameter, result.df);
    const double volume = sphere_volume(diameter, options.delta, *result.coordination);
    if (!(volume > 0))
        throw FraktalRefused("With delta = " + text_of(options.delta) +
                             " the primary particles would overlap completely; give a smaller delta.");
    result.volume = *result.npo * volume;
    result.surface = *result.npo * sphere_surface(diameter, options.delta, *result.coordination);
}

}  // namespace

Fraktal fraktal_of(const Silhouette& silhouette, const FraktalOptions& options) {
    const bool spheres = options.model == FraktalModel::granulated_2012;
    const double unit = spheres ? options.primary_diameter.value() : silhouette.pixel;
    Fraktal result;
    result.rg = rg_used(silhouette, options);
    double n = first_guess, before = 0;
    Law law = law_of(options, unit, n);
    for (int round = 0; round < most_rounds; ++round) {
        law = law_of(options, unit, n);
        before = result.df;
        result.df = smallest_root(law, result.rg, silhouette.area);
        result.kf = law.kf(result.df);
        n = result.kf * std::pow(2 * result.rg / unit, result.df);
        if (!(n >= fewest_units))
            throw FraktalRefused("The silhouette shows " + text_of(n) +
                                 (spheres ? " primary particles" : " pixels") +
                                 "; a fractal dimension needs at least 5.");
        if (std::abs(result.df - before) < settled) break;
    }
    if (std::abs(result.df - before) > 1e-4)
        throw FraktalRefused(
            "The number of particles and the fractal dimension do not settle for this silhouette.");
    result.units = n;
    result.overlap_exponent = law.z(result.df);
    if (!spheres) {
        result.volume = n * unit * unit * unit;
        result.surface = n * 4 * unit * unit;
    }
    if (options.primary_diameter) add_primaries(result, law, *options.primary_diameter, options);
    return result;
}

}  // namespace assistd::analysis
