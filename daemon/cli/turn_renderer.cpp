#include "cli/turn_renderer.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "base/one_line.h"
#include "cli/characters.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr std::size_t bar_cells = 24;
constexpr std::size_t kept_thought = 4'096;  // bytes: more than a line shows of it
constexpr int pipe_step_percent = 10;        // a pipe is told of every tenth
constexpr double least_told_s = 0.05;        // less would be told as 0.0
// Models write faster than anybody reads.
constexpr auto between_drawings = std::chrono::milliseconds(30);
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

TurnRenderer::TurnRenderer(std::ostream& out, std::ostream& err, Terminal terminal,
                           std::function<TerminalSize()> size, TitleOf title_of)
    : out_(out),
      err_(err),
      terminal_(terminal),
      size_(size ? std::move(size) : [terminal] { return TerminalSize{.columns = terminal.columns}; }),
      title_of_(title_of ? std::move(title_of) : [](const std::string& name) { return name; }),
      lines_(out, size_) {}

void TurnRenderer::show(const Event& event, Time now) {
    now_ = now;
    const Json data = Json::parse(event.data, nullptr, false);
    if (!data.is_object()) return;
    if (event.name == "thinking.delta") return think(data);
    // It thinks no more: it says or does something, or has ended.
    thought_.clear();
    if (event.name == "message.delta")
        show_reply(reply_.piece(text_of(data, "message_id"), text_of(data, "delta")), now);
    else if (event.name == "message.completed")
        reply_completed(data);
    else if (event.name == "tool.call")
        tool_began(data, now);
    else if (event.name == "approval.required")
        tool_asks(data);
    else if (event.name == "tool.progress")
        tool_progress(data, now);
    else if (event.name == "tool.result")
        tool_ended(data, now);
}

void TurnRenderer::tick(Time now) {
    now_ = now;
    // What was asked is answered: from now on they run.
    for (Tool& tool : running_)
        if (resting_ && std::exchange(tool.asks, false)) tool.began = now;
    resting_ = false;
    draw();
}

void TurnRenderer::rest() {
    end_text();
    resting_ = true;
    draw();
}

void TurnRenderer::finish() {
    running_.clear();
    away_.clear();
    thought_.clear();
    end_text();
    resting_ = false;
    draw();
}

void TurnRenderer::away(const std::string& sentence) {
    if (sentence == away_) return;
    away_ = sentence;
    if (!terminal_.interactive && !sentence.empty()) write_line(sentence);
    draw();
}

TurnRenderer::Tool* TurnRenderer::find(const std::string& id) {
    const auto found =
        std::find_if(running_.begin(), running_.end(), [&](const Tool& tool) { return tool.id == id; });
    return found == running_.end() ? nullptr : &*found;
}

// Once for each call: "Eden growth (run_eden_simulation)".
std::string TurnRenderer::title_and_name(const std::string& name) const {
    const std::string title = title_of_(name);
    return title == name ? name : title + " (" + name + ")";
}

void TurnRenderer::tool_began(const Json& data, Time now) {
    Tool tool;
    tool.id = text_of(data, "tool_call_id");
    tool.title = title_of_(text_of(data, "name"));
    tool.began = now;
    if (!terminal_.interactive) {
        const std::string arguments = brief(data.value("arguments", Json()));
        write_line(title_and_name(text_of(data, "name")) + ": started" +
                   (arguments.empty() ? "" : " with " + arguments));
    }
    end_text();
    begin(Part::tools);
    running_.push_back(std::move(tool));
    draw();
}

void TurnRenderer::tool_asks(const Json& data) {
    if (Tool* tool = find(text_of(data, "tool_call_id"))) tool->asks = true;
    if (!terminal_.interactive)
        write_line(title_of_(text_of(data, "name")) + ": waits for a person's approval");
}

void TurnRenderer::tool_progress(const Json& data, Time now) {
    Tool* tool = find(text_of(data, "tool_call_id"));
    if (!tool) return;
    if (std::exchange(tool->asks, false)) tool->began = now;
    const auto fraction = data.find("fraction");
    if (fraction != data.end() && fraction->is_number()) tool->fraction = fraction->get<double>();
    tool->note = text_of(data, "note");
    if (terminal_.interactive) return draw();
    const int told = percent(tool->fraction);
    if (told < tool->shown_percent + pipe_step_percent) return;
    tool->shown_percent = told;
    write_line(tool->title + ": " + std::to_string(told) + " %" +
               (tool->note.empty() ? "" : " " + tool->note));
}

void TurnRenderer::tool_ended(const Json& data, Time now) {
    const std::string id = text_of(data, "tool_call_id");
    const std::string name = text_of(data, "name");
    // In a pipe the name was told when it began.
    const bool is_told = !terminal_.interactive && find(id);
    const std::string job = text_of(data, "job_id");
    const bool success = data.value("success", Json(false)) == true;
    std::string line = (is_told ? title_of_(name) : title_and_name(name)) + ": " +
                       (!success      ? "failed"
                        : job.empty() ? "done"
                                      : "goes on as " + job);
    // How long a person thought about it is not how long it took, and what is done at once took no time.
    if (const Tool* tool = find(id); tool && job.empty() && !tool->asks)
        if (const double took = elapsed(tool->began, now); took >= least_told_s)
            line += " in " + seconds_text(took);
    const std::string summary = text_of(data, "summary");
    if (!summary.empty() && job.empty()) line += ": " + summary;
    std::string handles;
    for (const Json& artifact : data.value("artifacts", Json::array())) {
        handles += (handles.empty() ? "" : ", ") + text_of(artifact, "handle");
        artifacts_.push_back(artifact);
    }
    if (!handles.empty()) line += " (" + handles + ")";
    std::erase_if(running_, [&](const Tool& tool) { return tool.id == id; });
    write_line(line, success ? green : red, success ? "✓ " : "✗ ");
}

// Shown while it goes on, and to people only: it is no part of the answer.
void TurnRenderer::think(const Json& data) {
    thought_ += text_of(data, "delta");
    if (thought_.size() > 2 * kept_thought) thought_.erase(0, thought_.size() - kept_thought);
    if (now_ - drawn_at_ < between_drawings) return;
    drawn_at_ = now_;
    draw();
}

void TurnRenderer::show_reply(const ReplyText::Shown& shown, Time now) {
    if (shown.anew) write_line("(The reply begins anew.)");
    write_text(shown.text, now);
}

void TurnRenderer::reply_completed(const Json& data) {
    show_reply(reply_.complete(), now_);
    end_text();
    const Json message = data.value("message", Json::object());
    const std::string note = text_of(message, "note");
    // That it was stopped is told at the turn's end.
    const bool is_told = text_of(message, "finish_reason") == "cancelled";
    if (!note.empty() && !is_told) write_line("(" + note + ")");
    write_sources(message.value("citations", Json::array()));
    draw();
}

// Each marker of the reply once, with what stands there. In a pipe too they are a part of the answer.
void TurnRenderer::write_sources(const Json& citations) {
    const auto tell = [this](const std::string& line) {
        if (terminal_.interactive)
            write_line(line);
        else
            out_ << harmless(line) << std::endl;
    };
    std::vector<std::string> told;
    for (const Json& citation : citations) {
        const std::string marker = text_of(citation, "marker");
        if (std::ranges::find(told, marker) != told.end()) continue;
        if (told.empty() && !terminal_.interactive) out_ << '\n';
        if (told.empty()) tell("Sources:");
        told.push_back(marker);
        const std::string name = text_of(citation, "file_name");
        std::string line = marker;
        if (marker.find(name) == std::string::npos) line += " " + name;
        const Json page = citation.value("page", Json());
        if (page.is_number_integer()) line += ", page " + std::to_string(page.get<int>());
        const std::string quote = assistd::one_line(text_of(citation, "quote"));
        tell(line + (quote.empty() ? "" : ": “" + quote + "”"));
    }
}

// What a tool did and what the model says stand apart.
void TurnRenderer::begin(Part part) {
    if (terminal_.interactive && part_ != Part::nothing && part_ != part) fixed_.emplace_back();
    part_ = part;
}

void TurnRenderer::write_text(const std::string& text, Time now) {
    if (text.empty()) return;
    if (!terminal_.interactive) {
        out_ << harmless(text);
        out_.flush();
        in_line_ = !text.ends_with('\n');
        return;
    }
    if (text_.empty()) begin(Part::reply);
    text_.add(text);
    if (now - drawn_at_ < between_drawings) return;
    drawn_at_ = now;
    draw();
}

void TurnRenderer::end_text() {
    if (in_line_) out_ << '\n' << std::flush;
    in_line_ = false;
    if (text_.empty() || resting_) return;
    for (const StyledLine& line : text_.finish(look())) fixed_.push_back(to_terminal(line, terminal_.color));
}

// The mark with its colour is our own; the line may come from outside.
void TurnRenderer::write_line(const std::string& line, const char* color, const std::string& mark) {
    const std::string clean = one_line(line, line.size());
    if (!terminal_.interactive) {
        if (in_line_) out_ << '\n' << std::flush;
        in_line_ = false;
        err_ << clean << std::endl;
        return;
    }
    end_text();
    begin(Part::tools);
    std::vector<StyledLine> shown = wrapped({{clean}}, look().columns - width(mark));
    for (std::size_t i = 0; i < shown.size(); ++i)
        fixed_.push_back((i == 0 ? painted(mark, color) : std::string(width(mark), ' ')) +
                         to_terminal(shown[i], false));
    if (resting_) out_ << '\n';  // behind what is asked
    draw();
}

void TurnRenderer::draw() {
    if (!terminal_.interactive) return;
    std::vector<std::string> live;
    if (!resting_) {
        for (const StyledLine& line : text_.closed(look()))
            fixed_.push_back(to_terminal(line, terminal_.color));
        for (const StyledLine& line : text_.open(look())) live.push_back(to_terminal(line, terminal_.color));
        if (!thought_.empty()) live.push_back(thought_line());
        for (const Tool& tool : running_) live.push_back(bar_line(tool));
        if (!away_.empty()) live.push_back(painted(one_line(away_, look().columns), dim));
    }
    lines_.draw(std::exchange(fixed_, {}), live);
}

// "DLA simulation [############------------]  50 %  3.2 s  200 of 400"
std::string TurnRenderer::bar_line(const Tool& tool) const {
    const int done = percent(tool.fraction);
    const std::size_t full = bar_cells * static_cast<std::size_t>(done) / 100;
    std::string number = std::to_string(done);
    number.insert(0, 3 - number.size(), ' ');
    const std::string line = tool.title + " [" + std::string(full, '#') + std::string(bar_cells - full, '-') +
                             "] " + number + " %  " + seconds_text(elapsed(tool.began, now_)) +
                             (tool.note.empty() ? "" : "  " + tool.note);
    return painted(one_line(line, look().columns), dim);
}

// Its end, as far as there is room.
std::string TurnRenderer::thought_line() const {
    const std::string begin = "Thinking: ";
    const std::string line = assistd::one_line(thought_);
    const std::vector<Character> all = characters(line);
    std::size_t room = look().columns - begin.size() - 1;
    auto first = all.end();
    while (first != all.begin() && std::prev(first)->columns <= room) room -= (--first)->columns;
    std::string tail = first == all.begin() ? "" : "…";
    for (; first != all.end(); ++first) tail += first->bytes;
    return painted(begin + tail, dim);
}

std::string TurnRenderer::painted(const std::string& text, const char* color) const {
    return terminal_.color && *color ? color + text + "\x1b[0m" : text;
}

// The last column stays free: a full line may wrap, and could not be drawn again.
MarkdownLook TurnRenderer::look() const {
    return {.columns = std::max<std::size_t>(size_().columns, 20) - 1, .styled = terminal_.color};
}

}  // namespace assistd::cli
