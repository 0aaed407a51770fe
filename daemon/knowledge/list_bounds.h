#pragma once
// Parts of lists that are ordered by a time and, among equal times, by a number: from what is asked for to
// what a query goes by. Pure functions.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.h"
#include "core/listing.h"

namespace assistd::knowledge {

struct Place {
    std::int64_t time = 0;
    std::int64_t number = 0;

    static constexpr Place lowest() { return {std::numeric_limits<std::int64_t>::min(), 0}; }
    static constexpr Place highest() { return {std::numeric_limits<std::int64_t>::max(), 0}; }
};

// Rows above `low` and below `high`, both exclusive, are walked through in this direction.
struct Bounds {
    Place low = Place::lowest();
    Place high = Place::highest();
    bool ascending = false;
    bool turned_round = false;  // they are walked through from the end of the range, and have to be turned
};

// What is right before `before` is a page like any other, found backwards. `place_of` throws for an id that
// is not in the list.
template <class Id, class PlaceOf>
Bounds bounds_of(const core::ListRange<Id>& range, PlaceOf place_of) {
    Bounds bounds;
    const bool oldest_first = range.order == core::Order::ascending;
    bounds.turned_round = range.before.has_value() && !range.after.has_value();
    bounds.ascending = oldest_first != bounds.turned_round;
    if (range.after) (oldest_first ? bounds.low : bounds.high) = place_of(*range.after, "after");
    if (range.before) (oldest_first ? bounds.high : bounds.low) = place_of(*range.before, "before");
    return bounds;
}

// Of rows that were asked for with one more than the limit.
template <class T>
core::Slice<T> slice_of(std::vector<T> rows, int limit, const Bounds& bounds) {
    core::Slice<T> slice;
    slice.has_more = rows.size() > static_cast<std::size_t>(limit);
    if (slice.has_more) rows.resize(static_cast<std::size_t>(limit));
    if (bounds.turned_round) std::reverse(rows.begin(), rows.end());
    slice.items = std::move(rows);
    return slice;
}

[[noreturn]] inline void refuse_place(const char* field) {
    const std::string sentence =
        std::string(field) + " must be the id of something in this list; it names nothing there.";
    throw Error(ErrorCode::validation, sentence, {{field, sentence}});
}

}  // namespace assistd::knowledge
