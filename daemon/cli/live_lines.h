#pragma once
// The last lines on a terminal, which change while what is above them stays: text that is still being
// written, progress bars. Only what has changed is written again, in one piece, so nothing flickers. One
// thread.

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace assistd::cli {

class LiveLines {
  public:
    // `size` is asked before each drawing: people change their windows.
    LiveLines(std::ostream& out, std::function<TerminalSize()> size) : out_(out), size_(std::move(size)) {}

    // `fixed` stays for good, and `live` stands below it until the next time. Each is one line that is
    // narrower than the terminal, with its escape sequences. Afterwards the cursor is behind the last live
    // line, or, without one, at the beginning of a line.
    void draw(const std::vector<std::string>& fixed, const std::vector<std::string>& live);

  private:
    std::string back_to(std::size_t& line) const;

    std::ostream& out_;
    std::function<TerminalSize()> size_;
    std::vector<std::string> drawn_;  // the live lines
};

}  // namespace assistd::cli
