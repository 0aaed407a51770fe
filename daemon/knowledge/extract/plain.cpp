#include <utility>

#include "knowledge/extract/lines.h"
#include "knowledge/extract/readers.h"

namespace assistd::extract {
namespace {

std::string trimmed(const std::string& text, const char* what) {
    const std::size_t begin = text.find_first_not_of(what);
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

// Of a line with at most three blanks before it; 0: it is none.
std::size_t run_at_start(const std::string& line, char mark) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || begin > 3) return 0;
    const std::size_t end = line.find_first_not_of(mark, begin);
    return (end == std::string::npos ? line.size() : end) - begin;
}

// CommonMark's two kinds of headings, outside of fenced code. A line waits until the next one has told
// whether it is a heading.
class Markdown {
  public:
    explicit Markdown(Output& output) : output_(output) {}

    void line(const std::string& line) {
        const std::string bare = trimmed(line, " \t\r\n");
        if (const int level = underline_level(bare)) {
            begin_section(level, trimmed(waiting_, " \t\r\n"));
            put(waiting_ + line);
            waiting_.clear();
            return;
        }
        put(std::exchange(waiting_, {}));
        look_at_fence(line);
        const std::size_t marks = run_at_start(line, '#');
        const bool heading = fence_.empty() && marks >= 1 && marks <= 6 &&
                             (bare.size() == marks || bare[marks] == ' ' || bare[marks] == '\t');
        if (heading) {
            begin_section(static_cast<int>(marks), trimmed(bare, "# \t"));
            put(line);
        } else {
            waiting_ = line;
        }
    }
    void finish() { put(std::exchange(waiting_, {})); }

  private:
    int underline_level(const std::string& bare) const {
        if (!fence_.empty() || trimmed(waiting_, " \t\r\n").empty() || waiting_.find("```") == 0) return 0;
        if (bare.empty() || waiting_.find_first_of("|>-*") == 0) return 0;
        if (bare.find_first_not_of('=') == std::string::npos) return 1;
        return bare.size() >= 2 && bare.find_first_not_of('-') == std::string::npos ? 2 : 0;
    }
    void look_at_fence(const std::string& line) {
        for (const char mark : {'`', '~'}) {
            const std::size_t run = run_at_start(line, mark);
            if (run < 3) continue;
            if (fence_.empty())
                fence_.assign(run, mark);
            else if (fence_.front() == mark && run >= fence_.size())
                fence_.clear();
            return;
        }
    }
    void begin_section(int level, const std::string& heading) {
        outline_.add(level, heading);
        output_.begin_section(outline_.path());
    }
    void put(const std::string& text) { output_.text(text); }

    Output& output_;
    Outline outline_;
    std::string waiting_;
    std::string fence_;  // that closes the code that is open
};

}  // namespace

void read_plain(const InputFile& file, Output& output) {
    TextReader reader(file, form_of(file));
    for (std::string piece; reader.next(piece);) output.text(piece);
}

void read_markdown(const InputFile& file, Output& output) {
    Lines lines(file, form_of(file));
    Markdown markdown(output);
    for (std::string line; lines.next(line);) markdown.line(line);
    markdown.finish();
}

}  // namespace assistd::extract
