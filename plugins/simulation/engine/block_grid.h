#pragma once
// A sparse grid: a dense table of blocks, each block 64 cells (8 x 8 or 4 x 4 x 4) that lie together in
// memory, made when one of its cells is first written. Block 0 holds the value of all cells that were never
// written, so reading needs no branch. Cells are counted from 0 on each axis. Belongs to one owner, one
// thread.

#include <array>
#include <cstdint>

#include "engine/plain_array.h"

namespace assistd::simulation {

template <int D>
using Cell = std::array<int, D>;

template <int D, typename T>
class BlockGrid {
  public:
    static constexpr int block_bits = D == 2 ? 3 : 2;
    static constexpr int block_side = 1 << block_bits;
    static constexpr int block_cells = 64;
    struct Block {
        alignas(block_cells * sizeof(T) < 64 ? block_cells * sizeof(T) : 64) T cell[block_cells];
    };

    // `side` cells on each axis.
    void reset(int side, const T& unwritten) {
        table_side_ = static_cast<std::size_t>((side + block_side - 1) >> block_bits);
        table_.assign_zero(D == 2 ? table_side_ * table_side_ : table_side_ * table_side_ * table_side_);
        blocks_.release();
        Block empty;
        for (T& cell : empty.cell) cell = unwritten;
        blocks_.push_back(empty);
    }

    const T& read(const Cell<D>& cell) const {
        return blocks_[table_[table_index(cell)]].cell[cell_index(cell)];
    }
    T& write(const Cell<D>& cell) { return block(cell).cell[cell_index(cell)]; }

    // The block that holds this cell, made when there is none. Valid until the next one is made.
    Block& block(const Cell<D>& cell) { return blocks_[block_number(cell)]; }
    // Counted from 1 in the order in which they were made.
    std::uint32_t block_number(const Cell<D>& cell) {
        std::uint32_t& entry = table_[table_index(cell)];
        if (entry == 0) {
            entry = static_cast<std::uint32_t>(blocks_.size());
            blocks_.push_back(blocks_[0]);
        }
        return entry;
    }

    // Where in its block a cell lies, 0..63.
    static std::size_t cell_index(const Cell<D>& cell) {
        std::size_t index = 0;
        for (int axis = D - 1; axis >= 0; --axis)
            index = index << block_bits | static_cast<std::size_t>(cell[axis] & (block_side - 1));
        return index;
    }

    std::size_t bytes() const { return table_.bytes() + blocks_.bytes(); }

  private:
    std::size_t table_index(const Cell<D>& cell) const {
        std::size_t index = 0;
        for (int axis = D - 1; axis >= 0; --axis)
            index = index * table_side_ + static_cast<std::size_t>(cell[axis] >> block_bits);
        return index;
    }

    std::size_t table_side_ = 0;
    PlainArray<std::uint32_t> table_;
    PlainArray<Block> blocks_;
};

}  // namespace assistd::simulation
