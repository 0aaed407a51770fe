#include "clusters/kinds.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <set>
#include <string_view>

namespace assistd::clusters {
namespace {

// The ratio of the largest radius to the smallest, which says the same in any unit.
constexpr std::string_view radius_law = "radius_law";
// A box that was not given grows with what is in it.
constexpr std::string_view box_size = "box_size";

struct Telling {
    std::string_view parameter;
    std::string_view words;
    std::string_view unit = "";
};

// What clusters of one algorithm may differ by so that their Df is another one.
constexpr std::array<Telling, 13> telling{{{"method", "method"},
                                           {"sticking_probability", "sticking probability"},
                                           {"growth_probability", "growth probability"},
                                           {"target_df", "target Df"},
                                           {"target_kf", "target kf"},
                                           {"sigma_g", "sigma g"},
                                           {radius_law, "largest radius / smallest"},
                                           {"volume_fraction", "volume fraction"},
                                           {box_size, "box size", " a"},
                                           {"sintering", "sintering"},
                                           {"sintering_min", "sintering min"},
                                           {"sintering_std", "sintering std"},
                                           {"configuration", "configuration"}}};

std::string without_markup(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](unsigned char c) { return c == '_' || c == '*' || c == '^' || std::iscntrl(c) != 0; }, ' ');
    return text;
}

std::string text_at(const Json& data, const char* key) {
    const Json value = data.value(key, Json());
    return value.is_string() ? without_markup(value.get<std::string>()) : "";
}

// As it was given; what has more than six digits was computed, and four of them tell it.
std::string shown(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    if (std::stod(text) != value) std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

Json parameters_of(const Json& metadata) {
    const Json parameters = metadata.value("parameters", Json());
    return parameters.is_object() ? parameters : Json::object();
}

// "sticking probability 0.1"; empty when the cluster was made without it.
std::string told(const Json& parameters, const Telling& by) {
    const std::string words(by.words);
    if (by.parameter == radius_law) {
        const Json least = parameters.value("radius_min", Json()),
                   most = parameters.value("radius_max", Json());
        const bool is_law = least.is_number() && most.is_number() && least > 0;
        return is_law ? words + " " + shown(most.get<double>() / least.get<double>()) : "";
    }
    const Json value = parameters.value(std::string(by.parameter), Json());
    if (value.is_null()) return "";
    if (value.is_number()) return words + " " + shown(value.get<double>()) + std::string(by.unit);
    return words + " " + without_markup(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

std::string kind_of(const Json& metadata) {
    std::string algorithm = text_at(metadata, "algorithm");
    if (algorithm == "limiting")
        if (const std::string shape = text_at(parameters_of(metadata), "configuration"); !shape.empty())
            return shape;
    if (algorithm.empty()) return "unknown kind";
    if (algorithm == "dla" || algorithm == "cca")
        for (char& c : algorithm) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const Json dimensions = metadata.value("dimensions", Json());
    return dimensions.is_number_integer() ? dimensions.dump() + "-D " + algorithm : algorithm;
}

std::vector<std::string> kinds_of(const std::vector<Json>& metadata) {
    std::vector<std::string> kinds, plain;
    std::vector<Json> parameters;
    for (const Json& each : metadata) {
        kinds.push_back(plain.emplace_back(kind_of(each)));
        parameters.push_back(parameters_of(each));
    }
    for (const Telling& by : telling) {
        // Which words there are among the clusters that it can tell apart.
        std::map<std::string, std::set<std::string>> found;
        std::vector<std::string> words, alike;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            const bool of_its_size = by.parameter == box_size;
            alike.push_back(plain[i] + (of_its_size ? metadata[i].value("n_particles", Json()).dump() : ""));
            words.push_back(told(parameters[i], by));
            found[alike[i]].insert(words[i]);
        }
        for (std::size_t i = 0; i < kinds.size(); ++i)
            if (found[alike[i]].size() > 1 && !words[i].empty()) kinds[i] += ", " + words[i];
    }
    return kinds;
}

}  // namespace assistd::clusters
