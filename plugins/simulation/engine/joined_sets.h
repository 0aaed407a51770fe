#pragma once
// Which set each of many things is in, as sets are joined: a forest of pointers towards the set's name,
// shortened as it is walked (union-find with path halving). One owner.

#include <cstdint>
#include <vector>

namespace assistd::simulation {

class JoinedSets {
  public:
    // Each alone in the set of its own name.
    explicit JoinedSets(std::size_t things) : towards_(things) {
        for (std::size_t i = 0; i < things; ++i) towards_[i] = static_cast<std::int32_t>(i);
    }

    // Both are names of sets.
    void join(std::int32_t gone, std::int32_t kept) { at(gone) = kept; }

    std::int32_t name_of(std::int32_t thing) {
        while (at(thing) != thing) thing = at(thing) = at(at(thing));
        return thing;
    }

    std::size_t bytes() const { return towards_.capacity() * sizeof(std::int32_t); }

  private:
    std::int32_t& at(std::int32_t thing) { return towards_[static_cast<std::size_t>(thing)]; }

    std::vector<std::int32_t> towards_;
};

}  // namespace assistd::simulation
