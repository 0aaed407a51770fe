// Runs the ensembles by which the plugin is judged and writes what they measured, with the spread over the
// seeds, beside the literature's values into README.md, between the lines "<!-- validation: begin -->" and
// "<!-- validation: end -->"; the section "scatter" likewise. All seeds are fixed, so that it writes the same
// text each time.
//     assistd-simulation-validation validation|scatter [README.md]      (without a file: prints the section)

#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>

#include "algorithms/cca.h"
#include "algorithms/tunable.h"
#include "ensembles.h"
#include "measure/mean_growth.h"
#include "measure/shape.h"

namespace {

using namespace assistd::simulation;

// An ensemble of one model, and what others found.
struct Model {
    std::string name;
    std::size_t particles;
    int seeds;
    std::function<Cluster(std::size_t particles, std::uint64_t seed)> grow;
    double df, tolerance;
    std::string source;
    double kf = 0;  // that others found; 0: none is known
};

std::vector<Model> models() {
    using namespace std::placeholders;
    return {
        {"DLA, 2-D", 100'000, 16, std::bind(dla, 2, _1, _2), 1.71, 0.02, "Ossadnik et al., cond-mat/9402003"},
        {"DLA, 3-D", 100'000, 12, std::bind(dla, 3, _1, _2), 2.50, 0.05,
         "textbook value; public codes 2.48 to 2.53"},
        {"DLCA, 3-D", 1000, 50, std::bind(cca, 1.0, _1, _2), 1.78, 0.05, "Moran et al. 2019", 1.40},
        {"RLCA, 3-D", 2000, 24, std::bind(cca, reaction_limit, _1, _2), 2.1, 0.1, "Lin et al. 1990"},
        {"ballistic particle-cluster, 3-D", 200'000, 12, std::bind(ballistic, 3, _1, _2), 3, 0.08,
         "exact: Ball & Witten, Phys. Rev. A 29 (1984) 2966"},
        {"ballistic cluster-cluster, 3-D", 4096, 64, ballistic_cc, 1.88, 0.05, "arXiv 1908.03125"},
        {"Eden, 2-D", 100'000, 8, std::bind(eden, 2, _1, _2), 2, 0.1, "compact"},
        {"Eden, 3-D", 100'000, 8, std::bind(eden, 3, _1, _2), 3, 0.2, "compact"}};
}

constexpr double kf_tolerance = 0.05;  // ours: the source says "near 1.40"

std::string kf_of(const Model& model, double found) {
    if (model.kf == 0) return "\u2013";
    return formatted("near %.2f: %s", model.kf, std::abs(found - model.kf) <= kf_tolerance ? "yes" : "no");
}

std::string row_of(const Model& model) {
    MeanGrowth growth;
    std::vector<double> single;
    for (int seed = 1; seed <= model.seeds; ++seed) {
        const Cluster cluster = model.grow(model.particles, static_cast<std::uint64_t>(seed));
        growth.add(cluster.growth);
        single.push_back(fit_growth(cluster.growth).df);
    }
    const GrowthFit fit = growth.fit();
    const Spread each = spread_of(single);
    const bool agrees = std::abs(fit.df - model.df) <= model.tolerance;
    return formatted("| %s | %zu | %d | %.3f | %.2f | %.3f ± %.3f | %.3f | %.2f ± %.2f, %s | %s | %s |\n",
                     model.name.c_str(), model.particles, model.seeds, fit.df, fit.kf, each.mean, each.error,
                     each.deviation, model.df, model.tolerance, model.source.c_str(), agrees ? "yes" : "no",
                     kf_of(model, fit.kf).c_str());
}

// What is known of finished clusters of 256 particles. The source does not say here how its line was fitted,
// so both radii of gyration that are in use are compared with it.
std::vector<Model> small_clusters() {
    using namespace std::placeholders;
    return {
        {"DLCA", 256, 200, std::bind(cca, 1.0, _1, _2), 1.79, 0.07, "PMC3569621"},
        {"DLA", 256, 400, std::bind(dla, 3, _1, _2), 2.25, 0.07, "PMC3569621"},
        {"ballistic particle-cluster", 256, 400, std::bind(ballistic, 3, _1, _2), 2.73, 0.07, "PMC3569621"}};
}

// Mean ln Rg of finished clusters of 16, 32, … particles, which nothing but their number has in common.
class FinishedClusters {
  public:
    explicit FinishedClusters(const Model& model) {
        for (std::size_t particles = 16; particles <= 4 * model.particles; particles *= 2)
            for (int seed = 1; seed <= model.seeds; ++seed) {
                const Cluster cluster = model.grow(particles, static_cast<std::uint64_t>(seed));
                const double rg = gyration(cluster.particles).radius;
                spheres_[particles].push_back(std::log(rg));
                centres_[particles].push_back(std::log(rg * rg - 0.6) / 2);
            }
    }
    double of_spheres(std::size_t from, std::size_t to) const { return df(spheres_, from, to); }
    double of_centres(std::size_t from, std::size_t to) const { return df(centres_, from, to); }

  private:
    using Logarithms = std::map<std::size_t, std::vector<double>>;
    static double df(const Logarithms& logarithms, std::size_t from, std::size_t to) {
        std::vector<GrowthPoint> points;
        for (const auto& [particles, of_each] : logarithms)
            if (particles >= from && particles <= to)
                points.push_back({particles, std::exp(spread_of(of_each).mean)});
        return fit_growth(points).df;
    }

    Logarithms spheres_, centres_;
};

std::string row_of_small(const Model& model) {
    const FinishedClusters clusters(model);
    const std::size_t n = model.particles;
    const auto found = [&model](double df) {
        return formatted("%.3f, %s", df, std::abs(df - model.df) <= model.tolerance ? "yes" : "no");
    };
    return formatted("| %s | %d | %s | %s | %.2f ± %.2f | %.3f |\n", model.name.c_str(), model.seeds,
                     found(clusters.of_centres(16, n)).c_str(), found(clusters.of_spheres(16, n)).c_str(),
                     model.df, model.tolerance, clusters.of_spheres(n / 4, 4 * n));
}

struct Pair {
    double df, kf, sigma_g;
};
// Moran et al. 2019.
constexpr Pair pairs[] = {{2.40, 0.80, 1}, {1.79, 1.40, 1}, {1.40, 1.80, 1},
                          {2.60, 0.25, 2}, {1.68, 0.98, 2}, {1.30, 1.50, 2}};
constexpr int clusters_of_a_pair = 50;

// One line through ln N and ln Rg of fifty clusters of 20 to 1024 particles.
std::string row_of(const Pair& pair, bool clusters) {
    std::vector<GrowthPoint> points;
    double error = 0, overlap = 0;
    std::size_t overlapping = 0;
    for (int i = 0; i < clusters_of_a_pair; ++i) {
        TunableParameters parameters;
        parameters.n_particles =
            static_cast<std::size_t>(std::round(20 * std::pow(51.2, i / (clusters_of_a_pair - 1.0))));
        parameters.target_df = pair.df;
        parameters.target_kf = pair.kf;
        parameters.cluster_cluster = clusters;
        if (pair.sigma_g > 1) parameters.sizes = {SizeLaw::Kind::lognormal, 1, 1, pair.sigma_g};
        parameters.seed = static_cast<std::uint64_t>(i) + 1;
        Silent observer;
        const TunableCluster grown = grow_tunable(parameters, observer);
        const double rg = gyration(grown.cluster.particles).radius;
        points.push_back({parameters.n_particles, rg});
        error = std::max(error, std::abs(rg / grown.target_rg - 1));
        const Neighbours neighbours(grown.cluster.particles, observer);
        const Contacts touching = contacts(grown.cluster.particles, neighbours, 1e-6, observer);
        overlap = std::max(overlap, touching.largest_overlap);
        overlapping += touching.overlapping;
    }
    const GrowthFit fit = fit_growth(points);
    return formatted(
        "| %s | %.2f, %.2f | %g | %.4f (%+.2f %%) | %.4f (%+.2f %%) | %.0e %% | %.0e a | %zu |\n",
        clusters ? "cluster-cluster" : "particle-cluster", pair.df, pair.kf, pair.sigma_g, fit.df,
        100 * (fit.df / pair.df - 1), fit.kf, 100 * (fit.kf / pair.kf - 1), std::max(1e-12, 100 * error),
        std::max(1e-12, overlap), overlapping);
}

std::string tables() {
    std::string text =
        "| model | N | seeds | Df of the mean growth | its kf | Df of single clusters (mean ± its error) | "
        "their spread | "
        "literature | within | literature's kf, within 0.05 |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n";
    for (const Model& model : models()) {
        const auto start = std::chrono::steady_clock::now();
        text += row_of(model);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::cerr << model.name << ", " << model.particles << ": " << took.count() << " s\n";
    }
    text +=
        "\nFinished clusters of 16, 32, … 256 particles, a line through the mean ln Rg of each size, with "
        "the "
        "values that PMC3569621 tells of 256 particles, and whether it is within them:\n\n"
        "| model, 3-D | clusters of each size | Df, Rg of the centres | Df, Rg of the spheres | literature | "
        "Df of the spheres, 64 to 1024 |\n"
        "|---|---|---|---|---|---|\n";
    for (const Model& model : small_clusters()) {
        text += row_of_small(model);
        std::cerr << "finished clusters, " << model.name << '\n';
    }
    text +=
        "\nTunable growth, a line through 50 clusters of 20 to 1024 particles for each row (Rg and overlap: "
        "the worst of "
        "the 50; 1e-12 and less is shown as 1e-12):\n\n"
        "| method | Df, kf wanted | sigma_g | Df measured | kf measured | Rg off by | overlap | overlapping "
        "pairs |\n"
        "|---|---|---|---|---|---|---|---|\n";
    for (const Pair& pair : pairs) {
        for (const bool clusters : {false, true}) text += row_of(pair, clusters);
        std::cerr << "tunable " << pair.df << '\n';
    }
    return text;
}

// What stands between the section's two lines is replaced.
int write_into(const std::string& path, const std::string& section, const std::string& text) {
    const std::string begin = "<!-- " + section + ": begin -->\n", end = "<!-- " + section + ": end -->\n";
    std::stringstream page;
    page << std::ifstream(path).rdbuf();
    std::string content = page.str();
    const std::size_t from = content.find(begin), to = content.find(end);
    if (from == std::string::npos || to == std::string::npos || to < from) {
        std::cerr << path << " has no lines " << begin << "and " << end;
        return 1;
    }
    content.replace(from + begin.size(), to - from - begin.size(), text);
    std::ofstream file(path);
    file << content << std::flush;
    if (!file) std::cerr << path << " cannot be written.\n";
    return file ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string section = argc > 1 ? argv[1] : "";
    if (section != "validation" && section != "scatter") {
        std::cerr << "usage: assistd-simulation-validation validation|scatter [README.md]\n";
        return 2;
    }
    const std::string text = section == "scatter" ? scatter_table() : tables();
    if (argc > 2) return write_into(argv[2], section, text);
    std::cout << text;
    return 0;
}
