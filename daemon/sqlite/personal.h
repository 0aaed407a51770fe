#pragma once
// Which tables hold what of whom, and their rows for people to read. Constant data, and functions over a
// connection for the thread that has it.

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "sqlite/database.h"

namespace assistd::sqlite {

// A table that holds something of users.
struct PersonalTable {
    std::string_view name;
    const char* rows;            // the query of all that is one user's, whose name is ?1; in order
    std::string_view id_prefix;  // of the column "id", as the API writes it; empty: it has none
};

// One that does not, and why its rows are nobody's.
struct OtherTable {
    std::string_view name;
    std::string_view reason;
};

// Calls `row` with each row of the query as a JSON object of its columns: ids as the API writes them, times
// as it writes them (null for those that have not come), JSON as JSON.
void each_personal_row(Database& db, const PersonalTable& table, const std::string& user,
                       const std::function<void(const nlohmann::ordered_json& row)>& row);
std::int64_t count_personal_rows(Database& db, const PersonalTable& table, const std::string& user);

}  // namespace assistd::sqlite
