#include "clusters/same_cluster.h"

#include <algorithm>

namespace assistd::clusters {
namespace {

std::string text_at(const Json& data, const char* key) {
    const Json value = data.value(key, Json());
    return value.is_string() ? value.get<std::string>() : "";
}

// Null when it does not say enough to be known again.
Json made_by(const Json& metadata) {
    Json parameters = metadata.value("parameters", Json());
    const bool is_built = text_at(metadata, "algorithm") == "limiting";
    if (!parameters.is_object() || parameters.empty()) return nullptr;
    if (!metadata.value("seed", Json()).is_number() && !is_built) return nullptr;
    for (const char* said : {"name", "project_id", "length_unit"}) parameters.erase(said);
    Json made{{"parameters", parameters}};
    for (const char* key : {"algorithm", "version", "seed", "dimensions", "n_particles", "rg", "df"})
        made[key] = metadata.value(key, Json());
    return made;
}

}  // namespace

std::vector<std::size_t> first_of_same(const std::vector<Json>& metadata) {
    std::vector<Json> made;
    std::vector<std::size_t> first;
    for (const Json& each : metadata) {
        const Json own = made_by(each);
        const auto same = own.is_null() ? made.end() : std::find(made.begin(), made.end(), own);
        first.push_back(static_cast<std::size_t>(same - made.begin()));
        made.push_back(own);
    }
    return first;
}

}  // namespace assistd::clusters
