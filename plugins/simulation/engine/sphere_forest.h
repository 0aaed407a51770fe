#pragma once
// Rigid clusters of spheres as bounding-sphere trees, and the exact first contact of two of them on a
// straight path. The leaves 0 .. N-1 are the spheres, the N - 1 other nodes are made as clusters are joined,
// so a merge makes no new search structure. The nodes of one cluster share a frame, which the caller places
// in space. Belongs to one run, one thread.
//
// Two trees are compared pair of nodes by pair of nodes (S. Quinlan, IEEE Int. Conf. Robotics and Automation
// (1994) 3324): a pair whose bounding spheres do not meet on the path before the best contact so far is left
// out with all that is below it.

#include <cstdint>
#include <vector>

#include "engine/observer.h"
#include "engine/plain_array.h"
#include "engine/rotation.h"
#include "engine/straight_path.h"

namespace assistd::simulation {

// Two spheres that touch after the moving cluster has gone this far.
struct Contact {
    double path = never;
    std::int32_t moving = -1;
    std::int32_t resting = -1;
    bool found() const { return moving >= 0; }
};

template <int D>
class SphereForest {
  public:
    struct Node {
        Vec<D> centre;
        double radius = 0;
        std::int32_t left = -1;   // -1: a leaf, a sphere
        std::int32_t right = -1;  // of a free node: the next free one
    };

    // Polled by all that takes long; must outlive the forest.
    explicit SphereForest(Observer& observer) : observer_(observer) {}

    // All spheres are added before the first two are joined.
    std::int32_t add(const Vec<D>& centre, double radius);
    void reserve(std::size_t spheres) { nodes_.reserve(2 * spheres); }

    const Node& operator[](std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)]; }
    std::size_t spheres() const { return spheres_; }

    // Puts the cluster `small`, already in the frame of `large`, into its tree near to where it lies. Returns
    // the root of both. Small ones first: the cost is that of a path down the larger one's tree.
    std::int32_t join(std::int32_t large, std::int32_t small);
    // Makes a cluster's tree anew, tight and balanced. Returns its root. Throws Stopped.
    std::int32_t rebuild(std::int32_t root);

    void translate(std::int32_t root, const Vec<D>& shift);
    // Around the frame's origin.
    void rotate(std::int32_t root, const Rotation<D>& rotation);

    // The first contact when the cluster `moving`, whose frame lies at `offset` in that of `resting`, goes
    // along the unit vector `direction`, at most `limit` far. Spheres i and j touch at factor * (their
    // radii's sum). Throws Stopped.
    Contact first_contact(std::int32_t moving, std::int32_t resting, const Vec<D>& offset,
                          const Vec<D>& direction, double factor, double limit);

    // Whether any of their spheres are nearer than they may be, the moving one turned around its frame's
    // origin before. Only what is looked at is turned.
    bool overlap(std::int32_t moving, std::int32_t resting, const Rotation<D>& turn, const Vec<D>& offset,
                 double factor);

    // Pairs of nodes compared so far: the measure of the work.
    std::uint64_t work() const { return work_; }
    std::size_t bytes() const { return nodes_.bytes(); }

    // Calls visit(leaf) for each sphere of a cluster.
    template <typename Visit>
    void visit_spheres(std::int32_t root, Visit&& visit) const {
        std::vector<std::int32_t> open{root};
        while (!open.empty()) {
            const std::int32_t at = open.back();
            open.pop_back();
            const Node& node = (*this)[at];
            if (node.left < 0) {
                visit(at);
                continue;
            }
            open.push_back(node.right);
            open.push_back(node.left);
        }
    }

  private:
    Node& at(std::int32_t node) { return nodes_[static_cast<std::size_t>(node)]; }
    std::int32_t make(std::int32_t left, std::int32_t right);
    void enclose(Node& node, const Node& one, const Node& other) const;
    std::int32_t build(std::int32_t* first, std::int32_t* last);
    void poll();

    template <typename Act>
    void for_each_node(std::int32_t root, Act&& act);

    Observer& observer_;
    PlainArray<Node> nodes_;
    std::size_t spheres_ = 0;
    std::int32_t free_ = -1;
    std::uint64_t work_ = 0;
    std::uint64_t polled_at_ = 0;
    struct Pair {
        std::int32_t moving = -1;
        std::int32_t resting = -1;
        double path = 0;
    };
    std::vector<Pair> pairs_;
    std::vector<std::int32_t> leaves_;
    std::vector<std::int32_t> open_;
};

}  // namespace assistd::simulation
