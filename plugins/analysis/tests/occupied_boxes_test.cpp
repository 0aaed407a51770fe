#include "analysis/occupied_boxes.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace assistd::analysis {
namespace {

using Box = std::array<std::int64_t, 3>;

double trimmed(const std::set<Box>& boxes, int dimensions) {
    OccupiedBoxes occupied(dimensions);
    for (const Box& box : boxes) occupied.add(box);
    return occupied.trimmed_count();
}

// Each box by itself, by looking for its neighbours.
double by_neighbours(const std::set<Box>& boxes, int dimensions) {
    double sum = 0;
    for (const Box& box : boxes) {
        double part = 1;
        for (int axis = 0; axis < dimensions; ++axis) {
            Box above = box, below = box;
            ++above[axis], --below[axis];
            if (boxes.contains(above) != boxes.contains(below)) part /= 2;
        }
        sum += part;
    }
    return sum;
}

std::set<Box> block(std::int64_t nx, std::int64_t ny, std::int64_t nz, const Box& at) {
    std::set<Box> boxes;
    for (std::int64_t i = 0; i < nx; ++i)
        for (std::int64_t j = 0; j < ny; ++j)
            for (std::int64_t k = 0; k < nz; ++k) boxes.insert({at[0] + i, at[1] + j, at[2] + k});
    return boxes;
}

TEST(OccupiedBoxes, OfABlockCountWithoutWhatSticksOut) {
    for (const std::int64_t at : {0, 1, 3, 7, 1000, OccupiedBoxes::most_along_axis - 12}) {
        EXPECT_EQ(trimmed(block(12, 1, 1, {at, at, at}), 3), 11);
        EXPECT_EQ(trimmed(block(12, 12, 1, {at, at, at}), 3), 121);
        EXPECT_EQ(trimmed(block(12, 12, 12, {at, at, at}), 3), 1331);
        EXPECT_EQ(trimmed(block(12, 9, 1, {at, at, 0}), 2), 88);
        EXPECT_EQ(trimmed(block(1, 1, 1, {at, at, at}), 3), 1);
    }
    EXPECT_EQ(trimmed({}, 3), 0);
}

TEST(OccupiedBoxes, AreFoundAsByLookingAtEach) {
    std::mt19937 random(4);
    for (const int dimensions : {2, 3})
        for (const int width : {6, 30, 400}) {
            std::uniform_int_distribution<std::int64_t> place(0, width);
            std::set<Box> boxes;
            for (int i = 0; i < 3000; ++i)
                boxes.insert({place(random), place(random), dimensions == 3 ? place(random) : 0});
            EXPECT_DOUBLE_EQ(trimmed(boxes, dimensions), by_neighbours(boxes, dimensions)) << width;
        }
}

TEST(OccupiedBoxes, OfDoubleTheSizeAreThoseThatHoldOne) {
    std::mt19937 random(7);
    for (const int dimensions : {2, 3})
        for (const std::int64_t from :
             {std::int64_t{0}, OccupiedBoxes::most_along_axis - std::int64_t{300}}) {
            std::uniform_int_distribution<std::int64_t> place(from, from + 300);
            std::set<Box> boxes, halves;
            OccupiedBoxes occupied(dimensions);
            for (int i = 0; i < 3000; ++i) {
                const Box box{place(random), place(random), dimensions == 3 ? place(random) : 0};
                boxes.insert(box);
                halves.insert({box[0] / 2, box[1] / 2, box[2] / 2});
                occupied.add(box);
            }
            EXPECT_EQ(occupied.count(), boxes.size());
            EXPECT_EQ(occupied.coarser().count(), halves.size());
            EXPECT_DOUBLE_EQ(occupied.coarser().trimmed_count(), by_neighbours(halves, dimensions));
        }
}

TEST(OccupiedBoxes, AreCountedOnceHoweverOftenTheyAreAdded) {
    OccupiedBoxes occupied(3);
    for (int time = 0; time < 3; ++time)
        for (const Box& box : block(5, 5, 5, {2, 2, 2})) occupied.add(box);
    EXPECT_EQ(occupied.trimmed_count(), 64);
}

}  // namespace
}  // namespace assistd::analysis
