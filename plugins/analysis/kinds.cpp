#include "kinds.h"

#include <array>
#include <cstdio>

namespace assistd::analysis {
namespace {

// What clusters of one algorithm may differ by so that their Df is another one.
constexpr std::array telling_parameters{
    "method",        "sticking_probability", "growth_probability", "target_df", "target_kf",
    "sigma_g",       "radius_law",           "volume_fraction",    "box_size",  "sintering",
    "sintering_min", "sintering_std",        "configuration"};

std::string text_at(const Json& data, const char* key) {
    const Json value = data.value(key, Json());
    return value.is_string() ? value.get<std::string>() : "";
}

// "2-D dla"; an exact geometry by its name.
std::string plain_kind(const Json& metadata, const Json& parameters) {
    const std::string algorithm = text_at(metadata, "algorithm");
    if (algorithm == "limiting")
        if (const std::string shape = text_at(parameters, "configuration"); !shape.empty()) return shape;
    if (algorithm.empty()) return "one that does not say its kind";
    const Json dimensions = metadata.value("dimensions", Json());
    return dimensions.is_number_integer() ? dimensions.dump() + "-D " + algorithm : algorithm;
}

std::string shown(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_number()) return value.dump();
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value.get<double>());
    return text;
}

struct Made {
    std::string plain;
    Json parameters;
    Json size;  // number of particles

    explicit Made(const Json& metadata)
        : parameters(metadata.value("parameters", Json())), size(metadata.value("n_particles", Json())) {
        if (!parameters.is_object()) parameters = Json::object();
        plain = plain_kind(metadata, parameters);
    }
    std::string value(const std::string& parameter) const {
        if (parameter == "radius_law") {  // whatever the unit
            const Json least = parameters.value("radius_min", Json()),
                       most = parameters.value("radius_max", Json());
            return least.is_number() && most.is_number() && least > 0
                       ? "radius_max/radius_min " + shown(most.get<double>() / least.get<double>())
                       : "";
        }
        const Json given = parameters.value(parameter, Json());
        return given.is_null() ? "" : parameter + " " + shown(given);
    }
    // A box that was not given grows with what is in it.
    bool compares(const Made& other, const std::string& parameter) const {
        return plain == other.plain && (parameter != "box_size" || size == other.size);
    }
};

}  // namespace

std::vector<std::string> kinds_of(const std::vector<Json>& metadata) {
    const std::vector<Made> made(metadata.begin(), metadata.end());
    std::vector<std::string> kinds;
    for (const Made& one : made) {
        std::string& kind = kinds.emplace_back(one.plain);
        for (const char* parameter : telling_parameters) {
            const std::string own = one.value(parameter);
            bool differs = false;
            for (const Made& other : made)
                differs |= one.compares(other, parameter) && other.value(parameter) != own;
            if (differs && !own.empty()) kind += ", " + own;
        }
    }
    return kinds;
}

}  // namespace assistd::analysis
