#pragma once
// Geometries whose radius of gyration is known exactly: chains, planes and compact spheres of equal particles
// on a lattice. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

enum class Configuration {
    lineal,
    cruz2d,
    asterisco,
    cruz3d,  // chain: a line; 4, 6 arms in a plane; 6 arms in space
    plano,
    dobleplano,
    tripleplano,  // plane: one, two or three that cross at right angles
    cuboctaedro,
    cubo,
    tetraedro,
    octaedro,
    esfera  // sphere
};
enum class Packing { hc, cs, ccc };  // hexagonal close, simple cubic, face-centred cubic

struct LimitingCase {
    Configuration configuration = Configuration::lineal;
    std::optional<Packing> packing;  // none: the configuration's own
    int layers = 1;
    double sintering = 1;  // distance of neighbours / (2 a)
};

std::vector<Configuration> configurations();  // all there are
std::string name_of(Configuration configuration);
std::string name_of(Packing packing);

// "chain", "plane" or "sphere".
std::string geometry_of(Configuration configuration);
// What `layers` counts, for people: "spheres in the line", "rings", …
std::string layers_mean(Configuration configuration);
// The packing that will be used; none when the configuration cannot have the one that is asked for.
std::optional<Packing> packing_for(const LimitingCase& wanted);
// How many spheres that makes (for Configuration::esfera: an upper bound).
std::size_t count_spheres(Configuration configuration, std::optional<Packing> packing, int layers);

// The spheres, from the centre outwards; each one's parent is the first earlier one that it touches.
// packing_for must have said yes. Throws Stopped.
Cluster build_limiting_case(const LimitingCase& wanted, Observer& observer);

}  // namespace assistd::simulation
