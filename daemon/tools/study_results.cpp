#include "tools/study_results.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/utf8.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

// More would be a table that nobody reads, and memory for each combination.
constexpr std::size_t most_metrics = 100;
// Likewise of warnings, for each run and each combination.
constexpr std::size_t most_warnings = 8;
constexpr std::size_t longest_warning = 500;  // bytes

void take_numbers(const json& object, const std::string& prefix, const json& given, json& metrics) {
    for (const auto& [name, value] : object.items()) {
        if (metrics.size() >= most_metrics) return;
        if (prefix.empty() && given.contains(name) && given.at(name) == value) continue;
        if (value.is_number() && std::isfinite(value.get<double>())) metrics[prefix + name] = value;
    }
}

// "R^2 = 0.913" and "R^2 = 0.927" warn of the same.
std::string without_numbers(const std::string& text) {
    std::string same;
    bool in_number = false;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && !(in_number && c == '.')) same += c;
        if (digit && !in_number) same += '#';
        in_number = digit || (in_number && c == '.');
    }
    return same;
}

constexpr std::string_view some_number = "\u2026";

// "R^2 = 0.913, …" in turn as what is no number and what is one: "R^", "2", " = ", "0.913", ", ", "…", "".
std::vector<std::string> in_numbers(std::string_view text) {
    std::vector<std::string> parts(1);
    const auto digit_at = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        if (text.substr(i).starts_with(some_number)) end += some_number.size();
        while (digit_at(end) || (end > i && digit_at(end - 1) && digit_at(end + 1) && text[end] == '.'))
            ++end;
        if (end == i) {
            parts.back() += text[i++];
            continue;
        }
        parts.emplace_back(text.substr(i, end - i));
        parts.emplace_back();
        i = end;
    }
    return parts;
}

// What two warnings of the same say of both: of a number that differs "…".
std::string shared_text(const std::string& one, const std::string& other) {
    std::vector<std::string> parts = in_numbers(one), others = in_numbers(other);
    if (one == other || parts.size() != others.size()) return one;
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += i % 2 == 0 || parts[i] == others[i] ? parts[i] : std::string(some_number);
    return text;
}

}  // namespace

json metrics_of(const json& data, const json& given) {
    json metrics = json::object();
    if (!data.is_object()) return metrics;
    take_numbers(data, "", given, metrics);
    for (const auto& [name, value] : data.items())
        if (value.is_object() && name != "parameters") take_numbers(value, name + ".", given, metrics);
    return metrics;
}

std::vector<std::string> warnings_of(const json& data) {
    std::vector<std::string> warnings;
    const auto said = data.is_object() ? data.find("warnings") : data.end();
    if (said == data.end() || !said->is_array()) return warnings;
    for (const json& warning : *said)
        if (warning.is_string()) add_warning(warnings, warning.get_ref<const std::string&>());
    return warnings;
}

void add_warning(std::vector<std::string>& warnings, const std::string& warning) {
    if (warnings.size() < most_warnings) warnings.emplace_back(whole_characters(warning, longest_warning));
}

StudyStatistics::StudyStatistics(StudyPlan plan, int first, int after)
    : plan_(std::move(plan)),
      first_(first),
      combinations_(static_cast<std::size_t>(std::max(0, after - first))) {}

void StudyStatistics::Sums::add(double value) {
    least = count == 0 ? value : std::min(least, value);
    most = count == 0 ? value : std::max(most, value);
    ++count;
    const double difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
}

void StudyStatistics::add(const core::StudyRun& run) {
    const auto place = static_cast<std::size_t>(plan_.combination_of(run.number) - first_);
    if (run.state == core::RunState::running || run.number < 1 || place >= combinations_.size()) return;
    Combination& combination = combinations_[place];
    if (run.state == core::RunState::failed) {
        ++combination.failed;
        return;
    }
    ++combination.completed;
    for (const std::string& warning : run.warnings) {
        const std::string same = without_numbers(warning);
        if (!combination.warnings.contains(same) && combination.warnings.size() == most_warnings) continue;
        core::SharedWarning& shared = combination.warnings[same];
        shared.text = shared.runs++ == 0 ? warning : shared_text(shared.text, warning);
    }
    const json metrics = json::parse(run.metrics);
    for (const auto& [name, value] : metrics.items()) combination.metrics[name].add(value.get<double>());
}

std::vector<core::StudyCombination> StudyStatistics::take() {
    std::vector<core::StudyCombination> results;
    for (std::size_t i = 0; i < combinations_.size(); ++i) {
        core::StudyCombination result;
        result.parameters = plan_.combination(first_ + static_cast<int>(i)).dump();
        result.completed = combinations_[i].completed;
        result.failed = combinations_[i].failed;
        for (const auto& [name, sums] : combinations_[i].metrics) {
            const double std = sums.count > 1 ? std::sqrt(sums.squares / (sums.count - 1)) : 0;
            result.metrics.push_back({name, sums.count, sums.mean, std, sums.least, sums.most});
        }
        for (auto& [same, warning] : combinations_[i].warnings) result.warnings.push_back(std::move(warning));
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace assistd::tools
