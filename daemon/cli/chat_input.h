#pragma once
// What a chat is told: lines that are edited at a terminal, or the lines of a pipe. One thread.

#include <memory>
#include <string>

#include "cli/line_editor.h"

namespace assistd::cli {

class ChatInput {
  public:
    using Got = LineEditor::Got;

    ChatInput(Interrupts& interrupts, bool person, LineEditor::Helpers helpers);

    Got read(const std::string& prompt, std::string& line);
    // From the helpers' idle().
    void print_above(const std::string& text) { editor_->print_above(text); }

  private:
    Got read_pipe(std::string& line);
    Got fill();

    Interrupts& interrupts_;
    std::unique_ptr<LineEditor> editor_;  // none: a pipe
    std::string buffer_;
    bool at_end_ = false;
};

}  // namespace assistd::cli
