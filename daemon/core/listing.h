#pragma once
// Lists that are paged by the ids of what is in them, forwards and backwards, as the OpenAI doors have them.
// Their order is that of creation; what was created in the same moment is kept apart by a sequence, so pages
// neither repeat nor skip. Values.

#include <optional>
#include <vector>

namespace assistd::core {

enum class Order { ascending, descending };

// `after` and `before` are exclusive and refer to the list's order. With only `before`, the items closest to
// it are meant. Whoever lists throws Error{validation} that names the field ("after", "before") of an id that
// is not in the list.
template <class IdType>
struct ListRange {
    Order order = Order::descending;
    std::optional<IdType> after;
    std::optional<IdType> before;
    int limit = 20;
};

// `has_more`: further on in the direction that was asked for.
template <class T>
struct Slice {
    std::vector<T> items;
    bool has_more = false;
};

}  // namespace assistd::core
