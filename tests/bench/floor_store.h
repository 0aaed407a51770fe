#pragma once
// The SQLite side of the floors: the rows that a turn writes, with the same durability (WAL,
// synchronous=FULL), full-text index and indexes as the daemon's, without anything around it. One thread.

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace assistd::bench {

class FloorStore {
  public:
    FloorStore(const std::filesystem::path& file, int conversations);
    ~FloorStore();
    FloorStore(const FloorStore&) = delete;
    FloorStore& operator=(const FloorStore&) = delete;

    void begin();
    void commit();
    // The four writes of a turn with one tool call.
    void begin_turn(int conversation, std::string_view user_text);
    void add_call(int conversation, std::string_view arguments);
    void add_result(int conversation, std::string_view result);
    void end_turn(int conversation, std::string_view reply);

  private:
    sqlite3_stmt* prepare(const char* sql);
    void step(sqlite3_stmt* statement);
    void add_message(int conversation, std::string_view role, std::string_view text);

    sqlite3* database_ = nullptr;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
    sqlite3_stmt* add_turn_ = nullptr;
    sqlite3_stmt* end_turn_ = nullptr;
    sqlite3_stmt* add_message_ = nullptr;
    sqlite3_stmt* add_text_ = nullptr;
    sqlite3_stmt* touch_ = nullptr;
    sqlite3_stmt* add_call_ = nullptr;
    sqlite3_stmt* end_call_ = nullptr;
    std::int64_t turns_ = 0;
    std::int64_t messages_ = 0;
    std::vector<std::int64_t> turn_of_;  // by conversation
};

}  // namespace assistd::bench
