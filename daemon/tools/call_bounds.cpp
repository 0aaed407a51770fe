#include "tools/call_bounds.h"

#include <fmt/format.h>

#include <algorithm>

namespace assistd::tools {
namespace {

using std::chrono::milliseconds;

double in_seconds(milliseconds time) {
    return static_cast<double>(time.count()) / 1'000;
}

std::shared_ptr<const core::ToolSpec> within(const CallBounds& bounds,
                                             const std::shared_ptr<const core::ToolSpec>& tool) {
    const bool is_too_long = bounds.time.count() > 0 && tool->time_limit > bounds.time;
    const bool is_too_large = bounds.memory_mib > 0 && tool->memory_limit_mb > bounds.memory_mib;
    if (!is_too_long && !is_too_large) return tool;
    auto less = std::make_shared<core::ToolSpec>(*tool);
    if (is_too_long) {
        less->time_limit_asked = tool->time_limit;
        less->time_limit = bounds.time;
    }
    if (is_too_large) {
        less->memory_limit_asked_mb = tool->memory_limit_mb;
        less->memory_limit_mb = bounds.memory_mib;
    }
    return less;
}

}  // namespace

ToolSpecs within(const CallBounds& bounds, const ToolSpecs& tools) {
    ToolSpecs all;
    for (const auto& tool : tools) all.push_back(within(bounds, tool));
    return all;
}

std::string told_denials(const ToolSpecs& tools) {
    std::string asked, given;
    const auto add = [&](const std::string& more_asked, const std::string& less_given) {
        asked += (asked.empty() ? "" : " and ") + more_asked;
        given += (given.empty() ? "" : " and ") + less_given;
    };
    const auto longest = std::ranges::max_element(
        tools, {}, [](const auto& tool) { return tool->time_limit_asked.value_or(milliseconds(0)); });
    if (longest != tools.end() && (*longest)->time_limit_asked)
        add(fmt::format("{} s", in_seconds(*(*longest)->time_limit_asked)),
            fmt::format("{} s (plugins.max_time_s)", in_seconds((*longest)->time_limit)));
    const auto largest = std::ranges::max_element(
        tools, {}, [](const auto& tool) { return tool->memory_limit_asked_mb.value_or(0); });
    if (largest != tools.end() && (*largest)->memory_limit_asked_mb)
        add(fmt::format("{} MiB", *(*largest)->memory_limit_asked_mb),
            fmt::format("{} MiB (plugins.max_memory_mib)", (*largest)->memory_limit_mb));
    if (asked.empty()) return {};
    return "Its tools ask for up to " + asked + " a call, and the administrator allows " + given + ".";
}

std::string time_limit_of(const core::ToolSpec& tool) {
    const double seconds = in_seconds(tool.time_limit);
    if (!tool.time_limit_asked) return fmt::format("{} s, its time limit", seconds);
    return fmt::format("{} s, the administrator's limit (plugins.max_time_s; its plugin asks for {} s)",
                       seconds, in_seconds(*tool.time_limit_asked));
}

std::string memory_denial_of(const core::ToolSpec& tool) {
    if (!tool.memory_limit_asked_mb) return {};
    return fmt::format(
        " Its plugin asks for {} MiB of memory, and the administrator allows {} MiB "
        "(plugins.max_memory_mib).",
        *tool.memory_limit_asked_mb, tool.memory_limit_mb);
}

}  // namespace assistd::tools
