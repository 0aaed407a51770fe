#include "cli/markdown_stream.h"

#include <algorithm>
#include <cctype>

namespace assistd::cli {
namespace {

std::string_view without_indent(std::string_view line) {
    return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
}

// "```" or "~~~~": the sign of a fence as long as it is; empty when the line is none.
std::string_view fence_of(std::string_view line) {
    const std::string_view text = without_indent(line);
    if (text.empty() || (text[0] != '`' && text[0] != '~')) return {};
    const std::size_t size = std::min(text.find_first_not_of(text[0]), text.size());
    return size >= 3 ? text.substr(0, size) : std::string_view();
}

// Whether a block may go on with this line although a blank one stands before it: a list does, and what is
// indented belongs to one.
bool may_go_on(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t' || line.front() == '>') return true;
    if (line.front() == '-' || line.front() == '*' || line.front() == '+')
        return line.size() == 1 || line[1] == ' ' || line[1] == '\t';
    const std::size_t digits = static_cast<std::size_t>(
        std::find_if_not(line.begin(), line.end(), [](unsigned char c) { return std::isdigit(c); }) -
        line.begin());
    return digits > 0 && (digits == line.size() || line[digits] == '.' || line[digits] == ')');
}

}  // namespace

void MarkdownStream::line(std::string_view text, std::size_t at) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    const std::string_view fence = fence_of(text);
    const bool blank = without_indent(text).empty();
    if (!fence_.empty()) {
        const bool closes = fence.starts_with(fence_) && without_indent(text).size() == fence.size();
        if (closes) fence_.clear();
        return;
    }
    if (after_blank_ && !blank && !may_go_on(text)) closed_ = at;
    if (!fence.empty()) fence_ = fence;
    after_blank_ = blank;
}

void MarkdownStream::scan() {
    while (true) {
        const std::size_t end = open_.find('\n', scanned_);
        if (end == std::string::npos) return;
        line(std::string_view(open_).substr(scanned_, end - scanned_), scanned_);
        scanned_ = end + 1;
    }
}

std::vector<StyledLine> MarkdownStream::lines_of(std::string_view text, const MarkdownLook& look) const {
    std::vector<StyledLine> lines = markdown_lines(text, look);
    // Each block stands apart from the one before, also where that was shown long ago.
    if (has_closed_ && !lines.empty()) lines.insert(lines.begin(), StyledLine());
    return lines;
}

std::vector<StyledLine> MarkdownStream::closed(const MarkdownLook& look) {
    scan();
    if (closed_ == 0) return {};
    std::vector<StyledLine> lines = lines_of(std::string_view(open_).substr(0, closed_), look);
    has_closed_ = has_closed_ || !lines.empty();
    open_.erase(0, closed_);
    scanned_ -= closed_;
    closed_ = 0;
    return lines;
}

std::vector<StyledLine> MarkdownStream::open(const MarkdownLook& look) const {
    return lines_of(open_, look);
}

std::vector<StyledLine> MarkdownStream::finish(const MarkdownLook& look) {
    std::vector<StyledLine> lines = lines_of(open_, look);
    *this = {};
    return lines;
}

}  // namespace assistd::cli
