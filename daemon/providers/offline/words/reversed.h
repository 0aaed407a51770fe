#pragma once
// The last first, in a range-based for. Any thread.

namespace assistd::providers::offline {

// A view of the container, used while it lasts.
template <class Container>
class Reversed {
  public:
    explicit Reversed(const Container& container) : container_(container) {}
    auto begin() const { return container_.rbegin(); }
    auto end() const { return container_.rend(); }

  private:
    const Container& container_;
};

}  // namespace assistd::providers::offline
