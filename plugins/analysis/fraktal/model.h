#pragma once
// The FRAKTAL method: the fractal dimension of one agglomerate from its projected area and the radius of
// gyration of its silhouette. Pure functions and values, usable from any thread; lengths are in one unit of
// the caller's.
//
// The number of units n (primary spheres, or voxels of one pixel's size) is written twice, and Df is where
// both agree:
//     n = kf (2 Rg / d)^Df           the scaling law, d the diameter of a sphere or the side of a voxel
//     n = (Ap / A1)^z                the projected area Ap in units of what one unit shows of itself, A1
// kf and z depend on Df and on n. kf(Df) is the parabola through the prefactors of three bodies whose Rg is
// known exactly: a straight chain (Df = 1), a flat sheet (2) and a compact body (3), each of n units. z runs
// from that of a randomly turned chain to that of a compact body as z1 - 1 + (z3 + 1 - z1)^(((Df - 1)/2)^m).
// One starts with a large n, takes the smallest Df in 1..3 that solves both, takes its n, and so on until Df
// stays.
//
//   granulated (2012)  spheres that overlap by delta = diameter / distance of centres: chain, hexagonal
//                      sheet, cuboctahedron; the lens that neighbours share is taken off area, volume and
//                      surface with the coordination index J(Df, kf, n, delta).
//   voxel (2018)       cubes of one pixel: bar, square plate, cube. Primary spheres are counted by volume.
//
// Sources: M. Lapuerta, R. Ballesteros, F. J. Martos, J. Colloid Interface Sci. 303 (2006) 149 (the method,
// the prefactor between limits, z from chain to sphere); M. Lapuerta, F. J. Martos, G. Martin-Gonzalez,
// J. Colloid Interface Sci. (2010) (prefactor and lacunarity of the limiting bodies); F. J. Martos, M.
// Lapuerta, J. J. Exposito, E. Sanmiguel-Rojas, Powder Technol. (2017) (what projections do to Df). The
// closed forms with overlap, the coefficients of J, the exponents m and the correction of Rg are those of the
// program FRAKTAL (University of Castilla-La Mancha), whose versions give the models their years.

#include <optional>
#include <stdexcept>
#include <string>

namespace assistd::analysis {

enum class FraktalModel { granulated_2012, voxel_2018 };

// What a silhouette shows.
struct Silhouette {
    double area = 0;   // Ap
    double rg = 0;     // of the silhouette as a flat figure
    double pixel = 0;  // side of a pixel
};

struct FraktalOptions {
    FraktalModel model = FraktalModel::granulated_2012;
    // Of a primary sphere. The granulated model needs it; with it the voxel model counts spheres too.
    std::optional<double> primary_diameter = std::nullopt;
    double delta = 1;  // diameter of the primary spheres / distance of touching ones, 1..largest_delta
    // Adds to Rg what the projection takes away, by FRAKTAL's fit, which is in nanometres.
    bool correction_3d = false;
    double nanometres = 0;  // in the unit of length; needed by correction_3d
};

// Beyond it three neighbours of a sphere share lenses, which the formulas count twice.
inline constexpr double largest_delta = 1.5;
// Fewer units than this have no fractal dimension.
inline constexpr double fewest_units = 5;

struct Fraktal {
    double df = 0;
    double kf = 0;                       // of the model's own unit: primary spheres or voxels
    double rg = 0;                       // as it was used: corrected when that was asked for
    double units = 0;                    // n of the model: primary spheres or voxels
    std::optional<double> npo;           // primary spheres; nothing when their diameter is not known
    std::optional<double> kf_primary;    // prefactor with npo and the primary radius
    double overlap_exponent = 0;         // z
    std::optional<double> coordination;  // J
    double volume = 0;
    double surface = 0;
};

// The silhouette has no Df in the model; what() is a sentence.
class FraktalRefused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

Fraktal fraktal_of(const Silhouette& silhouette, const FraktalOptions& options);

// kf at Df = 1, 2 and 3.
struct LimitingPrefactors {
    double chain = 0;
    double sheet = 0;
    double compact = 0;
};
LimitingPrefactors granulated_prefactors(double n, double delta);
LimitingPrefactors voxel_prefactors(double n);
double prefactor_at(const LimitingPrefactors& limits, double df);

}  // namespace assistd::analysis
