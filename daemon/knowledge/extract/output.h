#pragma once
// The text on its way to the daemon: cleaned, bounded, and written as lines of JSON while it is found.
// One thread.
//
//     {"unprotected": "…"}                                  first, where the kernel lacks protections
//     {"headings": ["Methods"], "page": 3, "text": "…"}     any number of times; parts of the text, in order
//     {"done": true}  or  {"failure": {"code", "clause"}}   last
//
// Cleaned: line ends are "\n", no more than one empty line in a row, no blanks at a line's end and no more
// than eight in a row, no control characters, and nothing invisible that would keep words from being found.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/extract/failure.h"

namespace assistd::extract {

class Output {
  public:
    Output(int fd, std::uint64_t most_bytes) : fd_(fd), most_bytes_(most_bytes) {}

    // What follows is a new paragraph below these headings, outermost first.
    void begin_section(std::vector<std::string> headings);
    // What follows is on this page, and may go on in the middle of a sentence.
    void begin_page(int page);
    // Whole characters of UTF-8. Throws Failure when it becomes more than may be.
    void text(std::string_view text);
    void end_line() { newlines_ = std::max(newlines_, 1); }
    void end_paragraph() { newlines_ = 2; }

    // Sentences about what this process is not kept from; the daemon tells people. Empty: nothing.
    void tell_unprotected(const std::string& sentences);

    bool has_text() const { return has_words_; }
    // Throws Failure when there was no text.
    void finish();
    void fail(FailureKind kind, const std::string& clause);

  private:
    struct Place {
        std::vector<std::string> headings;
        std::optional<int> page;
    };

    std::size_t special(std::string_view text);
    void visible(std::string_view text);
    void begin_visible();
    void flush();
    void write_line(const std::string& line) const;

    const int fd_;
    const std::uint64_t most_bytes_;
    std::uint64_t total_ = 0;
    Place place_;
    std::optional<Place> next_place_;
    std::string buffer_;
    // What goes before the next visible character.
    int newlines_ = 0;
    std::string blanks_;
    bool after_return_ = false;
    bool has_words_ = false;
};

// The headings that a text stands below while it is read. Their levels may have gaps.
class Outline {
  public:
    void add(int level, std::string heading);
    std::vector<std::string> path() const;

  private:
    std::vector<std::pair<int, std::string>> open_;
};

}  // namespace assistd::extract
