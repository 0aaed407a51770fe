#include "cli/live_lines.h"

#include <algorithm>
#include <ostream>

#include "cli/characters.h"

namespace assistd::cli {
namespace {

// Without its escape sequences, which are all of the form ESC [ … letter.
std::string visible(const std::string& line) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\x1b') {
            text += line[i];
            continue;
        }
        i += 2;
        while (i < line.size() && std::isalpha(static_cast<unsigned char>(line[i])) == 0) ++i;
    }
    return text;
}

// How many rows of the screen a line takes, also in a window that has become narrower since.
std::size_t rows_of(const std::string& line, std::size_t columns) {
    const std::size_t used = width(visible(line));
    return used == 0 ? 1 : (used + columns - 1) / columns;
}

}  // namespace

// The way from behind the last line to the beginning of `line`, or of the first one that is still on the
// screen: what has left it at the top cannot be reached any more.
std::string LiveLines::back_to(std::size_t& line) const {
    const TerminalSize size = size_();
    std::size_t up = 0;
    std::size_t first = drawn_.size();
    for (; first > line; --first) {
        const std::size_t rows = rows_of(drawn_[first - 1], size.columns);
        if (up + rows > size.rows && up > 0) break;
        up += rows;
    }
    line = first;
    return (up > 1 ? "\x1b[" + std::to_string(up - 1) + "A" : std::string()) + "\r";
}

void LiveLines::draw(const std::vector<std::string>& fixed, const std::vector<std::string>& live) {
    std::vector<std::string> wanted = fixed;
    wanted.insert(wanted.end(), live.begin(), live.end());
    const auto [was, is] = std::mismatch(drawn_.begin(), drawn_.end(), wanted.begin(), wanted.end());
    auto next = static_cast<std::size_t>(is - wanted.begin());  // the first line to be written
    const bool is_last = next + 1 == drawn_.size();
    std::string bytes;
    bool behind_line = was == drawn_.end() && !drawn_.empty();
    bool over_others = false;
    if (is_last && next < wanted.size() && wanted[next].starts_with(drawn_[next])) {
        bytes += wanted[next].substr(drawn_[next].size());
        behind_line = true;
        ++next;
    } else if (was != drawn_.end()) {
        // The cursor has to end behind a line: where only lines go, the one before them is written again.
        if (next == wanted.size() && next > 0) --next;
        bytes += back_to(next);
        over_others = true;
    }
    for (; next < wanted.size(); ++next) {
        if (behind_line) bytes += "\n";
        bytes += wanted[next] + (over_others ? "\x1b[K" : "");
        behind_line = true;
    }
    if (over_others) bytes += "\x1b[J";
    if (live.empty() && behind_line) bytes += "\n";
    drawn_ = live;
    if (bytes.empty()) return;
    out_ << bytes;
    out_.flush();
}

}  // namespace assistd::cli
