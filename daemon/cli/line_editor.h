#pragma once
// Lines typed at a terminal, edited with libedit: history that is kept in a file, text of several lines
// (Alt-Enter, a backslash at the end of a line, or pasted), names completed with Tab, and other things done
// while nobody types. One of them, on the main thread.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/interrupts.h"

namespace assistd::cli {

class LineEditor {
  public:
    enum class Got { line, interrupt, end };
    struct Helpers {
        // What a line that begins so may go on to; each is the whole line.
        std::function<std::vector<std::string>(const std::string&)> completions = {};
        // Called about twice a second while nobody types.
        std::function<void()> idle = {};
    };

    // Without a file, or where it cannot be written, history lasts as long as the program.
    LineEditor(Interrupts& interrupts, std::string history_file, Helpers helpers);
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    // Without the end of its last line. `line` is what was typed so far when it was interrupted.
    Got read(const std::string& prompt, std::string& line);
    // From idle(): puts lines above what is being typed.
    void print_above(const std::string& text);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Where the history of chats is kept: $XDG_STATE_HOME/assistctl/history, or below ~/.local/state. Empty where
// neither is known.
std::string history_file();

}  // namespace assistd::cli
