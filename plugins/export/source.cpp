#include "source.h"

#include <cmath>

namespace assistd::exporting {

Json document_of(const Artifact& analysis, const std::string& field) {
    Json document = Json::parse(analysis.read_all(), nullptr, false);
    if (!document.is_object())
        throw invalid_argument(field,
                               std::string(analysis.handle()) + " is not an analysis that can be read.");
    return document;
}

Pairs positive_pairs(const Json& data, const char* first, const char* second) {
    Pairs pairs;
    if (!data.is_object() || !data.contains(first) || !data.contains(second)) return pairs;
    const Json& one = data.at(first);
    const Json& other = data.at(second);
    if (!one.is_array() || !other.is_array() || one.size() != other.size()) return pairs;
    for (std::size_t i = 0; i < one.size(); ++i) {
        if (!one[i].is_number() || !other[i].is_number()) continue;
        const double x = one[i].get<double>(), y = other[i].get<double>();
        if (!(x > 0) || !(y > 0) || !std::isfinite(x) || !std::isfinite(y)) continue;
        pairs.first.push_back(x);
        pairs.second.push_back(y);
    }
    return pairs;
}

double number_or(const Json& data, const char* key, double otherwise) {
    const auto found = data.find(key);
    return found != data.end() && found->is_number() ? found->get<double>() : otherwise;
}

double exact_df(const Json& metadata) {
    return number_or(metadata, "df_ideal", 0);
}

}  // namespace assistd::exporting
