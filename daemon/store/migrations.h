#pragma once
// The numbered steps of the database's schema, as the build embedded them. Constant data.

#include <span>
#include <string_view>

namespace assistd::store {

struct Migration {
    int version;
    std::string_view name;  // "0001_initial"
    std::string_view sql;
};

std::span<const Migration> all_migrations();  // from version 1, without gaps

}  // namespace assistd::store
