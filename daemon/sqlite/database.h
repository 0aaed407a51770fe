#pragma once
// A connection to the SQLite database and the rows of a query: the only file that calls SQLite's C functions
// for reading and writing rows. SQL is written in string literals; each is prepared once per connection and
// kept.
//
// A Database is used by one thread at a time: the writer's, or one reader's. Failures throw Error with the
// code that the rest of the daemon should see (see throw_database_error).

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/ids.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assistd::sqlite {

// Throws the Error for a result code: a broken foreign key is not_found, a row that exists already is
// conflict, a full or failing disk, a lock and a damaged file are unavailable, everything else is internal.
[[noreturn]] void throw_database_error(sqlite3* db, int code);

// Bytes to be bound as they are.
struct Blob {
    std::string_view bytes;
};

// The rows of one query, one at a time. Columns count from 0. The statement is free again when this goes.
class Rows {
  public:
    explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    ~Rows();

    bool next();

    std::int64_t integer(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;  // nothing for NULL
    double real(int column) const;
    bool flag(int column) const { return integer(column) != 0; }
    std::string_view view(int column) const;  // valid until next()
    std::string_view blob(int column) const;  // the same; empty for NULL
    std::string text(int column) const { return std::string(view(column)); }
    Uuid uuid(int column) const;  // nil for NULL
    Timestamp time(int column) const { return from_micros(integer(column)); }

  private:
    sqlite3_stmt* statement_;
};

class Database {
  public:
    enum class Mode { create, read_write, read_only };

    Database(const std::filesystem::path& file, Mode mode);

    void release_memory();  // of its page cache, as far as it is not in use

    // Runs one statement to its end and returns the number of rows it changed. Nil ids are bound as NULL.
    template <class... Args>
    int run(const char* literal, const Args&... args) {
        sqlite3_stmt* statement = prepared(literal);
        int position = 0;
        (bind(statement, ++position, args, Lifetime::call), ...);
        return execute(statement);
    }

    // The rows of a SELECT or of a statement with RETURNING, which takes effect at the first next(). One
    // query of a literal is open at a time.
    template <class... Args>
    Rows query(const char* literal, const Args&... args) {
        sqlite3_stmt* statement = prepared(literal);
        int position = 0;
        (bind(statement, ++position, args, Lifetime::rows), ...);
        return Rows(statement);
    }

    // Several statements at once, without parameters; not kept.
    void script(const std::string& sql);

    std::int64_t last_insert_key() const;
    std::int64_t total_changes() const;  // rows that statements of this connection have changed so far
    // False after an error that made SQLite give up the whole transaction.
    bool in_transaction() const;
    sqlite3* handle() const { return db_.get(); }

  private:
    // How long bound texts stay where they are: during the call, or not even that of the rows' use.
    enum class Lifetime { call, rows };
    struct Closer {
        void operator()(sqlite3* db) const;
        void operator()(sqlite3_stmt* statement) const;
    };

    sqlite3_stmt* prepared(const char* literal);
    int execute(sqlite3_stmt* statement);
    static void bind_null(sqlite3_stmt* statement, int position);
    static void bind_integer(sqlite3_stmt* statement, int position, std::int64_t value);
    static void bind_real(sqlite3_stmt* statement, int position, double value);
    static void bind_text(sqlite3_stmt* statement, int position, std::string_view value, Lifetime lifetime);
    static void bind_blob(sqlite3_stmt* statement, int position, Blob value, Lifetime lifetime);
    static void bind_uuid(sqlite3_stmt* statement, int position, const Uuid& value, Lifetime lifetime);

    template <class T>
    static void bind(sqlite3_stmt* statement, int position, const T& value, Lifetime lifetime) {
        if constexpr (std::is_same_v<T, std::nullopt_t>)
            bind_null(statement, position);
        else if constexpr (std::is_same_v<T, Blob>)
            bind_blob(statement, position, value, lifetime);
        else if constexpr (std::is_same_v<T, Uuid>)
            bind_uuid(statement, position, value, lifetime);
        else if constexpr (requires { value.uuid; })
            bind_uuid(statement, position, value.uuid, lifetime);
        else if constexpr (std::is_same_v<T, Timestamp>)
            bind_integer(statement, position, to_micros(value));
        else if constexpr (std::is_floating_point_v<T>)
            bind_real(statement, position, value);
        else if constexpr (std::is_integral_v<T>)
            bind_integer(statement, position, value);
        else if constexpr (requires { value.has_value(); }) {
            if (value)
                bind(statement, position, *value, lifetime);
            else
                bind_null(statement, position);
        } else
            bind_text(statement, position, value, lifetime);
    }

    std::unique_ptr<sqlite3, Closer> db_;
    // By the literal's address: the same place in the code is the same statement.
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Closer>> statements_;
};

}  // namespace assistd::sqlite
