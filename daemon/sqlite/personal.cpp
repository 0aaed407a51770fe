#include "sqlite/personal.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace assistd::sqlite {
namespace {

using Json = nlohmann::ordered_json;
using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

// Ids of other things, by the column that has them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> id_columns = {
    {{"conversation", "conv_"},
     {"turn", "turn_"},
     {"upto_turn", "turn_"},
     {"user_message", "msg_"},
     {"job", "job_"},
     {"artifact", "art_"},
     {"file", "art_"},
     {"study_id", "study_"},
     {"store_id", "vs_"}}};

constexpr std::array<std::string_view, 19> json_columns = {
    "blocks",    "metadata", "arguments",       "result",          "parameters", "parents", "tools",
    "options",   "facts",    "tool_resources",  "response_format", "citations",  "pieces",  "attachments",
    "artifacts", "metrics",  "base_parameters", "parameter_grid",  "attributes"};

bool is_time(std::string_view column) {
    return column == "at" || column.ends_with("_at");
}

Json of_text(std::string_view column, std::string_view text) {
    if (std::ranges::find(json_columns, column) != json_columns.end()) {
        Json json = Json::parse(text, nullptr, false);
        if (!json.is_discarded()) return json;
    }
    return std::string(text);
}

Json of_bytes(std::string_view column, std::string_view bytes, std::string_view id_prefix) {
    std::string hex;
    for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    if (column == "id") return std::string(id_prefix) + hex;
    const auto* known = std::ranges::find(id_columns, column, [](const auto& one) { return one.first; });
    return known == id_columns.end() ? hex : std::string(known->second) + hex;
}

Json value_of(sqlite3_stmt* row, int column, std::string_view id_prefix) {
    const std::string_view name = sqlite3_column_name(row, column);
    switch (sqlite3_column_type(row, column)) {
        case SQLITE_INTEGER: {
            const std::int64_t value = sqlite3_column_int64(row, column);
            if (!is_time(name)) return value;
            return value == 0 ? Json() : Json(to_iso8601(from_micros(value)));
        }
        case SQLITE_FLOAT:
            return sqlite3_column_double(row, column);
        case SQLITE_TEXT:
            return of_text(name, {reinterpret_cast<const char*>(sqlite3_column_text(row, column)),
                                  static_cast<std::size_t>(sqlite3_column_bytes(row, column))});
        case SQLITE_BLOB:
            return of_bytes(name,
                            {static_cast<const char*>(sqlite3_column_blob(row, column)),
                             static_cast<std::size_t>(sqlite3_column_bytes(row, column))},
                            id_prefix);
        default:
            return Json();
    }
}

Statement prepared(Database& db, const std::string& query, const std::string& user) {
    sqlite3_stmt* made = nullptr;
    int code = sqlite3_prepare_v2(db.handle(), query.c_str(), -1, &made, nullptr);
    Statement statement(made, sqlite3_finalize);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text64(made, 1, user.data(), user.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) throw_database_error(db.handle(), code);
    return statement;
}

}  // namespace

void each_personal_row(Database& db, const PersonalTable& table, const std::string& user,
                       const std::function<void(const Json& row)>& row) {
    const Statement statement = prepared(db, table.rows, user);
    Rows rows(statement.get());
    while (rows.next()) {
        Json json = Json::object();
        // The small integers of `key` are the database's own.
        for (int column = 0; column < sqlite3_column_count(statement.get()); ++column) {
            const std::string name = sqlite3_column_name(statement.get(), column);
            if (name != "key") json[name] = value_of(statement.get(), column, table.id_prefix);
        }
        row(json);
    }
}

std::int64_t count_personal_rows(Database& db, const PersonalTable& table, const std::string& user) {
    const Statement statement = prepared(db, fmt::format("SELECT count(*) FROM ({})", table.rows), user);
    Rows rows(statement.get());
    rows.next();
    return rows.integer(0);
}

}  // namespace assistd::sqlite
