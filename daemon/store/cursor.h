#pragma once
// The opaque text between two pages of a list: a place in its order, and a check that the text came from this
// very list. The check is no secret: every query names its owner anyway. Pure functions, any thread.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace assistd::store {

// Where a page ended: the time (or sequence) it is ordered by, and the key that orders equal times.
struct Place {
    std::int64_t order = 0;
    std::int64_t key = 0;

    static constexpr Place last() {
        return {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()};
    }
};

// `list` names the list and its filters: a cursor of one list is none in another.
std::string make_cursor(std::string_view list, Place place);
// Throws Error{validation} for a text that is no cursor of this list.
Place read_cursor(std::string_view list, std::string_view cursor);

// Throws Error{validation} for a limit that is below 1.
void check_limit(int limit);

}  // namespace assistd::store
