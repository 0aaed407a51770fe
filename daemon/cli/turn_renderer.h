#pragma once
// Shows a turn to a person as its events arrive. On a terminal: the reply as formatted text that grows, and a
// progress bar for each running tool below it. In a pipe: the reply alone, as it was said, on `out`, and
// plain lines about the rest on `err`. Knows nothing of where events come from. One thread.

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/api_client.h"
#include "cli/live_lines.h"
#include "cli/markdown_stream.h"
#include "cli/reply_text.h"
#include "cli/sse_reader.h"
#include "cli/terminal.h"

namespace assistd::cli {

class TurnRenderer {
  public:
    using Time = std::chrono::steady_clock::time_point;

    using TitleOf = std::function<std::string(const std::string& name)>;

    // `size` is the terminal's at any moment; without it, it stays what `terminal` says. `title_of` gives a
    // tool's title for its name; without it, names are shown.
    TurnRenderer(std::ostream& out, std::ostream& err, Terminal terminal,
                 std::function<TerminalSize()> size = {}, TitleOf title_of = {});

    void show(const Event& event, Time now);
    // Draws again, with the time that has passed.
    void tick(Time now);
    // Nothing changes until the next tick(), and the cursor is at the start of a line: something is asked.
    void rest();
    // Leaves the cursor at the start of a line.
    void finish();
    // A sentence that stands below all else while the daemon is away; empty: it is back.
    void away(const std::string& sentence);

    const std::vector<Json>& artifacts() const { return artifacts_; }

  private:
    struct Tool {
        std::string id;
        std::string title;
        double fraction = 0;
        std::string note;
        Time began;
        bool asks = false;      // whether it may run
        int shown_percent = 0;  // in a pipe: what was told last
    };
    enum class Part { nothing, reply, tools };  // that was shown last

    void tool_began(const Json& data, Time now);
    void tool_asks(const Json& data);
    void tool_progress(const Json& data, Time now);
    void tool_ended(const Json& data, Time now);
    Tool* find(const std::string& id);
    std::string title_and_name(const std::string& name) const;

    void think(const Json& data);
    void show_reply(const ReplyText::Shown& shown, Time now);
    void reply_completed(const Json& data);
    void write_sources(const Json& citations);
    void write_text(const std::string& text, Time now);
    void end_text();
    void write_line(const std::string& line, const char* color = "", const std::string& mark = "");
    void begin(Part part);
    void draw();
    std::string bar_line(const Tool& tool) const;
    std::string thought_line() const;
    std::string painted(const std::string& text, const char* color) const;
    MarkdownLook look() const;

    std::ostream& out_;
    std::ostream& err_;
    Terminal terminal_;
    std::function<TerminalSize()> size_;
    TitleOf title_of_;
    LiveLines lines_;
    ReplyText reply_;
    MarkdownStream text_;
    std::vector<std::string> fixed_;  // lines that are to be drawn and stay
    std::vector<Tool> running_;
    std::vector<Json> artifacts_;
    std::string away_;
    std::string thought_;  // what is thought now
    Part part_ = Part::nothing;
    Time now_;       // when something was heard last
    Time drawn_at_;  // when text was drawn last
    bool resting_ = false;
    bool in_line_ = false;  // in a pipe: text was written that did not end its line
};

}  // namespace assistd::cli
