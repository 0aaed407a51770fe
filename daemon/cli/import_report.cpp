#include "cli/import_report.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr std::array types = {"file", "vector_store", "assistant", "thread", "message"};
// Of lines that were skipped for one reason; --json has all of them.
constexpr std::size_t most_lines_told = 20;

std::string list_of(const std::vector<std::size_t>& lines) {
    std::string text = lines.size() == 1 ? "line " : "lines ";
    const std::size_t told = std::min(lines.size(), most_lines_told);
    for (std::size_t i = 0; i < told; ++i) text += (i > 0 ? ", " : "") + std::to_string(lines[i]);
    if (told < lines.size()) text += " and " + std::to_string(lines.size() - told) + " more";
    return text;
}

}  // namespace

void ImportReport::skipped(const ExportedObject& object, const std::string& why) {
    skipped_.push_back({object, why});
}

Json ImportReport::as_document(const std::map<std::string, int>& left_out, const std::filesystem::path& map,
                               double seconds) const {
    Json report = Json::object();
    for (const char* type : types) {
        const auto found = counts_.find(type);
        const Count count = found == counts_.end() ? Count() : found->second;
        report[std::string(type) + "s"] = {{"imported", count.imported},
                                           {"there_already", count.there_already}};
    }
    report["left_out"] = left_out;
    report["skipped"] = Json::array();
    for (const Skipped& one : skipped_)
        report["skipped"].push_back({{"line", one.object.line},
                                     {"type", one.object.type},
                                     {"id", one.object.id},
                                     {"message", one.why}});
    report["seconds"] = seconds;
    report["map"] = map.string();
    return report;
}

void ImportReport::print(Context& context, const std::map<std::string, int>& left_out,
                         const std::filesystem::path& map, double seconds) const {
    const Json report = as_document(left_out, map, seconds);
    if (as_json(context, report)) return;
    std::vector<std::vector<std::string>> rows = {{"KIND", "IMPORTED", "THERE ALREADY"}};
    for (const char* type : types) {
        const Json& count = report.at(std::string(type) + "s");
        rows.push_back(
            {std::string(type) + "s", count.at("imported").dump(), count.at("there_already").dump()});
    }
    context.out << table(rows, context.terminal);
    for (const auto& [sentence, times] : left_out)
        context.out << "Note: " << sentence << " (" << times << ").\n";
    print_skipped(context);
    context.out << "Took " << seconds_text(seconds) << ". The new ids are in " << map.string() << ".\n";
}

void ImportReport::print_skipped(Context& context) const {
    if (skipped_.empty()) return;
    std::map<std::string, std::vector<std::size_t>> reasons;
    for (const Skipped& one : skipped_) reasons[one.object.type + "s: " + one.why].push_back(one.object.line);
    context.out << "Skipped " << skipped_.size() << (skipped_.size() == 1 ? " line" : " lines")
                << ", which are not imported:\n";
    for (const auto& [reason, lines] : reasons)
        context.out << "  " << harmless(reason) << " (" << list_of(lines) << ")\n";
}

}  // namespace assistd::cli
