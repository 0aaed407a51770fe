#include "check/leak_checks.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "check/process_figures.h"

namespace assistd::check {
namespace {

constexpr int repetitions = 100;
constexpr Milliseconds quick{100};
// Looks at the process after so many calls: what grows from the first to the second and from there to the
// third grows for ever; what the first calls make for the later ones does not.
constexpr std::array looks = {20, 60, 100};
// What chance and the allocator's steps may add between two looks.
constexpr std::int64_t tolerated_kb = 96;
constexpr std::int64_t tolerated_descriptors = 3;

// A sanitizer keeps what was freed, so that a process of its build always grows.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool measures_memory = false;
#else
constexpr bool measures_memory = true;
#endif

struct Figures {
    std::array<std::optional<std::int64_t>, looks.size()> values;

    // How much comes with each call; nothing when it does not grow.
    std::optional<double> growth(std::int64_t tolerated) const {
        for (std::size_t i = 1; i < values.size(); ++i)
            if (!values[i] || !values[i - 1] || *values[i] - *values[i - 1] <= tolerated) return std::nullopt;
        return static_cast<double>(*values.back() - *values.front()) / (looks.back() - looks.front());
    }
};

struct Course {
    Figures memory_kb, descriptors;
    int wrong_at = 0;     // the call that did not end like the first
    int replaced_at = 0;  // the call before which the process was replaced
    std::string left;     // why
};

Course repeat(Caller& caller, const core::ToolSpec& tool, const tools::ToolExample& example,
              const Options& options) {
    Course course;
    pid_t process = 0;
    ExampleFiles files(example, options.files);
    for (int call = 1; call <= repetitions; ++call) {
        const Ran ran = caller.run(tool.name, example.arguments, files, example_time_limit(tool));
        if (!ran.result.success) {
            course.wrong_at = call;
            return course;
        }
        const pid_t now = caller.process();
        if (process != 0 && now != process) {
            course.replaced_at = call;
            return course;
        }
        if (!ran.result.left_behind.empty()) {
            course.replaced_at = call + 1;
            course.left = ran.result.left_behind;
            return course;
        }
        process = now;
        for (std::size_t i = 0; i < looks.size(); ++i)
            if (call == looks[i]) {
                if (measures_memory) course.memory_kb.values[i] = own_memory_kb(process);
                course.descriptors.values[i] = open_descriptors(process);
            }
    }
    return course;
}

std::string rounded(double number) {
    return nlohmann::json(std::round(number * 10) / 10).dump();
}

}  // namespace

void check_leaks(Caller& caller, const core::ToolSpec& tool, const std::vector<GoodExample>& good,
                 const Options& options, Report& report) {
    const auto quickest = std::ranges::min_element(good, {}, &GoodExample::time);
    if (quickest == good.end()) return;
    if (quickest->time > quick) {
        report.note(
            tool.name,
            "None of its examples is quick enough (100 ms) to be run a hundred times, so nothing is said "
            "of leaks.");
        return;
    }
    const Course course = repeat(caller, tool, *quickest->example, options);
    const nlohmann::json facts = {{"example", quickest->name}, {"repetitions", repetitions}};
    const std::string where = " when " + quickest->name + " is run again and again";
    const auto descriptors = course.descriptors.growth(tolerated_descriptors);
    const auto memory = course.memory_kb.growth(tolerated_kb);
    if (course.wrong_at > 0)
        report.fail(tool.name,
                    quickest->name + " fails when it is run for the " + std::to_string(course.wrong_at) +
                        "th time: something of earlier calls is left.",
                    facts);
    else if (course.replaced_at > 0 && course.left.empty())
        report.fail(tool.name,
                    "Its process ended by itself after " +
                        counted(static_cast<std::size_t>(course.replaced_at - 1), "call") + where +
                        ": something that they began went on behind them.",
                    facts);
    else if (course.replaced_at > 0)
        report.fail(tool.name,
                    "Its calls leave " + course.left + " behind, so that after " +
                        counted(static_cast<std::size_t>(course.replaced_at - 1), "call") +
                        " the process had to be replaced" + where +
                        ". End, close and free what a call began, opened and made.",
                    facts);
    if (descriptors)
        report.fail(tool.name,
                    "Each call leaves about " + rounded(*descriptors) + " descriptors open" + where +
                        ". Close what it opens.",
                    facts);
    if (memory)
        report.fail(tool.name,
                    "Each call leaves about " + rounded(*memory) + " KiB of memory behind" + where +
                        ". --valgrind tells where it comes from.",
                    facts);
    if (course.wrong_at == 0 && course.replaced_at == 0 && !descriptors && !memory)
        report.ok(tool.name,
                  quickest->name + " leaves neither descriptors nor memory behind in " +
                      std::to_string(repetitions) + " calls.",
                  facts);
}

}  // namespace assistd::check
