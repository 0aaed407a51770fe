#include "properties.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace assistd::exporting {
namespace {

enum class Unit { text, number, length, area, seconds, radii, percent };

struct Known {
    const char* name;
    const char* path;  // JSON pointer into the metadata
    Unit unit;
};

constexpr std::array<Known, 40> known_properties{{
    {"name", "/name", Unit::text},
    {"algorithm", "/algorithm", Unit::text},
    {"version", "/version", Unit::text},
    {"seed", "/seed", Unit::number},
    {"dimensions", "/dimensions", Unit::number},
    {"n_particles", "/n_particles", Unit::number},
    {"particle_radius", "/particle_radius", Unit::length},
    {"radius_min", "/parameters/radius_min", Unit::length},
    {"radius_max", "/parameters/radius_max", Unit::length},
    {"sigma_g", "/parameters/sigma_g", Unit::number},
    {"sticking_probability", "/parameters/sticking_probability", Unit::number},
    {"growth_probability", "/parameters/growth_probability", Unit::number},
    {"box_size", "/box/size", Unit::radii},
    {"volume_fraction", "/box/volume_fraction", Unit::number},
    {"sintering", "/parameters/sintering", Unit::number},
    {"sintering_min", "/parameters/sintering_min", Unit::number},
    {"sintering_std", "/parameters/sintering_std", Unit::number},
    {"target_df", "/parameters/target_df", Unit::number},
    {"target_kf", "/parameters/target_kf", Unit::number},
    {"df_exact", "/df_ideal", Unit::number},
    {"kf_exact", "/kf_ideal", Unit::number},
    {"fit_first_n", "/fit_range/0", Unit::number},
    {"fit_last_n", "/fit_range/1", Unit::number},
    {"df", "/df", Unit::number},
    {"df_stderr", "/df_stderr", Unit::number},
    {"kf", "/kf", Unit::number},
    {"kf_stderr", "/kf_stderr", Unit::number},
    {"r_squared", "/r_squared", Unit::number},
    {"rg", "/rg", Unit::length},
    {"target_rg", "/target_rg", Unit::length},
    {"rg_error_percent", "/rg_error_percent", Unit::percent},
    {"residual_overlap", "/residual_overlap", Unit::radii},
    {"overlapping_pairs", "/overlapping_pairs", Unit::number},
    {"porosity", "/porosity", Unit::number},
    {"coordination_mean", "/coordination/mean", Unit::number},
    {"coordination_std", "/coordination/std", Unit::number},
    {"anisotropy", "/anisotropy", Unit::number},
    {"asphericity", "/asphericity", Unit::area},
    {"acylindricity", "/acylindricity", Unit::area},
    {"execution_time_s", "/execution_time_s", Unit::seconds},
}};

// Quantities that are reported elsewhere: by analyses, and as parameters.
struct Named {
    const char* name;
    Unit unit;
};
constexpr std::array<Named, 3> more_quantities{{
    {"largest_overlap", Unit::radii},
    {"mean_particle_diameter", Unit::length},
    {"box.size", Unit::radii},
}};

std::string unit_text(Unit unit, const std::string& length) {
    switch (unit) {
        case Unit::text:
            return "-";
        case Unit::number:
            return "1";
        case Unit::length:
            return length;
        case Unit::area:
            return length + "^2";
        case Unit::seconds:
            return "s";
        case Unit::radii:
            return "a";
        case Unit::percent:
            return "%";
    }
    return "-";
}

// One line, whatever it was.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; }, ' ');
    return text;
}

// All in one line; empty when there are none.
std::string warnings_of(const Json& metadata) {
    std::string text;
    const Json warnings = metadata.value("warnings", Json());
    if (warnings.is_array())
        for (const Json& each : warnings)
            if (each.is_string()) text += (text.empty() ? "" : " ") + one_line(each.get<std::string>());
    return text;
}

}  // namespace

std::string length_unit_of(const Json& metadata) {
    const auto found = metadata.find("length_unit");
    if (found != metadata.end() && found->is_string()) return one_line(found->get<std::string>());
    const auto radius = metadata.find("particle_radius");
    const bool in_radii = radius == metadata.end() || !radius->is_number() || radius->get<double>() == 1;
    return in_radii ? "a" : "unit of particle_radius";
}

std::string unit_of(const std::string& name, const std::string& length_unit) {
    const std::string last = name.substr(name.rfind('.') + 1);  // npos + 1 is the beginning
    for (const Known& known : known_properties)
        if (known.name == last && known.unit != Unit::text) return unit_text(known.unit, length_unit);
    for (const Named& named : more_quantities)
        if (named.name == last || named.name == name) return unit_text(named.unit, length_unit);
    return "1";
}

std::string as_text(const Json& value) {
    return value.is_string() ? one_line(value.get<std::string>()) : value.dump();
}

std::string shown_value(const std::string& name, const Json& value, const std::string& length_unit) {
    if (!value.is_number()) return as_text(value);
    const std::string unit = unit_of(name, length_unit);
    const std::string after = unit.empty() || unit == "1" ? "" : " " + unit;
    if (value.is_number_integer()) return value.dump() + after;
    // Nobody gives more digits; what has more was computed.
    const double number = value.get<double>();
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", number);
    if (std::stod(text) != number) std::snprintf(text, sizeof text, "%.4g", number);
    return text + after;
}

std::vector<Property> properties_of(const std::string& handle, const Json& metadata) {
    const std::string length = length_unit_of(metadata);
    std::vector<Property> properties{{"simulation", handle, "-"}};
    for (const Known& known : known_properties) {
        const Json::json_pointer path{known.path};
        if (!metadata.contains(path)) continue;
        const Json& value = metadata.at(path);
        const bool is_text = value.is_string();
        if (!is_text && !value.is_number()) continue;
        if (is_text && value.get<std::string>().empty()) continue;
        properties.push_back(
            {known.name, is_text ? Json(as_text(value)) : value, unit_text(known.unit, length)});
    }
    if (const std::string warnings = warnings_of(metadata); !warnings.empty())
        properties.push_back({"warnings", warnings, "-"});
    return properties;
}

}  // namespace assistd::exporting
