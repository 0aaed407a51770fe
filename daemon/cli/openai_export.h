#pragma once
// What was exported from OpenAI's Assistants API: a file of JSON lines, one object each, as the API gave it,
// with its kind in "type" (file, vector_store, assistant, thread, message). Read twice: at first to check it
// and to see what is where, then object by object, so that its size does not matter. One thread.

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/api_client.h"

namespace assistd::cli {

struct ExportedObject {
    std::string type;
    std::string id;
    std::size_t line = 0;  // from 1
    std::streamoff offset = 0;
};

class OpenAiExport {
  public:
    // Throws Failure that names the line for what is no such file.
    explicit OpenAiExport(const std::string& path);

    const std::vector<ExportedObject>& of(const std::string& type) const { return objects_.at(type); }
    // In the order of the file.
    const std::vector<ExportedObject>& messages_of(const std::string& thread) const;
    Json read(const ExportedObject& object);
    // Where the bytes of an exported file are, when they are not in its line.
    std::filesystem::path path_of(const Json& file) const;
    std::size_t size() const { return ids_.size(); }

  private:
    void take(const std::string& text, std::size_t line, std::streamoff offset);
    void check(const Json& json, std::size_t line) const;
    void take_message(const Json& json, ExportedObject object);
    void check_threads() const;

    std::ifstream file_;
    std::filesystem::path folder_;
    std::map<std::string, std::vector<ExportedObject>> objects_;
    std::map<std::string, std::vector<ExportedObject>> messages_;  // by thread
    std::map<std::string, std::int64_t> newest_;                   // message of each thread so far
    std::set<std::string> ids_;
};

}  // namespace assistd::cli
