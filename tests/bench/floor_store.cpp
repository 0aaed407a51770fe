#include "floor_store.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

namespace assistd::bench {
namespace {

constexpr const char* schema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
CREATE TABLE conversations (id INTEGER PRIMARY KEY, title TEXT, updated_at INTEGER, messages INTEGER, preview TEXT) STRICT;
CREATE INDEX conversations_by_update ON conversations (updated_at);
CREATE TABLE turns (id BLOB PRIMARY KEY, conversation INTEGER REFERENCES conversations (id), state TEXT,
                    created_at INTEGER, finished_at INTEGER) STRICT;
CREATE INDEX turns_running ON turns (state) WHERE state = 'running';
CREATE TABLE messages (key INTEGER PRIMARY KEY, id BLOB UNIQUE, conversation INTEGER REFERENCES conversations (id),
                       turn BLOB REFERENCES turns (id), role TEXT, blocks TEXT, created_at INTEGER) STRICT;
CREATE INDEX messages_by_conversation ON messages (conversation, key);
CREATE TABLE tool_calls (turn BLOB REFERENCES turns (id), call_id TEXT, arguments TEXT, finished_at INTEGER,
                         PRIMARY KEY (turn, call_id)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE message_search USING fts5 (text, content = '', columnsize = 0);
)";

// Sixteen bytes that grow like the ids of the daemon do.
std::array<char, 16> id_of(std::int64_t number) {
    std::array<char, 16> id{};
    for (std::size_t i = 0; i < 8; ++i) id[7 - i] = static_cast<char>(number >> (8 * i));
    return id;
}

void bind_id(sqlite3_stmt* statement, int place, std::int64_t number) {
    const auto id = id_of(number);
    sqlite3_bind_blob(statement, place, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
}

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
    sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace

FloorStore::FloorStore(const std::filesystem::path& file, int conversations)
    : turn_of_(static_cast<std::size_t>(conversations)) {
    if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK)
        throw std::runtime_error("The floor's database did not open.");
    char* error = nullptr;
    if (sqlite3_exec(database_, schema, nullptr, nullptr, &error) != SQLITE_OK)
        throw std::runtime_error(error);
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    add_turn_ = prepare("INSERT INTO turns VALUES (?, ?, 'running', unixepoch(), 0)");
    end_turn_ = prepare("UPDATE turns SET state = 'completed', finished_at = unixepoch() WHERE id = ?");
    add_message_ = prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, unixepoch())");
    add_text_ = prepare("INSERT INTO message_search (rowid, text) VALUES (?, ?)");
    touch_ =
        prepare("UPDATE conversations SET updated_at = ?, messages = messages + 1, preview = ? WHERE id = ?");
    add_call_ = prepare("INSERT INTO tool_calls VALUES (?, 'call_bench', ?, 0)");
    end_call_ =
        prepare("UPDATE tool_calls SET finished_at = unixepoch() WHERE turn = ? AND call_id = 'call_bench'");
    begin();
    for (int i = 0; i < conversations; ++i) {
        const std::string sql = fmt::format("INSERT INTO conversations VALUES ({}, '', 0, 0, '')", i);
        sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    }
    commit();
}

FloorStore::~FloorStore() {
    for (sqlite3_stmt* statement :
         {begin_, commit_, add_turn_, end_turn_, add_message_, add_text_, touch_, add_call_, end_call_}) {
        sqlite3_finalize(statement);
    }
    sqlite3_close(database_);
}

sqlite3_stmt* FloorStore::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(database_));
    }
    return statement;
}

void FloorStore::step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database_));
    sqlite3_reset(statement);
}

void FloorStore::begin() {
    step(begin_);
}

void FloorStore::commit() {
    step(commit_);
}

void FloorStore::begin_turn(int conversation, std::string_view user_text) {
    const std::int64_t turn = turn_of_[static_cast<std::size_t>(conversation)] = ++turns_;
    bind_id(add_turn_, 1, turn);
    sqlite3_bind_int(add_turn_, 2, conversation);
    step(add_turn_);
    add_message(conversation, "user", user_text);
}

void FloorStore::add_call(int conversation, std::string_view arguments) {
    add_message(conversation, "assistant", arguments);
    bind_id(add_call_, 1, turn_of_[static_cast<std::size_t>(conversation)]);
    bind_text(add_call_, 2, arguments);
    step(add_call_);
}

void FloorStore::add_result(int conversation, std::string_view result) {
    add_message(conversation, "tool", result);
    bind_id(end_call_, 1, turn_of_[static_cast<std::size_t>(conversation)]);
    step(end_call_);
}

void FloorStore::end_turn(int conversation, std::string_view reply) {
    add_message(conversation, "assistant", reply);
    bind_id(end_turn_, 1, turn_of_[static_cast<std::size_t>(conversation)]);
    step(end_turn_);
}

void FloorStore::add_message(int conversation, std::string_view role, std::string_view text) {
    const std::int64_t key = ++messages_;
    sqlite3_bind_int64(add_message_, 1, key);
    bind_id(add_message_, 2, key);
    sqlite3_bind_int(add_message_, 3, conversation);
    bind_id(add_message_, 4, turn_of_[static_cast<std::size_t>(conversation)]);
    bind_text(add_message_, 5, role);
    bind_text(add_message_, 6, text);
    step(add_message_);
    sqlite3_bind_int64(add_text_, 1, key);
    bind_text(add_text_, 2, text);
    step(add_text_);
    sqlite3_bind_int64(touch_, 1, key);
    bind_text(touch_, 2, text);
    sqlite3_bind_int(touch_, 3, conversation);
    step(touch_);
}

}  // namespace assistd::bench
