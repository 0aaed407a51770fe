#pragma once
// Statements about what one owner has, or everybody: the condition stands between the two halves, and the
// owner is ?1 in both. Literals, since prepared statements are kept by them.

#include <string>

#define OF_OWNER_OR_ALL(everybody, before, after) \
    ((everybody) ? before "?1 IS NOT NULL" after : before "owner = ?1" after)

namespace assistd::store {

// For the list that a cursor belongs to. No user has an empty name.
inline std::string whose(bool everybody, const std::string& owner) {
    return everybody ? std::string() : owner;
}

}  // namespace assistd::store
