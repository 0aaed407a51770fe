#include "sqlite/open.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/unique_fd.h"
#include "sqlite/migrate.h"

namespace assistd::sqlite {
namespace {

namespace fs = std::filesystem;

// Reading every page finds damage anywhere, but takes time. A small file is always read; a larger one only
// when the last process did not close it.
constexpr std::uintmax_t always_checked_size = 2u << 20;
constexpr std::uintmax_t checked_after_crash_size = 64u << 20;

[[noreturn]] void throw_unusable(
    const fs::path& path, std::string_view reason,
    std::string_view advice = "Give the daemon's user the right to write there") {
    throw Error(
        ErrorCode::unavailable,
        fmt::format("The state folder cannot be used: {}: {}. {}, or choose another folder with --state.",
                    path.string(), reason, advice));
}

[[noreturn]] void throw_unusable(const fs::path& path, int code) {
    switch (code) {
        case EROFS:
            throw_unusable(path, std::strerror(code), "Mount its file system for writing");
        case ENOSPC:
        case EDQUOT:
            throw_unusable(path, std::strerror(code), "Free space there");
        default:
            throw_unusable(path, std::strerror(code));
    }
}

[[noreturn]] void throw_damaged(const fs::path& file, std::string_view detail) {
    const std::string name = file.string();
    std::string reason(detail);
    std::replace(reason.begin(), reason.end(), '\n', ' ');  // SQLite lists what it finds
    throw Error(ErrorCode::unavailable,
                fmt::format("The database {0} is damaged ({1}). Nothing was changed. Restore a backup "
                            "(assistctl restore FILE "
                            "--state FOLDER, into an empty folder), or save what can still be read: sqlite3 "
                            "'{0}' .recover | sqlite3 '{0}.recovered', then move the damaged "
                            "file and its -wal and -shm files away and the recovered one in its place.",
                            name, reason));
}

std::uintmax_t size_or_zero(const fs::path& file) {
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(file, failure);
    return failure ? 0 : size;
}

fs::path with_suffix(const fs::path& file, std::string_view suffix) {
    fs::path other = file;
    other += suffix;
    return other;
}

// The first bytes of a file; fewer when it is shorter.
std::string head_of(const fs::path& file, std::size_t size) {
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) throw_unusable(file, errno);
    std::string head(size, '\0');
    const ssize_t got = ::pread(fd.get(), head.data(), head.size(), 0);
    if (got < 0) throw_unusable(file, errno);
    head.resize(static_cast<std::size_t>(got));
    return head;
}

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
}

// What can be told from the two files' first bytes and lengths, before SQLite touches anything.
void check_heads(const fs::path& file, bool closed) {
    constexpr std::size_t header_size = 100;
    const std::string head = head_of(file, header_size);
    if (head.size() < header_size) throw_damaged(file, "it is too short to be a database");
    if (!head.starts_with(std::string_view("SQLite format 3\0", 16)))
        throw_damaged(file, "its first bytes are no database's");
    const std::uint32_t stored = big_endian(std::string_view(head).substr(16, 2));
    const std::uintmax_t page_size = stored == 1 ? 65'536 : stored;
    const std::uintmax_t pages = big_endian(std::string_view(head).substr(28, 4));
    // With a log, the newest length is in there, and quick_check compares.
    if (closed && size_or_zero(file) < pages * page_size)
        throw_damaged(file,
                      fmt::format("it should have {} pages of {} bytes, but is shorter", pages, page_size));
    if (closed) return;
    const std::string log = head_of(with_suffix(file, "-wal"), 4);
    const std::uint32_t magic = log.size() == 4 ? big_endian(log) & ~1u : 0;
    // All zero is what a power cut leaves of a log that had just been made.
    if (magic != 0x377f0682 && magic != 0)
        throw_damaged(file, "the first bytes of its -wal file are no log's");
}

void check_pages(Database& db, const fs::path& file) {
    Rows rows = db.query("PRAGMA quick_check(1)");
    if (rows.next() && rows.view(0) != "ok") throw_damaged(file, rows.view(0));
}

// An identity check first: the schema version of another program's database would mean nothing.
void check_identity(Database& db, const fs::path& file, std::int64_t application_id) {
    Rows rows = db.query("PRAGMA application_id");
    rows.next();
    if (rows.integer(0) == application_id) return;
    throw Error(
        ErrorCode::unavailable,
        fmt::format(
            "The file {} is a database, but not one of assistd's. Nothing was changed. Choose another "
            "folder with --state, or move the file away.",
            file.string()));
}

void sync_path(const fs::path& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) throw_unusable(path, errno);
}

// A new database is made beside and given its name when it is whole: a file by that name that is empty or
// half is always damage. Another process that does the same at the same moment wins or loses; both then open
// one file.
void create_database(const fs::path& file, const DatabaseFormat& format) {
    const fs::path fresh = with_suffix(file, ".new-" + Uuid::make().hex());
    {
        Database db(fresh, Database::Mode::create);
        db.script("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
        db.script("PRAGMA auto_vacuum = INCREMENTAL");  // can only be said while it is empty
        db.script(fmt::format("PRAGMA application_id = {}", format.application_id));
        migrate(db, fresh, format.migrations);
    }
    ::chmod(fresh.c_str(), 0600);
    sync_path(fresh);
    const bool named = ::link(fresh.c_str(), file.c_str()) == 0 || errno == EEXIST;
    const int code = errno;
    ::unlink(fresh.c_str());
    if (!named) throw_unusable(file, code);
    sync_path(file.parent_path());
}

// While this is on, closing a connection leaves the log where it is: a refused database stays as it was
// found.
void keep_log_on_close(Database& db, bool keep) {
    sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

Database open_checked(const fs::path& file, const DatabaseFormat& format) {
    const bool closed = size_or_zero(with_suffix(file, "-wal")) == 0;
    check_heads(file, closed);
    Database db(file, Database::Mode::read_write);
    keep_log_on_close(db, true);
    try {
        check_identity(db, file, format.application_id);
        if (sqlite3_db_readonly(db.handle(), "main") != 0) throw_unusable(file, "the database is read-only");
        const std::uintmax_t size = size_or_zero(file);
        if (size <= always_checked_size || (!closed && size <= checked_after_crash_size))
            check_pages(db, file);
        migrate(db, file, format.migrations, format.progress);
    } catch (const Error& error) {
        const int code = sqlite3_errcode(db.handle()) & 0xff;
        if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) throw_damaged(file, sqlite3_errmsg(db.handle()));
        throw;
    }
    keep_log_on_close(db, false);
    return db;
}

}  // namespace

void prepare_folder(const fs::path& folder) {
    std::error_code failure;
    if (!folder.parent_path().empty()) fs::create_directories(folder.parent_path(), failure);
    if (failure) throw_unusable(folder, failure.value());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw_unusable(folder, errno);
    if (!fs::is_directory(folder, failure)) throw_unusable(folder, "it is not a folder");
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) throw_unusable(folder, errno);
}

Database open_database(const fs::path& file, const DatabaseFormat& format, bool synchronous_full) {
    if (!fs::exists(file)) {
        if (size_or_zero(with_suffix(file, "-wal")) > 0) throw_damaged(file, "only its -wal file is there");
        if (format.before_making) format.before_making();
        create_database(file, format);
    }
    if (::access(file.c_str(), R_OK | W_OK) != 0) throw_unusable(file, errno);
    Database db = open_checked(file, format);
    // A log that became long while something was read for long is made shorter when it begins anew.
    db.script("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -4096");
    db.script(synchronous_full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    return db;
}

}  // namespace assistd::sqlite
