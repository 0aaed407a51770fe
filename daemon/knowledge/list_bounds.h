#pragma once
// Parts of lists that are ordered by a time and, among equal times, by a number: from what is asked for to
// what a query goes by. Pure functions.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/knowledge.h"

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
    bool turned_round = false;  // they are walked through from the end of the part, and have to be turned
};

// What is right before `before` is a page like any other, found backwards. `place_of` throws for an id that
// is not in the list.
template <class Id, class PlaceOf>
Bounds bounds_of(const core::ListPart<Id>& part, PlaceOf place_of) {
    Bounds bounds;
    bounds.turned_round = part.before.has_value() && !part.after.has_value();
    bounds.ascending = part.oldest_first != bounds.turned_round;
    if (part.after) (part.oldest_first ? bounds.low : bounds.high) = place_of(*part.after);
    if (part.before) (part.oldest_first ? bounds.high : bounds.low) = place_of(*part.before);
    return bounds;
}

// Of rows that were asked for with one more than the limit.
template <class T>
core::Listing<T> listing_of(std::vector<T> rows, int limit, const Bounds& bounds) {
    core::Listing<T> listing;
    listing.has_more = rows.size() > static_cast<std::size_t>(limit);
    if (listing.has_more) rows.resize(static_cast<std::size_t>(limit));
    if (bounds.turned_round) std::reverse(rows.begin(), rows.end());
    listing.items = std::move(rows);
    return listing;
}

}  // namespace assistd::knowledge
