#include "tools/stored_texts.h"

#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>

namespace assistd::simulation {

bool is_run(const std::string& tool) {
    return tool.starts_with("run_");
}

Json member(const Json& object, const char* key) {
    return object.is_object() ? object.value(key, Json()) : Json();
}

std::string text_of(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string length_text(const Json& about, const std::string& key, int power) {
    const double value = about.at(key).get<double>();
    const Json radius = member(about, "particle_radius");
    const std::string unit = power == 2 ? " a²" : " a";
    std::string text = with_error(value, 0);
    const Json named = member(about, "length_unit");
    if (named.is_string()) text += " " + named.get<std::string>() + (power == 2 ? "²" : "");
    if (!radius.is_number() || !(radius.get<double>() > 0)) return text;
    if (radius == 1 && !named.is_string()) return text + unit;
    return text + " (" + with_error(value / std::pow(radius.get<double>(), power), 0) + unit + ")";
}

}  // namespace assistd::simulation
