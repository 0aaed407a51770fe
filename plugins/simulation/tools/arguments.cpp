#include "tools/arguments.h"

#include <cmath>
#include <cstdio>
#include <random>

namespace assistd::simulation {

namespace {
constexpr std::int64_t largest_seed = 2147483647;

std::string text_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

std::string grouped(std::int64_t value) {
    std::string text = std::to_string(value);
    for (std::ptrdiff_t at = std::ptrdiff_t(text.size()) - 3; at > 0; at -= 3)
        text.insert(std::size_t(at), ",");
    return text;
}

bool given(const Json& arguments, const char* field) {
    const auto found = arguments.find(field);
    return found != arguments.end() && !found->is_null();
}
}  // namespace

std::int64_t bounded_integer(const Json& arguments, const std::string& field, std::int64_t low,
                             std::int64_t high, const std::string& of) {
    const auto found = arguments.find(field);
    if (found == arguments.end() || !found->is_number_integer())
        throw invalid_argument(field, field + " must be a whole number.");
    const auto value = found->get<std::int64_t>();
    if (value >= low && value <= high) return value;
    throw invalid_argument(field, field + " must lie between " + grouped(low) + " and " + grouped(high) +
                                      (of.empty() ? "" : " " + of) + ", not " + grouped(value) + ".");
}

double bounded_number(const Json& arguments, const std::string& field, double fallback, double low,
                      double high) {
    if (!given(arguments, field.c_str())) return fallback;
    const Json& found = arguments.at(field);
    const double value = found.is_number() ? found.get<double>() : std::nan("");
    if (value >= low && value <= high) return value;
    throw invalid_argument(field,
                           field + " must lie between " + text_of(low) + " and " + text_of(high) + ".");
}

std::uint64_t seed_of(const Json& arguments) {
    if (given(arguments, "seed"))
        return std::uint64_t(bounded_integer(arguments, "seed", 1, largest_seed, ""));
    std::random_device entropy;
    return 1 + entropy() % largest_seed;
}

Sizes sizes_of(const Json& arguments) {
    Sizes sizes;
    sizes.unit = bounded_number(arguments, "particle_radius", 1, 1e-12, 1e12);
    const bool low = given(arguments, "radius_min");
    const bool high = given(arguments, "radius_max");
    const double sigma_g = bounded_number(arguments, "sigma_g", 1, 1, 3);
    if (low != high)
        throw invalid_argument(low ? "radius_max" : "radius_min",
                               "radius_min and radius_max must be given together.");
    if (low && sigma_g > 1)
        throw invalid_argument("sigma_g",
                               "Give either radius_min and radius_max (uniform radii) or sigma_g (lognormal "
                               "radii), not both.");
    if (low) {
        const double smallest = bounded_number(arguments, "radius_min", 1, 1e-12, 1e12);
        const double largest = bounded_number(arguments, "radius_max", 1, 1e-12, 1e12);
        if (smallest > largest)
            throw invalid_argument("radius_min", "radius_min must not be greater than radius_max.");
        if (largest > 50 * smallest)
            throw invalid_argument("radius_max", "radius_max must not be more than 50 times radius_min.");
        sizes.unit = 0.5 * (smallest + largest);
        sizes.law = {SizeLaw::Kind::uniform, smallest / sizes.unit, largest / sizes.unit};
    } else if (sigma_g > 1) {
        sizes.law.kind = SizeLaw::Kind::lognormal;
        sizes.law.sigma_g = sigma_g;
    }
    return sizes;
}

SinteringLaw sintering_of(const Json& arguments) {
    SinteringLaw law;
    law.value = bounded_number(arguments, "sintering", 1, 0.5, 1);
    const bool uniform = given(arguments, "sintering_min");
    const bool normal = given(arguments, "sintering_std");
    if (uniform && normal)
        throw invalid_argument("sintering_std",
                               "Give either sintering_min (uniform) or sintering_std (normal), not both.");
    if (uniform) {
        law.kind = SinteringLaw::Kind::uniform;
        law.low = bounded_number(arguments, "sintering_min", 1, 0.5, 1);
        law.high = law.value;
        if (law.low > law.high)
            throw invalid_argument("sintering_min", "sintering_min must not be greater than sintering.");
    } else if (normal) {
        law.kind = SinteringLaw::Kind::normal;
        law.deviation = bounded_number(arguments, "sintering_std", 0, 0, 0.5);
    }
    return law;
}

}  // namespace assistd::simulation
