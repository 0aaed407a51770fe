#include "sqlite/way_back.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "base/error.h"
#include "base/unique_fd.h"

namespace assistd::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view copy_suffix = ".version-";

struct Copy {
    fs::path file;
    Timestamp made_at;
};

std::int64_t number_at(std::string_view header, std::size_t place) {
    std::uint32_t number = 0;
    for (const char c : header.substr(place, sizeof number))
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

// Of the database that a copy is of, and no newer than can be read. Its header says that (SQLite's file
// format, 1.3); opening it would leave files beside it.
std::optional<Copy> usable_copy(const fs::path& file, std::int64_t application_id, int newest) {
    constexpr std::size_t header_size = 100;
    constexpr std::size_t version_at = 60;
    constexpr std::size_t application_at = 68;
    constexpr std::string_view magic{"SQLite format 3\0", 16};
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
    std::array<char, header_size> bytes{};
    if (::pread(fd.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return std::nullopt;
    const std::string_view header(bytes.data(), bytes.size());
    const std::int64_t version = number_at(header, version_at);
    if (!header.starts_with(magic) || version < 1 || version > newest ||
        number_at(header, application_at) != application_id)
        return std::nullopt;
    const auto time =
        std::chrono::seconds(about.st_mtim.tv_sec) + std::chrono::nanoseconds(about.st_mtim.tv_nsec);
    return Copy{file, Timestamp(std::chrono::floor<Timestamp::duration>(time))};
}

// The one that was made last: whoever has gone back before has copies of higher versions that are older.
std::optional<Copy> newest_copy(Database& db, const fs::path& file, int newest) {
    std::int64_t application_id = 0;
    {
        Rows rows = db.query("PRAGMA application_id");
        rows.next();
        application_id = rows.integer(0);
    }
    std::optional<Copy> last;
    for (int version = newest; version > 0; --version) {
        const auto copy = usable_copy(copy_of(file, version), application_id, newest);
        if (copy && (!last || copy->made_at > last->made_at)) last = copy;
    }
    return last;
}

// " (3 conversations and 12 messages)": what came after a time. Nothing where a newer schema has no such
// tables any more, for nobody is kept from going back by that.
std::string came_after(Database& db, Timestamp time) {
    try {
        Rows rows = db.query(
            "SELECT (SELECT count(*) FROM conversations WHERE created_at > ?1), "
            "(SELECT count(*) FROM messages WHERE created_at > ?1)",
            time);
        rows.next();
        return fmt::format(" ({} conversations and {} messages are new)", rows.integer(0), rows.integer(1));
    } catch (const Error&) {
        return {};
    }
}

// As a shell reads it.
std::string quoted(const fs::path& path) {
    std::string text = "'";
    for (const char c : path.string()) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

// One that nothing has.
fs::path name_aside(const fs::path& file) {
    for (int number = 1;; ++number) {
        fs::path aside = file;
        aside += number == 1 ? ".newer" : fmt::format(".newer-{}", number);
        if (!fs::exists(aside)) return aside;
    }
}

}  // namespace

fs::path copy_of(const fs::path& file, int version) {
    fs::path copy = file;
    copy += fmt::format("{}{}", copy_suffix, version);
    return copy;
}

std::string way_back(Database& db, const fs::path& file, int newest) {
    const auto copy = newest_copy(db, file, newest);
    if (!copy) return "or restore a backup that this one made: assistctl restore FILE --state FOLDER";
    const fs::path aside = name_aside(file);
    // What was written last may be in the log alone, so that goes along.
    return fmt::format(
        "or go back to the copy that an upgrade made at {0}. What was written since then{1} is not in it; it "
        "stays in {2}, which the newer assistd reads. With every assistd on this folder stopped: ( for part "
        "in '' "
        "-wal -shm; do if [ -e {3}\"$part\" ]; then mv {3}\"$part\" {4}\"$part\" || exit; fi; done; cp -p "
        "{5} {3} )",
        to_iso8601(std::chrono::floor<std::chrono::seconds>(copy->made_at)), came_after(db, copy->made_at),
        aside.string(), quoted(file), quoted(aside), quoted(copy->file));
}

}  // namespace assistd::sqlite
