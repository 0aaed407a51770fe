#include "knowledge/vector_index.h"

// hnswlib's headers may be included in one file of a program only.
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <span>

#include "knowledge/dot_product.h"

namespace assistd::knowledge {
namespace {

// Fewer are compared one by one for good.
constexpr std::size_t worth_a_graph = 2'000;
// The usual values: neighbours of each vector, and how many candidates are kept while it is put in and while
// the nearest are looked for.
constexpr std::size_t neighbours = 16;
constexpr std::size_t candidates_building = 100;
constexpr std::size_t candidates_searching = 96;
constexpr std::size_t first_capacity = 4'096;
// Put in while searches wait.
constexpr std::size_t built_together = 4;
// When fewer than this share are seen, a walk through the graph would meet mostly others.
constexpr std::size_t seen_one_in = 10;

bool is_better(const Scored& left, const Scored& right) {
    if (left.score != right.score) return left.score > right.score;
    return left.chunk < right.chunk;
}

// 1 less the dot product, as hnswlib's own space, which is as narrow as the processors that the program is
// built for.
class UnitVectors : public hnswlib::SpaceInterface<float> {
  public:
    explicit UnitVectors(std::size_t dimensions) : dimensions_(dimensions), narrow_(dimensions) {}

    float distance(const float* left, const float* right) {
        return get_dist_func()(left, right, get_dist_func_param());
    }
    std::size_t get_data_size() override { return narrow_.get_data_size(); }
    void* get_dist_func_param() override { return wide_ ? this : narrow_.get_dist_func_param(); }
    hnswlib::DISTFUNC<float> get_dist_func() override { return wide_ ? wide : narrow_.get_dist_func(); }

  private:
    static float wide(const void* left, const void* right, const void* self) {
        const auto& space = *static_cast<const UnitVectors*>(self);
        return 1.0f - space.wide_(static_cast<const float*>(left), static_cast<const float*>(right),
                                  space.dimensions_);
    }

    const std::size_t dimensions_;
    const DotProduct wide_ = wide_dot_product();
    hnswlib::InnerProductSpace narrow_;
};

}  // namespace

struct VectorIndex::Data {
    using Graph = hnswlib::HierarchicalNSW<float>;

    explicit Data(std::size_t dimensions_) : dimensions(dimensions_), space(dimensions_) {}

    double cosine(const float* left, const float* right) {
        return 1.0 - static_cast<double>(space.distance(left, right));
    }
    std::size_t in_graph() const { return graph ? graph->cur_element_count - graph->num_deleted_ : 0; }
    float* pending_at(std::size_t i) { return pending.data() + i * dimensions; }

    void drop_last_pending() {
        pending.resize(pending.size() - dimensions);
        pending_keys.pop_back();
    }
    void remove_pending(std::size_t i) {
        const std::size_t last = pending_keys.size() - 1;
        if (i != last) {
            std::copy_n(pending_at(last), dimensions, pending_at(i));
            pending_keys[i] = pending_keys[last];
        }
        drop_last_pending();
    }
    void put_into_graph(Key chunk, const float* vector) {
        if (!graph) graph = std::make_unique<Graph>(&space, first_capacity, neighbours, candidates_building);
        if (graph->cur_element_count == graph->max_elements_) graph->resizeIndex(2 * graph->max_elements_);
        graph->addPoint(vector, static_cast<hnswlib::labeltype>(chunk));
    }
    bool remove_from_graph(Key chunk) {
        if (!graph) return false;
        const auto found = graph->label_lookup_.find(static_cast<hnswlib::labeltype>(chunk));
        if (found == graph->label_lookup_.end()) return false;
        if (!graph->isMarkedDeleted(found->second)) graph->markDelete(found->first);
        return true;
    }
    // A graph that is mostly of what was removed is made anew of the rest.
    void dissolve_worn_graph() {
        if (!graph || graph->num_deleted_ <= in_graph() + worth_a_graph) return;
        for (std::size_t i = 0; i < graph->cur_element_count; ++i) {
            const auto place = static_cast<hnswlib::tableint>(i);
            if (graph->isMarkedDeleted(place)) continue;
            const auto* vector = reinterpret_cast<const float*>(graph->getDataByInternalId(place));
            pending.insert(pending.end(), vector, vector + dimensions);
            pending_keys.push_back(static_cast<Key>(graph->getExternalLabel(place)));
        }
        graph.reset();
    }

    void compare_pending(const float* vector, const Sees& sees, std::vector<Scored>& found) {
        for (std::size_t i = 0; i < pending_keys.size(); ++i)
            if (sees(pending_keys[i])) found.push_back({pending_keys[i], cosine(vector, pending_at(i))});
    }
    void compare_all_of_graph(const float* vector, const Sees& sees, std::vector<Scored>& found) {
        for (std::size_t i = 0; i < graph->cur_element_count; ++i) {
            const auto place = static_cast<hnswlib::tableint>(i);
            const Key chunk = static_cast<Key>(graph->getExternalLabel(place));
            if (graph->isMarkedDeleted(place) || !sees(chunk)) continue;
            found.push_back(
                {chunk, cosine(vector, reinterpret_cast<const float*>(graph->getDataByInternalId(place)))});
        }
    }
    // False when too few of what it met are seen.
    bool walk_graph(const float* vector, const Sees& sees, std::size_t limit, std::vector<Scored>& found) {
        const std::size_t before = found.size();
        auto nearest = graph->searchKnn(vector, std::max(limit, candidates_searching));
        for (; !nearest.empty(); nearest.pop()) {
            const Key chunk = static_cast<Key>(nearest.top().second);
            if (sees(chunk)) found.push_back({chunk, 1.0 - static_cast<double>(nearest.top().first)});
        }
        return found.size() - before >= std::min(limit, in_graph());
    }

    const std::size_t dimensions;
    UnitVectors space;
    mutable std::shared_mutex mutex;
    std::vector<float> pending;  // not in the graph
    std::vector<Key> pending_keys;
    std::unique_ptr<Graph> graph;
};

VectorIndex::VectorIndex(std::size_t dimensions) : data_(std::make_unique<Data>(dimensions)) {}

VectorIndex::~VectorIndex() = default;

void VectorIndex::add(Key first, std::span<const Vector> vectors) {
    const std::unique_lock lock(data_->mutex);
    for (const Vector& vector : vectors) {
        data_->pending.insert(data_->pending.end(), vector.begin(), vector.end());
        data_->pending_keys.push_back(first++);
    }
}

void VectorIndex::remove(Key chunk) {
    const std::unique_lock lock(data_->mutex);
    if (data_->remove_from_graph(chunk)) return data_->dissolve_worn_graph();
    const auto found = std::ranges::find(data_->pending_keys, chunk);
    if (found != data_->pending_keys.end())
        data_->remove_pending(static_cast<std::size_t>(found - data_->pending_keys.begin()));
}

std::size_t VectorIndex::size() const {
    const std::shared_lock lock(data_->mutex);
    return data_->in_graph() + data_->pending_keys.size();
}

std::vector<Scored> VectorIndex::nearest(const Vector& vector, std::size_t limit, const Sees& sees,
                                         std::size_t seen) const {
    std::vector<Scored> found;
    if (vector.size() != data_->dimensions) return found;
    const std::shared_lock lock(data_->mutex);
    if (data_->graph) {
        const bool few = seen * seen_one_in < data_->in_graph();
        if (few || !data_->walk_graph(vector.data(), sees, limit, found)) {
            found.clear();
            data_->compare_all_of_graph(vector.data(), sees, found);
        }
    }
    data_->compare_pending(vector.data(), sees, found);
    const auto middle = found.begin() + static_cast<std::ptrdiff_t>(std::min(limit, found.size()));
    std::partial_sort(found.begin(), middle, found.end(), is_better);
    found.erase(middle, found.end());
    return found;
}

bool VectorIndex::build(std::size_t at_most) {
    for (std::size_t built = 0; built < at_most; built += built_together) {
        const std::unique_lock lock(data_->mutex);
        if (!data_->graph && data_->pending_keys.size() < worth_a_graph) return false;
        for (std::size_t i = 0; i < built_together; ++i) {
            if (data_->pending_keys.empty()) return false;
            const std::size_t last = data_->pending_keys.size() - 1;
            data_->put_into_graph(data_->pending_keys[last], data_->pending_at(last));
            data_->drop_last_pending();
        }
    }
    return true;
}

bool VectorIndex::has_to_build() const {
    const std::shared_lock lock(data_->mutex);
    return data_->graph ? !data_->pending_keys.empty() : data_->pending_keys.size() >= worth_a_graph;
}

}  // namespace assistd::knowledge
