#pragma once
// What an import tells at its end: how many objects of each kind it brought, what it left out of them, and
// which lines it skipped and why. One thread.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/openai_export.h"

namespace assistd::cli {

class ImportReport {
  public:
    void imported(const std::string& type) { ++counts_[type].imported; }
    void was_there(const std::string& type) { ++counts_[type].there_already; }
    void skipped(const ExportedObject& object, const std::string& why);
    bool is_whole() const { return skipped_.empty(); }

    void print(Context& context, const std::map<std::string, int>& left_out, const std::filesystem::path& map,
               double seconds) const;

  private:
    struct Count {
        int imported = 0;
        int there_already = 0;
    };
    struct Skipped {
        ExportedObject object;
        std::string why;
    };

    Json as_document(const std::map<std::string, int>& left_out, const std::filesystem::path& map,
                     double seconds) const;
    void print_skipped(Context& context) const;

    std::map<std::string, Count> counts_;
    std::vector<Skipped> skipped_;
};

}  // namespace assistd::cli
