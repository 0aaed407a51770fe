#pragma once
// Lists that are paged by ids (core/listing.h): from what is asked for to a range of places, and from rows
// back to a slice. Pure functions.

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/id_time.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/listing.h"
#include "store/cursor.h"
#include "store/database.h"

namespace assistd::store {

// Ids rise with time. So who deletes what is listed while the list is paged, and names what is gone now, is
// taken to mean the place right behind what was made before it: `before` is that one's place, if any.
inline Place place_behind(const std::optional<Place>& before) {
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    return before ? Place{before->order, before->key + 1} : Place{least, least};
}

// The rows between two places, neither of them included, from one end or the other.
struct Window {
    Place above{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::min()};
    Place below = Place::last();
    bool from_above = false;  // the last rows first
    bool turned = false;      // the rows come in the order that is the reverse of the list's
};

// `place_of(id)` is where an id stands, or nothing when it is not in the list.
template <class IdType, class PlaceOf>
Window window_of(const core::ListRange<IdType>& range, const PlaceOf& place_of) {
    const auto place = [&](const IdType& id, const char* field) -> Place {
        const std::optional<Place> found = place_of(id);
        if (found) return *found;
        const std::string sentence = std::string(field) + " names nothing that is in this list.";
        throw Error(ErrorCode::validation, sentence, {{field, sentence}});
    };
    Window window;
    const bool descending = range.order == core::Order::descending;
    if (range.after) (descending ? window.below : window.above) = place(*range.after, "after");
    if (range.before) (descending ? window.above : window.below) = place(*range.before, "before");
    // Those closest to `before`.
    window.turned = range.before && !range.after;
    window.from_above = descending != window.turned;
    return window;
}

// Of rows for one item more than `limit`, which tells that there is more.
template <class T>
core::Slice<T> slice_of(std::vector<T> items, int limit, const Window& window) {
    core::Slice<T> slice;
    slice.has_more = items.size() > static_cast<std::size_t>(limit);
    if (slice.has_more) items.pop_back();
    if (window.turned) std::reverse(items.begin(), items.end());
    slice.items = std::move(items);
    return slice;
}

}  // namespace assistd::store
