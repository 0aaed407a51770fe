#pragma once
// Where the loader would find the libraries that a plugin needs, which of these the sandbox lets it read, and
// which names they give. Runs no code of theirs. One thread.

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/plugins/elf_file.h"

namespace assistd::check {

class SystemLibraries {
  public:
    // `readable` are the folders that a plugin may read beside the system's.
    explicit SystemLibraries(std::vector<std::filesystem::path> readable);

    // Adds what `elf` gives, and all that it needs, and what these need.
    void add(const tools::ElfFile& elf);

    // Sentences about libraries that are not there, or are where a plugin may not read.
    const std::vector<std::string>& problems() const { return problems_; }
    bool defines(const std::string& symbol) const { return defined_.contains(symbol); }
    // How many there are.
    std::size_t count() const { return seen_.size(); }

  private:
    void add_library(const std::string& name, const std::string& search_path);
    std::optional<std::filesystem::path> find(const std::string& name, const std::string& search_path) const;
    bool may_be_read(const std::filesystem::path& file) const;

    std::vector<std::filesystem::path> readable_;
    std::map<std::string, std::filesystem::path> cache_;  // the system's, by name
    std::set<std::string> seen_;
    std::set<std::string> defined_;
    std::vector<std::string> problems_;
};

}  // namespace assistd::check
