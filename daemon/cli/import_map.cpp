#include "cli/import_map.h"

#include <fcntl.h>
#include <sys/file.h>

#include "cli/api_client.h"
#include "cli/failure.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

namespace fs = std::filesystem;

// A run that was killed may have written a part of its last line.
void drop_broken_end(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::uintmax_t whole = 0;
    std::string line;
    while (std::getline(file, line) && !file.eof()) whole += line.size() + 1;
    file.close();
    fs::resize_file(path, whole);
}

}  // namespace

ImportMap::ImportMap(fs::path path, const std::string& server) : path_(std::move(path)) {
    lock();
    try {
        drop_broken_end(path_);
    } catch (const fs::filesystem_error&) {
        throw Failure(ExitCode::failed, "The file \"" + path_.string() + "\" cannot be changed.");
    }
    read(server);
    file_.open(path_, std::ios::binary | std::ios::app);
    if (!was_begun_) write(Json{{"server", server}}.dump());
}

// Two imports at once would both send what neither has written down yet.
void ImportMap::lock() {
    lock_ = UniqueFd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock_)
        throw Failure(ExitCode::failed, "What was imported cannot be written to \"" + path_.string() + "\".");
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0)
        throw Failure(ExitCode::failed, "Another import writes to \"" + path_.string() +
                                            "\" at this moment; wait until it has ended.");
}

void ImportMap::read(const std::string& server) {
    std::ifstream file(path_, std::ios::binary);
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        const Json json = Json::parse(line, nullptr, false);
        const std::string of = field(json, "server");
        if (number == 1 && !of.empty() && of != server)
            throw Failure(ExitCode::failed,
                          "\"" + path_.string() + "\" says what was imported into " + harmless(of) +
                              ". Name another file with --map to import into " + server + " too.");
        const std::string old_id = field(json, "old");
        const std::string new_id = field(json, "new");
        const bool is_announced = json.is_object() && json.contains("behind") && !old_id.empty();
        if (number == 1 ? of.empty() : !is_announced && (old_id.empty() || new_id.empty()))
            throw Failure(ExitCode::failed, "\"" + path_.string() + "\" is no file of an import: its line " +
                                                std::to_string(number) + " is another one's.");
        was_begun_ = true;
        if (is_announced)
            announced_[old_id] = field(json, "behind");
        else if (number > 1)
            keep(old_id, new_id);
    }
}

void ImportMap::write(const std::string& line) {
    file_ << line << '\n' << std::flush;
    if (!file_)
        throw Failure(ExitCode::failed, "What was imported cannot be written to \"" + path_.string() + "\".");
}

const std::string* ImportMap::find(const std::string& old_id) const {
    const auto found = ids_.find(old_id);
    return found == ids_.end() ? nullptr : &found->second;
}

void ImportMap::add(const std::string& old_id, const std::string& new_id) {
    write(Json{{"old", old_id}, {"new", new_id}}.dump());
    keep(old_id, new_id);
}

void ImportMap::keep(const std::string& old_id, const std::string& new_id) {
    ids_[old_id] = new_id;
    new_ids_.insert(new_id);
    announced_.erase(old_id);
}

void ImportMap::announce(const std::string& old_id, const std::string& newest) {
    write(Json{{"old", old_id}, {"behind", newest}}.dump());
}

std::optional<std::string> ImportMap::announced(const std::string& old_id) const {
    const auto found = announced_.find(old_id);
    return found == announced_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace assistd::cli
