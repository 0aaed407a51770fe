#include "knowledge/vector_index.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace assistd::knowledge {
namespace {

constexpr std::size_t dimensions = 32;

Vector direction(std::mt19937& random) {
    std::normal_distribution<float> normal;
    Vector vector(dimensions);
    float sum = 0;
    for (float& value : vector) {
        value = normal(random);
        sum += value * value;
    }
    for (float& value : vector) value /= std::sqrt(sum);
    return vector;
}

std::vector<Vector> directions(std::size_t count) {
    std::mt19937 random(3);
    std::vector<Vector> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(direction(random));
    return all;
}

std::vector<Key> nearest_by_hand(const std::vector<Vector>& all, const Vector& to, std::size_t limit,
                                 const VectorIndex::Sees& sees) {
    std::vector<std::pair<double, Key>> scored;
    for (std::size_t i = 0; i < all.size(); ++i) {
        double dot = 0;
        for (std::size_t k = 0; k < dimensions; ++k) dot += static_cast<double>(all[i][k]) * to[k];
        if (sees(static_cast<Key>(i))) scored.emplace_back(-dot, static_cast<Key>(i));
    }
    std::ranges::sort(scored);
    std::vector<Key> keys;
    for (std::size_t i = 0; i < std::min(limit, scored.size()); ++i) keys.push_back(scored[i].second);
    return keys;
}

// What share of the truly nearest ones is found.
double recall(const VectorIndex& index, const std::vector<Vector>& all, const VectorIndex::Sees& sees,
              std::size_t seen) {
    std::mt19937 random(9);
    int hits = 0;
    int wanted = 0;
    for (int query = 0; query < 50; ++query) {
        const Vector vector = direction(random);
        const std::vector<Key> truth = nearest_by_hand(all, vector, 10, sees);
        const std::vector<Scored> found = index.nearest(vector, 10, sees, seen);
        wanted += static_cast<int>(truth.size());
        for (const Scored& one : found) hits += std::ranges::find(truth, one.chunk) != truth.end() ? 1 : 0;
    }
    return static_cast<double>(hits) / wanted;
}

const auto everything = [](Key) { return true; };

TEST(VectorIndex, FindsTheNearestBeforeAndAfterTheGraphIsBuilt) {
    const std::vector<Vector> all = directions(6'000);
    VectorIndex index(dimensions);
    index.add(0, all);
    EXPECT_EQ(recall(index, all, everything, all.size()), 1);
    while (index.build(256)) {}
    EXPECT_FALSE(index.has_to_build());
    EXPECT_EQ(index.size(), all.size());
    EXPECT_GT(recall(index, all, everything, all.size()), 0.9);
}

TEST(VectorIndex, FewThatAreSeenAreAllCompared) {
    const std::vector<Vector> all = directions(6'000);
    VectorIndex index(dimensions);
    index.add(0, all);
    while (index.build(256)) {}
    const auto few = [](Key key) { return key % 100 == 7; };
    EXPECT_EQ(recall(index, all, few, 60), 1);
    // More than it is told, but so few that the walk does not meet enough of them.
    EXPECT_EQ(recall(index, all, few, all.size()), 1);
}

TEST(VectorIndex, WhatWasRemovedIsNotFound) {
    const std::vector<Vector> all = directions(6'000);
    VectorIndex index(dimensions);
    index.add(0, all);
    while (index.build(256)) {}
    for (Key key = 0; key < 5'000; ++key) index.remove(key);
    index.remove(77);
    EXPECT_EQ(index.size(), 1'000u);
    const auto left = [](Key key) { return key >= 5'000; };
    EXPECT_GT(recall(index, all, left, 1'000), 0.9);
    for (const Scored& one : index.nearest(all[3], 10, everything, 1'000)) EXPECT_GE(one.chunk, 5'000);
    EXPECT_TRUE(index.nearest(Vector(dimensions + 1), 10, everything, 1'000).empty());
}

}  // namespace
}  // namespace assistd::knowledge
