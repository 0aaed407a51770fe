#include "check/report.h"

#include <algorithm>
#include <ostream>

#include "base/one_line.h"

namespace assistd::check {

namespace {

constexpr std::size_t check_width = 22;  // most tools' names

// Plugins choose what stands in some sentences; none of it may steer a terminal.
std::string harmless(std::string_view text) {
    std::string kept;
    while (!text.empty()) {
        const std::size_t steering = steering_character(text);
        kept += steering > 0 ? ' ' : text.front();
        text.remove_prefix(std::max<std::size_t>(steering, 1));
    }
    return kept;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

}  // namespace

void Report::ok(const std::string& check, const std::string& sentence, nlohmann::json facts) {
    add("ok", check, sentence, std::move(facts));
}

void Report::note(const std::string& check, const std::string& sentence, nlohmann::json facts) {
    ++notes_;
    add("note", check, sentence, std::move(facts));
}

void Report::fail(const std::string& check, const std::string& sentence, nlohmann::json facts) {
    ++failures_;
    add("FAIL", check, sentence, std::move(facts));
}

void Report::add(const char* status, const std::string& check, const std::string& sentence,
                 nlohmann::json facts) {
    ++findings_;
    if (json_) {
        nlohmann::json finding = {{"check", check}, {"status", status}, {"message", sentence}};
        if (facts.is_object()) finding.update(facts);
        checks_.push_back(std::move(finding));
        return;
    }
    out_ << padded(status, 4) << "  " << padded(harmless(check), check_width) << "  " << harmless(sentence)
         << std::endl;
}

void Report::finish(const std::string& file) {
    if (json_) {
        about_["file"] = file;
        about_["good"] = good();
        about_["failures"] = failures_;
        about_["notes"] = notes_;
        about_["checks"] = std::move(checks_);
        out_ << about_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
        return;
    }
    const std::string notes = notes_ > 0 ? ", " + counted(static_cast<std::size_t>(notes_), "note") : "";
    out_ << "\n" << harmless(file);
    if (good())
        out_ << " works: " << counted(static_cast<std::size_t>(findings_), "check") << notes << "."
             << std::endl;
    else
        out_ << " is not ready: " << counted(static_cast<std::size_t>(failures_), "failure") << " in "
             << counted(static_cast<std::size_t>(findings_), "check") << notes << "." << std::endl;
}

std::string counted(std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == most) return text + " and " + std::to_string(names.size() - most) + " more";
        if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

}  // namespace assistd::check
