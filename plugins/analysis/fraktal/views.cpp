#include "fraktal/views.h"

#include <optional>

namespace assistd::analysis {
namespace {

constexpr std::int64_t largest_seed = 2147483647;

// What is averaged, by the name that the result has.
std::map<std::string, std::optional<double>> figures_of(const FraktalView& view) {
    const Fraktal& result = view.result;
    return {{"df", result.df},
            {"kf", result.kf},
            {"kf_primary", result.kf_primary},
            {"rg", result.rg},
            {"rg_projected", view.silhouette.rg},
            {"ap", view.silhouette.area},
            {"pixel_size", view.silhouette.pixel},
            {"units", result.units},
            {"npo", result.npo},
            {"overlap_exponent", result.overlap_exponent},
            {"coordination_index", result.coordination},
            {"volume", result.volume},
            {"surface_area", result.surface}};
}

}  // namespace

MeanOfViews mean_of(const std::vector<FraktalView>& views) {
    std::map<std::string, std::vector<double>> values;
    for (const FraktalView& view : views)
        for (const auto& [name, value] : figures_of(view))
            if (value) values[name].push_back(*value);
    MeanOfViews mean;
    for (const auto& [name, all] : values) mean.summaries.emplace(name, summarise(all));
    const auto of = [&](const char* name) { return mean.summaries.at(name).mean; };
    const auto if_any = [&](const char* name) {
        return values.contains(name) ? std::optional(of(name)) : std::nullopt;
    };
    mean.silhouette = {of("ap"), of("rg_projected"), of("pixel_size")};
    mean.result = {of("df"),
                   of("kf"),
                   of("rg"),
                   of("units"),
                   if_any("npo"),
                   if_any("kf_primary"),
                   of("overlap_exponent"),
                   if_any("coordination_index"),
                   of("volume"),
                   of("surface_area")};
    return mean;
}

Json told(const std::map<std::string, Summary>& summaries) {
    Json all = Json::object();
    for (const auto& [name, summary] : summaries)
        all[name] = {{"mean", summary.mean},
                     {"standard_error", summary.standard_error().value_or(0)},
                     {"std", summary.standard_deviation.value_or(0)},
                     {"min", summary.min},
                     {"max", summary.max}};
    return all;
}

Json told(const std::vector<FraktalView>& views) {
    Json all = Json::array();
    for (const FraktalView& view : views) {
        Json& one = all.emplace_back(Json{{"seed", view.seed}, {"direction", view.direction}});
        for (const auto& [name, value] : figures_of(view))
            if (value && name != "pixel_size" && name != "units") one[name] = *value;
    }
    return all;
}

std::int64_t seed_of_view(std::int64_t first, int i) {
    return 1 + (first - 1 + i) % largest_seed;
}

}  // namespace assistd::analysis
