#include "backup/personal_export.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "backup/archive_writer.h"
#include "backup/files.h"
#include "backup/manifest.h"
#include "backup/state_files.h"
#include "base/error.h"
#include "knowledge/personal_data.h"
#include "sqlite/snapshot.h"
#include "store/personal_data.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using sqlite::PersonalTable;
using sqlite::Rows;
using sqlite::Snapshot;

constexpr std::size_t longest_name = 150;  // of a file, in bytes

// Where files are put whose size is not known before.
struct Making {
    const fs::path& work;
    const core::Owner& user;
    ArchiveWriter& archive;
    const std::function<void()>& between;
};

void add_written(const Making& making, const std::string& name, const UniqueFd& file) {
    struct stat about {};
    if (::fstat(file.get(), &about) != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be read: {}.", name, std::strerror(errno)));
    making.archive.add(name, about.st_size,
                       [&](char* to, std::size_t size) { return read_some(file.get(), to, size, name); });
}

// One row a line, in one JSON list.
std::int64_t add_table(const Making& making, sqlite::Database& db, const PersonalTable& table,
                       const std::string& name) {
    const UniqueFd file = unnamed_file(making.work);
    std::int64_t rows = 0;
    std::string text = "[";
    constexpr std::size_t enough = 1 << 18;
    const auto flush = [&] {
        write_all(file.get(), text, name);
        text.clear();
        if (making.between) making.between();
    };
    sqlite::each_personal_row(db, table, making.user, [&](const Json& row) {
        text += rows++ == 0 ? "\n" : ",\n";
        text += row.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (text.size() > enough) flush();
    });
    text += "\n]\n";
    flush();
    add_written(making, name, file);
    return rows;
}

// Safe to unpack anywhere.
std::string safe_name(std::string name) {
    for (char& c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || std::strchr("/\\:*?\"<>|", c) != nullptr)
            c = '_';
    if (name.size() > longest_name) {
        std::size_t end = longest_name;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
        name.resize(end);
    }
    return name.empty() || name == "." || name == ".." ? "file" : name;
}

void add_files(const Making& making, const fs::path& state, sqlite::Database& db, PersonalExport& made) {
    Rows rows =
        db.query("SELECT handle, name, sha256 FROM artifacts WHERE owner = ?1 ORDER BY key", making.user);
    while (rows.next()) {
        const std::string name = fmt::format("files/{}/{}", safe_name(rows.text(0)), safe_name(rows.text(1)));
        const fs::path path = state / name_of_artifact(rows.view(2));
        const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (file)
            add_written(making, name, file);
        else
            made.faults.push_back(fmt::format("The file of {} is not there any more.", rows.view(0)));
    }
}

Json left_out() {
    Json tables = Json::object();
    for (const auto& table : store::other_tables()) tables[std::string(table.name)] = table.reason;
    for (const auto& table : knowledge::other_tables()) tables[std::string(table.name)] = table.reason;
    return tables;
}

}  // namespace

PersonalExport export_personal(const fs::path& state, const core::Owner& user,
                               const std::function<void()>& between) {
    const WorkFolder work(state, "export");
    Snapshot documents(state / documents_database);
    Snapshot main(state / main_database);
    PersonalExport made;
    made.file = unnamed_file(work.path());
    const Timestamp time = now();
    ArchiveWriter archive(made.file.get(), ArchiveKind::zip, time, between);
    const Making making{work.path(), user, archive, between};
    Json about = {{"user", user},
                  {"exported_at", to_iso8601(time)},
                  {"assistd", this_version()},
                  {"rows", Json::object()}};
    const auto add_all = [&](Snapshot& from, std::span<const PersonalTable> tables,
                             const std::string& folder) {
        for (const PersonalTable& table : tables) {
            const std::string name = fmt::format("{}/{}.json", folder, table.name);
            const std::int64_t rows = add_table(making, from.db(), table, name);
            about["rows"][name] = rows;
            made.rows += rows;
        }
    };
    add_all(main, store::personal_tables(), "data");
    add_all(documents, knowledge::personal_tables(), "documents");
    add_files(making, state, main.db(), made);
    about["faults"] = made.faults;
    about["left_out"] = left_out();
    archive.add("about.json", about.dump(1, ' ', false, Json::error_handler_t::replace));
    archive.finish();
    struct stat size {};
    if (::fstat(made.file.get(), &size) != 0)
        throw Error(ErrorCode::unavailable, std::string("The export is gone: ") + std::strerror(errno) + ".");
    made.size = size.st_size;
    return made;
}

}  // namespace assistd::backup
