#pragma once
// Joins two clusters at a given distance of their centres of mass, in one contact and without overlap, as
// FracVAL (Moran et al. 2019) does: a pair of spheres that can meet at that distance is drawn, both clusters
// are turned until the two touch, and one cluster is turned about the axis through its centre of mass and the
// contact's sphere until nothing overlaps. Where FracVAL tries 360 angles, the arcs that each pair of spheres
// blocks are computed here, so that a free angle is found whenever there is one. Belongs to one run, one
// thread.

#include <cstddef>
#include <vector>

#include "algorithms/tunable_body.h"
#include "engine/frame.h"
#include "engine/free_arcs.h"
#include "engine/observer.h"
#include "engine/random.h"

namespace assistd::simulation {

class TunableMerge {
  public:
    TunableMerge(double sintering, Random& random, Observer& observer)
        : sintering_(sintering), random_(random), observer_(observer) {}

    // Adds `other` to `one`, whose indices stay, after at most `tries` pairs. Without success `one` is
    // unchanged. Throws Stopped.
    Hindrance join(Body& one, const Body& other, double gamma, int tries);
    // Spheres looked at so far: the measure of the work.
    double work() const { return work_; }

  private:
    struct Contact {
        std::size_t first = 0;   // the sphere of `one`
        std::size_t second = 0;  // the sphere of `other`
        Vec<3> centre;           // of `other`, as `one` counts
        Frame frame;             // its axis points from there to the second sphere
    };
    // A sphere of the cluster that turns, about the axis.
    struct Turning {
        double along = 0;
        double across = 0;
        double x = 0;
        double y = 0;
        double radius = 0;
    };

    void prepare(const Body& one, const Body& other, double gamma);
    bool draw_contact(const Body& one, const Body& other, double gamma, Contact& contact);
    bool second_is_free(const Body& one, const Body& other, const Contact& contact,
                        const Vec<3>& place) const;
    void sort_turning(const Body& other, const Contact& contact);
    bool block_arcs(const Body& one, const Contact& contact);
    bool block_against(const Turning& fixed);
    static void append(Body& one, const Body& other, const Contact& contact, double angle, const Frame& own);

    double sintering_;
    Random& random_;
    Observer& observer_;
    double work_ = 0;

    std::vector<double> first_off_;          // distances from the centre of mass, of `one`
    std::vector<double> second_off_;         // of `other`, ascending
    std::vector<std::size_t> second_order_;  // whose they are
    std::vector<std::size_t> candidates_;    // the spheres of `one` that may meet one of `other`
    double largest_first_ = 0;               // radii
    double largest_second_ = 0;
    double extent_ = 0;  // of `other`

    Frame own_;                     // of the contact's second sphere, as `other` counts
    std::vector<Turning> turning_;  // by cell
    std::vector<std::uint32_t> cell_begin_;
    double cell_ = 1;
    int cells_along_ = 0;
    int cells_across_ = 0;
    FreeArcs arcs_;
};

}  // namespace assistd::simulation
