#pragma once
// Which new id each imported object got, in a file beside the export: a later run goes on where this one
// ended, and programs that keep old ids can look the new ones up. JSON lines: {"server"} first, then {"old",
// "new"}; {"old", "behind"} says that a file is about to be sent. Locked while an import uses it. One thread.

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/unique_fd.h"

namespace assistd::cli {

class ImportMap {
  public:
    // Throws Failure when the file cannot be written, is none, is that of another server, or is another
    // import's at the moment.
    ImportMap(std::filesystem::path path, const std::string& server);

    const std::string* find(const std::string& old_id) const;  // null when it was not imported
    void add(const std::string& old_id, const std::string& new_id);
    bool is_new_id(const std::string& id) const { return new_ids_.contains(id); }
    bool was_begun() const { return was_begun_; }  // by an earlier run
    const std::filesystem::path& path() const { return path_; }

    // Says that an object is about to be sent that has no place for its old id. `newest` is the newest one
    // that the server has: what comes of it is newer.
    void announce(const std::string& old_id, const std::string& newest);
    // What was announced for the object, when the run that did so ended before it knew the new id.
    std::optional<std::string> announced(const std::string& old_id) const;

  private:
    void lock();
    void read(const std::string& server);
    void keep(const std::string& old_id, const std::string& new_id);
    void write(const std::string& line);

    const std::filesystem::path path_;
    std::map<std::string, std::string> ids_;
    std::set<std::string> new_ids_;
    std::map<std::string, std::string> announced_;
    bool was_begun_ = false;
    UniqueFd lock_;
    std::ofstream file_;
};

}  // namespace assistd::cli
