#pragma once
// The vectors of one vector store, in memory, and which of them are nearest to another (cosine, since all
// have length 1). New ones are compared one by one until build() has put them into an HNSW graph (hnswlib),
// so they are found at once. Any thread.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "knowledge/fusion.h"

namespace assistd::knowledge {

using Vector = std::vector<float>;  // of length 1

class VectorIndex {
  public:
    explicit VectorIndex(std::size_t dimensions);
    ~VectorIndex();

    // Their keys are `first`, `first` + 1, …, none of which is there yet.
    void add(Key first, std::span<const Vector> vectors);
    void remove(Key chunk);  // nothing happens when it is not there
    std::size_t size() const;

    using Sees = std::function<bool(Key chunk)>;
    // The nearest that are seen, best first, with their cosines. `seen` is about how many are: when they are
    // few, each of them is compared.
    std::vector<Scored> nearest(const Vector& vector, std::size_t limit, const Sees& sees,
                                std::size_t seen) const;

    // Puts at most so many into the graph; false when there were none left. One thread at a time.
    bool build(std::size_t at_most);
    bool has_to_build() const;

  private:
    struct Data;
    std::unique_ptr<Data> data_;
};

}  // namespace assistd::knowledge
