#pragma once
// Shows a turn to a person as its events arrive: the reply as it is written, a progress bar for each running
// tool on a terminal, plain lines in a pipe. Knows nothing of where events come from. One thread.

#include <chrono>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/api_client.h"
#include "cli/reply_text.h"
#include "cli/sse_reader.h"
#include "cli/terminal.h"

namespace assistd::cli {

class TurnRenderer {
  public:
    using Time = std::chrono::steady_clock::time_point;

    TurnRenderer(std::ostream& out, Terminal terminal) : out_(out), terminal_(terminal) {}

    void show(const Event& event, Time now);
    // Draws the bars again, with the time that has passed.
    void tick(Time now);
    // No bars until the next tick(), and the cursor at the start of a line: something is asked.
    void rest();
    // Leaves the cursor at the start of a line.
    void finish();

    const std::vector<Json>& artifacts() const { return artifacts_; }

  private:
    struct Tool {
        std::string id;
        std::string name;
        double fraction = 0;
        std::string note;
        Time began;
        int shown_percent = 0;  // in a pipe: what was told last
    };

    void tool_began(const Json& data, Time now);
    void tool_progress(const Json& data, Time now);
    void tool_ended(const Json& data, Time now);
    Tool* find(const std::string& id);

    void show_reply(const ReplyText::Shown& shown);
    void reply_completed(const Json& data);
    void write_sources(const Json& citations);
    void write_text(const std::string& text);
    void write_line(const std::string& line);  // above the bars
    void erase_bars();
    void draw_bars(Time now);
    void redraw(Time now);  // unless something is asked
    std::string bar_line(const Tool& tool, Time now) const;
    std::string painted(const std::string& text, const char* color) const;

    std::ostream& out_;
    Terminal terminal_;
    ReplyText reply_;
    std::vector<Tool> running_;
    std::vector<Json> artifacts_;
    std::size_t bars_drawn_ = 0;
    bool resting_ = false;
    bool in_line_ = false;  // text was written that did not end its line
};

}  // namespace assistd::cli
