// assistctl doctor --data: what the daemon finds when it looks at all that it stores.

#include <fmt/format.h>

#include "cli/findings.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

using enum Level;

std::string in_numbers(const Json& report) {
    const auto number = [&](const char* name, const char* noun) {
        return counted(field(report, name), noun);
    };
    return fmt::format("{} with {}, {}, {} in {}; the databases have {}, of which {} are free.",
                       number("conversations", "conversation"), number("messages", "message"),
                       number("artifacts", "artifact"), number("documents", "document"),
                       number("chunks", "passage"), size_text(report.value("database_bytes", 0LL)),
                       size_text(report.value("free_bytes", 0LL)));
}

}  // namespace

void look_at_data(const Context& context, bool remove_orphans, Findings& findings) {
    Json report;
    try {
        report = context.api.post("/admin/check", {{"contents", true}, {"remove_orphans", remove_orphans}});
    } catch (const Failure& refusal) {
        findings.push_back({problem, "data", std::string("It cannot be looked at: ") + refusal.what(),
                            "Only an administrator may ask for that; the daemon's log says more."});
        return;
    }
    const Json faults = report.value("faults", Json::array());
    for (const Json& fault : faults)
        findings.push_back({problem, harmless(field(fault, "about")), harmless(field(fault, "message")),
                            harmless(field(fault, "advice"))});
    if (faults.empty()) findings.push_back({good, "data", "All of it is sound: " + in_numbers(report)});
    const long long removed = report.value("orphans_removed", 0LL);
    const long long orphans = report.value("orphans", 0LL) - removed;
    if (removed > 0)
        findings.push_back(
            {good, "data", fmt::format("{} files that belonged to no artifact were removed.", removed)});
    if (orphans > 0)
        findings.push_back({note, "data",
                            fmt::format("{} files belong to no artifact, and only take room.", orphans),
                            "Remove them with: " + context.api.program() + " doctor --remove-orphans"});
}

}  // namespace assistd::cli
