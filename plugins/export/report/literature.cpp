#include "report/literature.h"

#include <cmath>
#include <numbers>

#include "source.h"

namespace assistd::exporting {
namespace {

Text cited(const char* sentence, std::initializer_list<const char*> keys) {
    Text text(sentence);
    for (const char* key : keys) text.cite(key);
    return text << ".";
}

std::optional<Expectation> of_clusters(double dimensions, double sticking) {
    if (dimensions != 3) return std::nullopt;
    if (sticking == 1)
        return Expectation{1.78,
                           0.05,
                           "diffusion-limited cluster-cluster aggregation in three dimensions",
                           {"meakin1983", "kolb1983", "moran2019"},
                           300};
    if (sticking <= reaction_limited)
        return Expectation{2.1, 0.1, "reaction-limited cluster-cluster aggregation in three dimensions",
                           {},  100, "Lin et al. 1990"};
    return std::nullopt;
}

// Means of 50 clusters of 256 particles; at that size Df is not yet that of large clusters.
std::optional<Expectation> of_small_clusters(const std::string& algorithm, double n) {
    if (n < 200 || n > 320) return std::nullopt;
    const auto expected = [](double df, const char* model) {
        return Expectation{df, 0.07, std::string(model) + " of 256 particles in three dimensions",
                           {}, 0,    "means of 50, PMC3569621"};
    };
    if (algorithm == "cca") return expected(1.79, "diffusion-limited cluster-cluster aggregates");
    if (algorithm == "dla") return expected(2.25, "DLA clusters");
    if (algorithm == "ballistic") return expected(2.73, "ballistic particle-cluster aggregates");
    return std::nullopt;
}

}  // namespace

Json parameters_of(const Json& metadata) {
    const Json found = metadata.value("parameters", Json::object());
    return found.is_object() ? found : Json::object();
}

std::optional<Expectation> expectation_of(const Json& metadata) {
    const auto name = metadata.find("algorithm");
    const Json parameters = parameters_of(metadata);
    // Without its dimensions (a comparison of simulations that are gone) a value would be a guess.
    if (name == metadata.end() || !name->is_string() || !metadata.contains("dimensions")) return std::nullopt;
    const std::string algorithm = name->get<std::string>();
    const double dimensions = number_or(metadata, "dimensions", 3);
    const double sticking = number_or(parameters, "sticking_probability", 1);
    if (const auto expected = of_small_clusters(algorithm, number_or(metadata, "n_particles", 0));
        expected && dimensions == 3 && sticking == 1)
        return expected;
    const std::string space = dimensions == 2 ? " in two dimensions" : " in three dimensions";
    if (algorithm == "dla" && sticking == 1 && dimensions == 2)
        return Expectation{1.71, 0.02, "off-lattice DLA" + space, {"ossadnik1994"}, 100};
    if (algorithm == "dla" && sticking == 1)
        return Expectation{2.5, 0.05, "off-lattice DLA" + space,
                           {},  1e4,  "the textbook value; public codes find 2.48 to 2.53"};
    if (algorithm == "cca") return of_clusters(dimensions, sticking);
    if (algorithm == "ballistic")
        return Expectation{dimensions,
                           0.08,
                           "ballistic particle-cluster aggregation" + space + ", which is compact",
                           {"ball1984"},
                           1e4};
    if (algorithm == "ballistic_cc" && dimensions == 3)
        return Expectation{1.88, 0.05, "ballistic cluster-cluster aggregation" + space,
                           {},   100,  "arXiv:1908.03125"};
    if (algorithm == "eden")
        return Expectation{dimensions,
                           dimensions == 2 ? 0.1 : 0.2,
                           "Eden growth" + space + ", which is compact",
                           {"eden1961"},
                           dimensions == 2 ? 1e4 : 1e5};
    return std::nullopt;
}

bool is_of_equal_touching_spheres(const Json& metadata) {
    const Json parameters = parameters_of(metadata);
    const double smallest = number_or(parameters, "radius_min", 1);
    const bool is_polydisperse =
        number_or(parameters, "sigma_g", 1) > 1 || number_or(parameters, "radius_max", smallest) > smallest;
    const bool is_sintered = number_or(parameters, "sintering", 1) < 1 ||
                             number_or(parameters, "sintering_min", 1) < 1 ||
                             number_or(parameters, "sintering_std", 0) > 0;
    return !is_polydisperse && !is_sintered;
}

bool is_crowded(const Json& metadata) {
    if (metadata.value("algorithm", Json()) != "cca") return false;
    // Where none is given the box is wide enough; at 0.004 Df is 0.03 higher (plugins/simulation/README.md).
    constexpr double dilute = 0.005;
    const Json parameters = parameters_of(metadata), box = metadata.value("box", Json());
    double filling = number_or(parameters, "volume_fraction", 0);
    if (box.is_object()) filling = number_or(box, "volume_fraction", filling);
    const double width = number_or(parameters, "box_size", 0);
    if (filling == 0 && width > 0 && number_or(metadata, "dimensions", 3) == 3)
        filling = number_or(metadata, "n_particles", 0) * 4 * std::numbers::pi / 3 / std::pow(width, 3);
    return filling > dilute;
}

std::string why_no_verdict(const Json& metadata, const Expectation& expected) {
    if (is_crowded(metadata))
        return "That value is of dilute suspensions, and this one grew crowded, so no verdict is given.";
    if (!is_of_equal_touching_spheres(metadata))
        return "That value is of equal, touching spheres, which these are not, so no verdict is given.";
    if (number_or(metadata, "n_particles", 0) >= expected.from_n) return "";
    return "That value is of clusters of at least " +
           std::to_string(static_cast<long long>(expected.from_n)) + " particles, so no verdict is given.";
}

Text method_of(const std::string& algorithm) {
    if (algorithm == "dla")
        return cited(
            "Diffusion-limited aggregation (dla) off lattice: spheres diffuse in from far away, one at a "
            "time, and stay where they touch the cluster",
            {"witten1981"});
    if (algorithm == "cca")
        return cited(
            "Cluster-cluster aggregation (cca): spheres and the clusters that form of them diffuse, and "
            "those that touch join",
            {"meakin1983", "kolb1983"});
    if (algorithm == "ballistic")
        return cited(
            "Ballistic aggregation (ballistic): spheres arrive one at a time on straight lines from "
            "random directions and stay where they touch the cluster",
            {});
    if (algorithm == "ballistic_cc")
        return cited(
            "Ballistic cluster-cluster aggregation (ballistic cc): clusters meet on straight lines and "
            "join where they touch",
            {});
    if (algorithm == "eden")
        return cited(
            "Eden growth (eden): in each generation every sphere that still has room tries once, with the "
            "growth probability and in random order, to add another one in a random direction; the "
            "probability 1 is Richardson's model, small ones approach Eden's of one sphere at a time",
            {"eden1961"});
    if (algorithm == "tunable")
        return cited(
            "Tunable particle-cluster aggregation (tunable): each sphere is placed in contact with the "
            "cluster at the distance that keeps the scaling law of the prescribed fractal dimension and "
            "prefactor",
            {"filippov2000"});
    if (algorithm == "tunable_cc")
        return cited(
            "Tunable cluster-cluster aggregation (tunable cc): clusters are joined at the distance that "
            "keeps the scaling law of the prescribed fractal dimension and prefactor",
            {"moran2019"});
    if (algorithm == "limiting")
        return Text(
            "Limiting cases (limiting): chains, planes and compact bodies of equal spheres on a lattice, "
            "whose radius of gyration is known exactly.");
    return {};
}

}  // namespace assistd::exporting
