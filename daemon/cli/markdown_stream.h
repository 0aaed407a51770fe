#pragma once
// Markdown that arrives in pieces of any size: what can no longer change is told apart from what still can,
// so that each piece costs as much as the paragraph that it belongs to and not as the whole text. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "cli/markdown.h"

namespace assistd::cli {

class MarkdownStream {
  public:
    void add(std::string_view text) { open_ += text; }

    // The lines of the blocks that have ended since the last time.
    std::vector<StyledLine> closed(const MarkdownLook& look);
    // The lines of the block that may still go on.
    std::vector<StyledLine> open(const MarkdownLook& look) const;
    // All that is left; the next text is another one.
    std::vector<StyledLine> finish(const MarkdownLook& look);
    bool empty() const { return open_.empty() && !has_closed_; }

  private:
    void scan();
    void line(std::string_view text, std::size_t at);

    std::vector<StyledLine> lines_of(std::string_view text, const MarkdownLook& look) const;

    std::string open_;
    std::size_t scanned_ = 0;  // of open_: whole lines that line() has seen
    std::size_t closed_ = 0;   // of open_: where the block begins that may go on
    std::string fence_;        // that the code block opened with which we are in
    bool after_blank_ = false;
    bool has_closed_ = false;  // something of this text was shown already
};

}  // namespace assistd::cli
