#pragma once
// Which new id each imported object got, in a file beside the export: a later run goes on where this one
// ended, and programs that keep old ids can look the new ones up. JSON lines: {"server"} first, then {"old",
// "new"}. One thread.

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace assistd::cli {

class ImportMap {
  public:
    // Throws Failure when the file cannot be written, is none, or is that of another server.
    ImportMap(std::filesystem::path path, const std::string& server);

    const std::string* find(const std::string& old_id) const;  // null when it was not imported
    void add(const std::string& old_id, const std::string& new_id);
    bool was_begun() const { return was_begun_; }  // by an earlier run
    const std::filesystem::path& path() const { return path_; }

  private:
    void read(const std::string& server);
    void write(const std::string& line);

    const std::filesystem::path path_;
    std::map<std::string, std::string> ids_;
    bool was_begun_ = false;
    std::ofstream file_;
};

}  // namespace assistd::cli
