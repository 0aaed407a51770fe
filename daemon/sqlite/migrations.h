#pragma once
// A numbered step of a database's schema. The build embeds a folder's steps (assistd_migrations in
// CMakeLists.txt). Constant data.

#include <string_view>

namespace assistd::sqlite {

struct Migration {
    int version;            // from 1, without gaps
    std::string_view name;  // "0001_initial"
    std::string_view sql;
};

}  // namespace assistd::sqlite
