#pragma once
// Lists that are ordered by the time of the last change, newest first: from rows to a page. Pure functions.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "core/conversation.h"
#include "store/cursor.h"
#include "store/database.h"

namespace assistd::store {

// One page in the list's order, with the key of each row.
template <class T>
struct Listed {
    std::vector<T> items;
    std::vector<std::int64_t> keys;
};

// The key is each row's first column.
template <class T>
Listed<T> collect(Rows rows, T (*item_at)(const Rows&)) {
    Listed<T> listed;
    while (rows.next()) {
        listed.keys.push_back(rows.integer(0));
        listed.items.push_back(item_at(rows));
    }
    return listed;
}

// Of a query for one row more than `limit`: that one tells that there is another page.
template <class T>
core::Page<T> page_of(Listed<T> listed, int limit, std::string_view list) {
    core::Page<T> page;
    page.items = std::move(listed.items);
    if (page.items.size() <= static_cast<std::size_t>(limit)) return page;
    page.items.pop_back();
    const std::size_t last = page.items.size() - 1;
    page.next = make_cursor(list, {to_micros(page.items[last].updated_at), listed.keys[last]});
    return page;
}

}  // namespace assistd::store
