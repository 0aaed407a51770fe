#include "sqlite/database.h"

#include <sqlite3.h>

#include <cassert>

#include "base/error.h"
#include "sqlite/busy.h"

namespace assistd::sqlite {
namespace {

ErrorCode code_of(int extended) {
    switch (extended) {
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return ErrorCode::not_found;
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
            return ErrorCode::conflict;
        default:
            break;
    }
    switch (extended & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return ErrorCode::unavailable;
        default:
            return ErrorCode::internal;
    }
}

std::string sentence_of(int extended, const char* detail) {
    if ((extended & 0xff) == SQLITE_FULL)
        return "The store takes nothing more: the disk that it is on is full. Whoever runs the daemon has to "
               "free space there; it then goes on by itself.";
    switch (code_of(extended)) {
        case ErrorCode::not_found:
            return "What this belongs to does not exist, or no longer.";
        case ErrorCode::conflict:
            return std::string("It exists already (") + detail + ").";
        case ErrorCode::unavailable:
            return std::string("The store cannot be used at the moment: ") + detail + ".";
        default:
            return std::string("The store refused an operation: ") + detail + ".";
    }
}

void check(sqlite3* db, int code) {
    if (code != SQLITE_OK) throw_database_error(db, code);
}

// SQLite counts its memory under one lock for the whole process, a tenth of a write's time, and nobody reads
// it. Has to be said before the first connection.
void switch_off_memory_counts() {
    static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(done);
}

}  // namespace

void throw_database_error(sqlite3* db, int code) {
    const int extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
    // The handle's message belongs to its last call; when that is another one, the general text is right.
    const char* detail =
        (extended & 0xff) == (code & 0xff) && db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const int known = (extended & 0xff) == (code & 0xff) ? extended : code;
    throw Error(code_of(known), sentence_of(known, detail));
}

Rows::~Rows() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw_database_error(sqlite3_db_handle(statement_), code);
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Rows::optional_integer(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

double Rows::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view Rows::view(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Rows::blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Uuid Rows::uuid(int column) const {
    const auto* blob = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    std::array<std::uint8_t, 16> bytes{};
    if (blob == nullptr || sqlite3_column_bytes(statement_, column) != static_cast<int>(bytes.size()))
        return {};
    std::copy_n(blob, bytes.size(), bytes.begin());
    return Uuid::from_bytes(bytes);
}

void Database::Closer::operator()(sqlite3* db) const {
    sqlite3_close_v2(db);
}
void Database::Closer::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Database::Database(const std::filesystem::path& file, Mode mode) {
    switch_off_memory_counts();
    int flags = SQLITE_OPEN_NOMUTEX;
    flags |= mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &db, flags, nullptr);
    db_.reset(db);
    check(db, code);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, busy_timeout_ms);
    // Debian's SQLite wipes deleted rows with writes of their own; FAST wipes them where the page is written
    // anyway.
    script(
        "PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY; PRAGMA mmap_size "
        "= 0");
}

void Database::release_memory() {
    sqlite3_db_release_memory(db_.get());
}

void Database::script(const std::string& sql) {
    check(db_.get(), sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::last_insert_key() const {
    return sqlite3_last_insert_rowid(db_.get());
}

std::int64_t Database::total_changes() const {
    return sqlite3_total_changes64(db_.get());
}

bool Database::in_transaction() const {
    return sqlite3_get_autocommit(db_.get()) == 0;
}

sqlite3_stmt* Database::prepared(const char* literal) {
    auto& statement = statements_[literal];
    if (!statement) {
        sqlite3_stmt* fresh = nullptr;
        check(db_.get(),
              sqlite3_prepare_v3(db_.get(), literal, -1, SQLITE_PREPARE_PERSISTENT, &fresh, nullptr));
        statement.reset(fresh);
    }
    assert(!sqlite3_stmt_busy(statement.get()));
    return statement.get();
}

int Database::execute(sqlite3_stmt* statement) {
    const Rows rows(statement);
    const int code = sqlite3_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW) throw_database_error(db_.get(), code);
    return sqlite3_changes(db_.get());
}

void Database::bind_null(sqlite3_stmt* statement, int position) {
    check(sqlite3_db_handle(statement), sqlite3_bind_null(statement, position));
}

void Database::bind_integer(sqlite3_stmt* statement, int position, std::int64_t value) {
    check(sqlite3_db_handle(statement), sqlite3_bind_int64(statement, position, value));
}

void Database::bind_real(sqlite3_stmt* statement, int position, double value) {
    check(sqlite3_db_handle(statement), sqlite3_bind_double(statement, position, value));
}

void Database::bind_text(sqlite3_stmt* statement, int position, std::string_view value, Lifetime lifetime) {
    const auto keep = lifetime == Lifetime::call ? SQLITE_STATIC : SQLITE_TRANSIENT;
    // An empty view may have no address, which SQLite would take for NULL.
    const char* data = value.data() != nullptr ? value.data() : "";
    check(sqlite3_db_handle(statement),
          sqlite3_bind_text64(statement, position, data, value.size(), keep, SQLITE_UTF8));
}

void Database::bind_blob(sqlite3_stmt* statement, int position, Blob value, Lifetime lifetime) {
    const auto keep = lifetime == Lifetime::call ? SQLITE_STATIC : SQLITE_TRANSIENT;
    const char* data = value.bytes.data() != nullptr ? value.bytes.data() : "";
    check(sqlite3_db_handle(statement),
          sqlite3_bind_blob64(statement, position, data, value.bytes.size(), keep));
}

void Database::bind_uuid(sqlite3_stmt* statement, int position, const Uuid& value, Lifetime lifetime) {
    if (value.is_nil()) return bind_null(statement, position);
    const auto keep = lifetime == Lifetime::call ? SQLITE_STATIC : SQLITE_TRANSIENT;
    check(sqlite3_db_handle(statement), sqlite3_bind_blob(statement, position, value.bytes().data(),
                                                          static_cast<int>(value.bytes().size()), keep));
}

}  // namespace assistd::sqlite
