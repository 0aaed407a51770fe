#include "cli/turn_renderer.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "base/one_line.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr std::size_t bar_cells = 24;
constexpr int pipe_step_percent = 10;  // a pipe is told of every tenth
constexpr const char* green = "\x1b[32m";
constexpr const char* red = "\x1b[31m";
constexpr const char* dim = "\x1b[2m";

std::string text_of(const Json& data, const char* name) {
    const auto found = data.find(name);
    return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

int percent(double fraction) {
    return static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * 100));
}

double elapsed(TurnRenderer::Time from, TurnRenderer::Time to) {
    return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void TurnRenderer::show(const Event& event, Time now) {
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) return;
    if (event.name == "message.delta")
        show_reply(reply_.piece(text_of(data, "message_id"), text_of(data, "delta")));
    else if (event.name == "message.completed")
        reply_completed(data);
    else if (event.name == "tool.call")
        tool_began(data, now);
    else if (event.name == "approval.required" && !terminal_.interactive)
        write_line(text_of(data, "name") + ": waits for a person's approval");
    else if (event.name == "tool.progress")
        tool_progress(data, now);
    else if (event.name == "tool.result")
        tool_ended(data, now);
}

void TurnRenderer::tick(Time now) {
    resting_ = false;
    redraw(now);
}

void TurnRenderer::redraw(Time now) {
    if (!terminal_.interactive || resting_ || running_.empty()) return;
    erase_bars();
    draw_bars(now);
    out_.flush();
}

void TurnRenderer::rest() {
    erase_bars();
    if (in_line_) write_text("\n");
    out_.flush();
    resting_ = true;
}

void TurnRenderer::finish() {
    rest();
    resting_ = false;
    running_.clear();
}

TurnRenderer::Tool* TurnRenderer::find(const std::string& id) {
    const auto found =
        std::find_if(running_.begin(), running_.end(), [&](const Tool& tool) { return tool.id == id; });
    return found == running_.end() ? nullptr : &*found;
}

void TurnRenderer::tool_began(const Json& data, Time now) {
    Tool tool;
    tool.id = text_of(data, "tool_call_id");
    tool.name = text_of(data, "name");
    tool.began = now;
    if (!terminal_.interactive) {
        const std::string arguments = brief(data.value("arguments", Json()));
        write_line(tool.name + ": started" + (arguments.empty() ? "" : " with " + arguments));
    }
    if (in_line_) write_text("\n");
    running_.push_back(std::move(tool));
    redraw(now);
}

void TurnRenderer::tool_progress(const Json& data, Time now) {
    Tool* tool = find(text_of(data, "tool_call_id"));
    if (!tool) return;
    const auto fraction = data.find("fraction");
    if (fraction != data.end() && fraction->is_number()) tool->fraction = fraction->get<double>();
    tool->note = text_of(data, "note");
    if (terminal_.interactive) return redraw(now);
    const int told = percent(tool->fraction);
    if (told < tool->shown_percent + pipe_step_percent) return;
    tool->shown_percent = told;
    write_line(tool->name + ": " + std::to_string(told) + " %" +
               (tool->note.empty() ? "" : " " + tool->note));
}

void TurnRenderer::tool_ended(const Json& data, Time now) {
    const std::string id = text_of(data, "tool_call_id");
    const std::string name = text_of(data, "name");
    const std::string job = text_of(data, "job_id");
    const bool success = data.value("success", Json(false)) == true;
    std::string line = name + ": " + (!success ? "failed" : job.empty() ? "done" : "goes on as " + job);
    if (const Tool* tool = find(id); tool && job.empty())
        line += " in " + seconds_text(elapsed(tool->began, now));
    const std::string summary = text_of(data, "summary");
    if (!summary.empty() && job.empty()) line += ": " + summary;
    std::string handles;
    for (const Json& artifact : data.value("artifacts", Json::array())) {
        handles += (handles.empty() ? "" : ", ") + text_of(artifact, "handle");
        artifacts_.push_back(artifact);
    }
    if (!handles.empty()) line += " (" + handles + ")";
    std::erase_if(running_, [&](const Tool& tool) { return tool.id == id; });
    const std::string mark = !terminal_.interactive ? ""
                             : success              ? painted("✓ ", green)
                                                    : painted("✗ ", red);
    erase_bars();
    write_line(mark + line);
    redraw(now);
}

void TurnRenderer::show_reply(const ReplyText::Shown& shown) {
    if (shown.anew) write_line("(The reply begins anew.)");
    write_text(shown.text);
}

void TurnRenderer::reply_completed(const Json& data) {
    show_reply(reply_.complete());
    if (in_line_) write_text("\n");
    const Json message = data.value("message", Json::object());
    const std::string note = text_of(message, "note");
    if (!note.empty()) write_line("(" + note + ")");
    write_sources(message.value("citations", Json::array()));
}

// Each marker of the reply once, with what stands there.
void TurnRenderer::write_sources(const Json& citations) {
    std::vector<std::string> told;
    for (const Json& citation : citations) {
        const std::string marker = text_of(citation, "marker");
        if (std::ranges::find(told, marker) != told.end()) continue;
        if (told.empty()) write_line("\nSources:");
        told.push_back(marker);
        const std::string name = text_of(citation, "file_name");
        std::string line = marker;
        if (marker.find(name) == std::string::npos) line += " " + name;
        const Json page = citation.value("page", Json());
        if (page.is_number_integer()) line += ", page " + std::to_string(page.get<int>());
        const std::string quote = assistd::one_line(text_of(citation, "quote"));
        write_line(line + (quote.empty() ? "" : ": “" + quote + "”"));
    }
}

void TurnRenderer::write_text(const std::string& text) {
    const std::string clean = harmless(text);
    if (clean.empty()) return;
    erase_bars();
    out_ << clean;
    out_.flush();
    in_line_ = !clean.ends_with('\n');
}

void TurnRenderer::write_line(const std::string& line) {
    erase_bars();
    if (in_line_ || resting_) out_ << '\n';
    in_line_ = false;
    std::string shown = line;
    std::replace(shown.begin(), shown.end(), '\n', ' ');
    // The mark's colour is our own; everything else comes from outside.
    const std::size_t own = line.starts_with("\x1b[") ? line.find("\x1b[0m") + 4 : 0;
    out_ << shown.substr(0, own) << harmless(shown.substr(own)) << '\n';
    out_.flush();
}

void TurnRenderer::erase_bars() {
    if (bars_drawn_ == 0) return;
    if (bars_drawn_ > 1) out_ << "\x1b[" << bars_drawn_ - 1 << 'A';
    out_ << "\r\x1b[J";
    bars_drawn_ = 0;
}

void TurnRenderer::draw_bars(Time now) {
    for (const Tool& tool : running_) {
        if (bars_drawn_ > 0) out_ << '\n';
        out_ << '\r' << bar_line(tool, now);
        ++bars_drawn_;
    }
}

// "run_dla_simulation [############------------]  50 %  3.2 s  200 of 400"
std::string TurnRenderer::bar_line(const Tool& tool, Time now) const {
    const int done = percent(tool.fraction);
    const std::size_t full = bar_cells * static_cast<std::size_t>(done) / 100;
    std::string number = std::to_string(done);
    number.insert(0, 3 - number.size(), ' ');
    const std::string line = tool.name + " [" + std::string(full, '#') + std::string(bar_cells - full, '-') +
                             "] " + number + " %  " + seconds_text(elapsed(tool.began, now)) +
                             (tool.note.empty() ? "" : "  " + tool.note);
    // The last column stays free: a full line would wrap and could not be drawn again.
    return painted(one_line(line, terminal_.columns - 1), dim);
}

std::string TurnRenderer::painted(const std::string& text, const char* color) const {
    return terminal_.color ? color + text + "\x1b[0m" : text;
}

}  // namespace assistd::cli
