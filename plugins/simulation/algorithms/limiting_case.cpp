#include "algorithms/limiting_case.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "measure/neighbours.h"

namespace assistd::simulation {

namespace {

struct Entry {
    Configuration configuration;
    const char* name;
    const char* geometry;
    const char* layers;
    std::optional<Packing> packing;  // its own
    bool other_packings[3];          // hc, cs, ccc: which can be asked for
};

constexpr Entry table[] = {
    {Configuration::lineal, "lineal", "chain", "spheres in the line", {}, {false, false, false}},
    {Configuration::cruz2d, "cruz2d", "chain", "spheres in each of the 4 arms", {}, {false, false, false}},
    {Configuration::asterisco,
     "asterisco",
     "chain",
     "spheres in each of the 6 arms",
     {},
     {false, false, false}},
    {Configuration::cruz3d, "cruz3d", "chain", "spheres in each of the 6 arms", {}, {false, false, false}},
    {Configuration::plano, "plano", "plane", "rings", Packing::hc, {true, true, false}},
    {Configuration::dobleplano, "dobleplano", "plane", "rings", Packing::hc, {true, true, false}},
    {Configuration::tripleplano, "tripleplano", "plane", "rings", Packing::cs, {false, true, false}},
    {Configuration::cuboctaedro, "cuboctaedro", "sphere", "shells", Packing::ccc, {false, false, true}},
    {Configuration::cubo, "cubo", "sphere", "spheres along an edge", Packing::cs, {false, true, false}},
    {Configuration::tetraedro,
     "tetraedro",
     "sphere",
     "spheres along an edge",
     Packing::ccc,
     {false, false, true}},
    {Configuration::octaedro,
     "octaedro",
     "sphere",
     "spheres along an edge",
     Packing::ccc,
     {false, false, true}},
    {Configuration::esfera,
     "esfera",
     "sphere",
     "sphere diameters from the centre to the rim",
     Packing::ccc,
     {true, true, true}},
};

const Entry& entry_of(Configuration configuration) {
    return *std::find_if(std::begin(table), std::end(table),
                         [&](const Entry& each) { return each.configuration == configuration; });
}

// Centres in units in which neighbours are 2 apart.
using Points = std::vector<Vec<3>>;

void add_arms(Points& points, int length, const std::vector<Vec<3>>& directions) {
    points.push_back({});
    for (int step = 1; step <= length; ++step)
        for (const Vec<3>& direction : directions) points.push_back(direction * (2.0 * step));
}

Points chain(Configuration configuration, int layers) {
    const double h = std::sqrt(3.0) / 2;
    const std::vector<Vec<3>> cross{{{1, 0, 0}}, {{-1, 0, 0}}, {{0, 1, 0}}, {{0, -1, 0}}};
    Points points;
    if (configuration == Configuration::lineal) {
        for (int i = 0; i < layers; ++i) points.push_back({{2.0 * i - (layers - 1), 0, 0}});
    } else if (configuration == Configuration::cruz2d) {
        add_arms(points, layers, cross);
    } else if (configuration == Configuration::asterisco) {
        add_arms(points, layers,
                 {{{1, 0, 0}}, {{-1, 0, 0}}, {{0.5, h, 0}}, {{-0.5, -h, 0}}, {{0.5, -h, 0}}, {{-0.5, h, 0}}});
    } else {
        std::vector<Vec<3>> six = cross;
        six.push_back({{0, 0, 1}});
        six.push_back({{0, 0, -1}});
        add_arms(points, layers, six);
    }
    return points;
}

// One plane through the origin, spanned by x and `across`; the line along x belongs to the first plane only.
void add_plane(Points& points, Packing packing, int rings, int across, bool with_line) {
    for (int j = -rings; j <= rings; ++j) {
        if (j == 0 && !with_line) continue;
        const bool hexagonal = packing == Packing::hc;
        const int low = hexagonal ? std::max(-rings, -rings - j) : -rings;
        const int high = hexagonal ? std::min(rings, rings - j) : rings;
        for (int i = low; i <= high; ++i) {
            Vec<3> point{{2.0 * i + (hexagonal ? j : 0), 0, 0}};
            point[across] = j * (hexagonal ? std::sqrt(3.0) : 2.0);
            points.push_back(point);
        }
    }
}

Points plane(Configuration configuration, Packing packing, int rings) {
    Points points;
    add_plane(points, packing, rings, 1, true);
    if (configuration != Configuration::plano) add_plane(points, packing, rings, 2, false);
    if (configuration == Configuration::tripleplano) {
        for (int j = -rings; j <= rings; ++j)  // y-z, without the lines that are there already
            for (int k = -rings; k <= rings; ++k)
                if (j != 0 && k != 0) points.push_back({{0, 2.0 * j, 2.0 * k}});
    }
    return points;
}

// Calls act(i, j, k) for all with each |index| <= reach.
template <typename Act>
void for_each_index(int reach, Act&& act) {
    for (int k = -reach; k <= reach; ++k)
        for (int j = -reach; j <= reach; ++j)
            for (int i = -reach; i <= reach; ++i) act(i, j, k);
}

// The face-centred cubic lattice: i + j + k even, neighbours sqrt(2) lattice units apart.
template <typename Inside>
Points face_centred(int reach, Inside&& inside) {
    Points points;
    for_each_index(reach, [&](int i, int j, int k) {
        if ((i + j + k) % 2 == 0 && inside(i, j, k))
            points.push_back(Vec<3>{{double(i), double(j), double(k)}} * std::sqrt(2.0));
    });
    return points;
}

Points cube(int edge) {
    Points points;
    const double middle = edge - 1;
    for (int k = 0; k < edge; ++k)
        for (int j = 0; j < edge; ++j)
            for (int i = 0; i < edge; ++i)
                points.push_back({{2.0 * i - middle, 2.0 * j - middle, 2.0 * k - middle}});
    return points;
}

// Triangles of close-packed rows, each next one over the hollows of the one below.
Points tetrahedron(int edge) {
    Points points;
    for (int k = 0; k < edge; ++k)
        for (int j = 0; j < edge - k; ++j)
            for (int i = 0; i < edge - k - j; ++i)
                points.push_back(
                    {{2.0 * i + j + k, std::sqrt(3.0) * j + k / std::sqrt(3.0), k * std::sqrt(8.0 / 3)}});
    return points;
}

// Squares of n^2, (n-1)^2, … 1 on both sides.
Points octahedron(int edge) {
    Points points;
    for (int k = 1 - edge; k < edge; ++k) {
        const int side = edge - std::abs(k);
        for (int j = 0; j < side; ++j)
            for (int i = 0; i < side; ++i)
                points.push_back({{2.0 * i - (side - 1), 2.0 * j - (side - 1), k * std::sqrt(2.0)}});
    }
    return points;
}

// All lattice points within `layers` sphere diameters of a lattice point.
Points ball(Packing packing, int layers) {
    const double limit = 2.0 * layers * (1 + 1e-9);
    Points points;
    const auto keep = [&](const Vec<3>& point) {
        if (norm(point) <= limit) points.push_back(point);
    };
    if (packing == Packing::ccc)
        for (const Vec<3>& point : face_centred(2 * layers, [](int, int, int) { return true; })) keep(point);
    else
        for_each_index(2 * layers, [&](int i, int j, int k) {
            if (packing == Packing::cs)
                keep({{2.0 * i, 2.0 * j, 2.0 * k}});
            else {
                const bool shifted = k % 2 != 0;  // layers A B A B
                keep({{2.0 * i + j + (shifted ? 1.0 : 0),
                       std::sqrt(3.0) * j + (shifted ? 1 / std::sqrt(3.0) : 0), k * std::sqrt(8.0 / 3)}});
            }
        });
    return points;
}

Points points_of(Configuration configuration, Packing packing, int layers) {
    switch (configuration) {
        case Configuration::plano:
        case Configuration::dobleplano:
        case Configuration::tripleplano:
            return plane(configuration, packing, layers);
        case Configuration::cuboctaedro:
            return face_centred(layers, [&](int i, int j, int k) {
                return std::abs(i) + std::abs(j) + std::abs(k) <= 2 * layers;
            });
        case Configuration::cubo:
            return cube(layers);
        case Configuration::tetraedro:
            return tetrahedron(layers);
        case Configuration::octaedro:
            return octahedron(layers);
        case Configuration::esfera:
            return ball(packing, layers);
        default:
            return chain(configuration, layers);
    }
}

// From the centre of mass outwards, and in a fixed order where the distance is the same.
void sort_outwards(Points& points) {
    Vec<3> centre;
    for (const Vec<3>& point : points) centre += point * (1.0 / static_cast<double>(points.size()));
    for (Vec<3>& point : points) point -= centre;
    const auto key = [](const Vec<3>& point) { return std::round(dot(point, point) * 1e6); };
    std::stable_sort(points.begin(), points.end(),
                     [&](const Vec<3>& one, const Vec<3>& other) { return key(one) < key(other); });
}

void find_parents(std::vector<Particle>& particles, double spacing, Observer& observer) {
    const Neighbours neighbours(particles, observer);
    for (std::size_t i = 1; i < particles.size(); ++i) {
        if ((i & 0x3ff) == 0 && observer.should_stop()) throw Stopped();
        Particle& one = particles[i];
        std::size_t parent = i;
        neighbours.visit(one.x, one.y, one.z, one.radius * (1 + 1e-6), one.radius, [&](std::size_t j) {
            const Particle& other = particles[j];
            const double off = std::hypot(one.x - other.x, one.y - other.y, one.z - other.z);
            if (off < spacing * (1 + 1e-9)) parent = std::min(parent, j);
        });
        one.parent = parent == i ? -1 : static_cast<std::int32_t>(parent);
    }
}

}  // namespace

std::vector<Configuration> configurations() {
    std::vector<Configuration> all;
    for (const Entry& each : table) all.push_back(each.configuration);
    return all;
}

std::string name_of(Configuration configuration) {
    return entry_of(configuration).name;
}

std::string name_of(Packing packing) {
    return packing == Packing::hc ? "HC" : packing == Packing::cs ? "CS" : "CCC";
}

std::string geometry_of(Configuration configuration) {
    return entry_of(configuration).geometry;
}

std::string layers_mean(Configuration configuration) {
    return entry_of(configuration).layers;
}

std::optional<Packing> packing_for(const LimitingCase& wanted) {
    const Entry& entry = entry_of(wanted.configuration);
    if (!wanted.packing) return entry.packing;
    if (!entry.other_packings[static_cast<int>(*wanted.packing)]) return {};
    return wanted.packing;
}

std::size_t count_spheres(Configuration configuration, std::optional<Packing> packing, int layers) {
    const std::size_t n = static_cast<std::size_t>(layers);
    const std::size_t side = 2 * n + 1;
    const bool hexagonal = packing == Packing::hc;
    const std::size_t one_plane = hexagonal ? 1 + 3 * n * (n + 1) : side * side;
    switch (configuration) {
        case Configuration::lineal:
            return n;
        case Configuration::cruz2d:
            return 1 + 4 * n;
        case Configuration::asterisco:
        case Configuration::cruz3d:
            return 1 + 6 * n;
        case Configuration::plano:
            return one_plane;
        case Configuration::dobleplano:
            return 2 * one_plane - side;
        case Configuration::tripleplano:
            return 3 * one_plane - 3 * side + 1;
        case Configuration::cuboctaedro:
            return (10 * n * n * n + 15 * n * n + 11 * n + 3) / 3;
        case Configuration::cubo:
            return n * n * n;
        case Configuration::tetraedro:
            return n * (n + 1) * (n + 2) / 6;
        case Configuration::octaedro:
            return n * (2 * n * n + 1) / 3;
        case Configuration::esfera:
            return 6 * (n + 1) * (n + 1) * (n + 1);
    }
    return 0;
}

Cluster build_limiting_case(const LimitingCase& wanted, Observer& observer) {
    const Packing packing = packing_for(wanted).value_or(Packing::ccc);
    Points points = points_of(wanted.configuration, packing, wanted.layers);
    sort_outwards(points);
    Cluster cluster;
    cluster.particles.reserve(points.size());
    GrowthStatistics<3> statistics(points.size());
    for (const Vec<3>& point : points) {
        const Vec<3> centre = point * wanted.sintering;
        cluster.particles.push_back({centre[0], centre[1], centre[2], 1});
        statistics.add(centre, 1);
    }
    find_parents(cluster.particles, 2 * wanted.sintering, observer);
    cluster.growth = statistics.evolution();
    return cluster;
}

}  // namespace assistd::simulation
