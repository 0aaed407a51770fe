#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/one_line.h"

namespace assistd::cli {
namespace {

template <class... Args>
std::string format(const char* pattern, Args... args) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), pattern, args...);
    return text.data();
}

// A row as "job_1", and below it "  STATE  running" for each other cell that is not empty.
std::string blocks(const std::vector<std::vector<std::string>>& rows, const Terminal& terminal) {
    const std::vector<std::string>& headings = rows.front();
    std::size_t widest = 0;
    for (std::size_t i = 1; i < headings.size(); ++i) widest = std::max(widest, width(headings[i]));
    const std::size_t indent = widest + 4;
    std::string text;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        text += one_line(rows[row].front(), rows[row].front().size()) + "\n";
        for (std::size_t i = 1; i < rows[row].size(); ++i) {
            const std::string cell = one_line(rows[row][i], rows[row][i].size());
            if (cell.empty()) continue;
            text += "  " + headings[i] + std::string(indent - 2 - width(headings[i]), ' ') +
                    wrapped(cell, terminal.columns, indent).substr(indent) + "\n";
        }
    }
    return text;
}

}  // namespace

TerminalSize terminal_size() {
    TerminalSize known;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return known;
    if (size.ws_col > 20) known.columns = size.ws_col;
    if (size.ws_row > 1) known.rows = size.ws_row;
    return known;
}

Terminal terminal_of_stdout(bool allow_color) {
    const char* kind = std::getenv("TERM");
    Terminal terminal;
    terminal.interactive = ::isatty(STDOUT_FILENO) == 1 && std::string_view(kind ? kind : "") != "dumb";
    const char* no_color = std::getenv("NO_COLOR");
    terminal.color = terminal.interactive && allow_color && (no_color == nullptr || *no_color == '\0');
    terminal.columns = terminal_size().columns;
    return terminal;
}

std::string harmless(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    while (!text.empty()) {
        const bool is_layout = text.front() == '\n' || text.front() == '\t';
        const std::size_t steering = is_layout ? 0 : steering_character(text);
        if (steering == 0) kept += text.front();
        text.remove_prefix(std::max<std::size_t>(steering, 1));
    }
    return kept;
}

std::string one_line(std::string_view text, std::size_t columns) {
    std::string line = harmless(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::replace(line.begin(), line.end(), '\t', ' ');
    if (width(line) <= columns) return line;
    if (columns == 0) return "";
    return std::string(beginning(line, columns - 1)) + "…";
}

std::string size_text(long long bytes) {
    if (bytes < 1'000) return format("%lld B", bytes);
    if (bytes < 1'000'000) return format("%.1f kB", static_cast<double>(bytes) / 1e3);
    if (bytes < 1'000'000'000) return format("%.1f MB", static_cast<double>(bytes) / 1e6);
    return format("%.1f GB", static_cast<double>(bytes) / 1e9);
}

std::string seconds_text(double seconds) {
    if (seconds < 60) return format("%.1f s", seconds);
    const int whole = static_cast<int>(seconds);
    return format("%d:%02d min", whole / 60, whole % 60);
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
    const std::string margin(indent, ' ');
    std::string all;
    while (true) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view rest = text.substr(0, end);
        // The first line has its margin in any case: what stands beside it may be put there.
        std::string line = rest.empty() && !all.empty() ? "" : margin;
        if (!rest.empty() && width(rest) + indent <= columns)
            line += std::exchange(rest, {});  // with its blanks, as it is
        while (!rest.empty()) {
            const std::size_t space = std::min(rest.find(' '), rest.size());
            const std::string_view word = rest.substr(0, space);
            const std::size_t blank = line.size() > indent ? 1 : 0;
            if (blank && width(line) + blank + width(word) > columns) {
                all += line + "\n";
                line = margin;
            } else if (blank) {
                line += ' ';
            }
            line += word;
            rest.remove_prefix(std::min(space + 1, rest.size()));
        }
        all += line;
        if (end == text.size()) return all;
        all += '\n';
        text.remove_prefix(end + 1);
    }
}

std::string table(const std::vector<std::vector<std::string>>& rows, const Terminal& terminal,
                  LastColumn last) {
    constexpr std::size_t room_to_wrap = 16;  // narrower than that, wrapped text is a ladder of words
    constexpr std::size_t room_to_cut = 8;
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(one_line(row[i], row[i].size())));
    }
    std::size_t before_last = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + 2;
    const bool wraps = last == LastColumn::wraps;
    const std::size_t room = std::min(widths.empty() ? 0 : widths.back(), wraps ? room_to_wrap : room_to_cut);
    if (terminal.interactive && terminal.columns < before_last + room) return blocks(rows, terminal);
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            const std::string cell = one_line(row[i], row[i].size());
            line += cell + std::string(widths[i] - width(cell) + 2, ' ');
        }
        const std::string end = row.empty() ? "" : one_line(row.back(), row.back().size());
        if (terminal.interactive && wraps)
            line += wrapped(end, terminal.columns, before_last).substr(before_last);
        else
            line = terminal.interactive ? one_line(line + end, terminal.columns) : line + end;
        text += line + "\n";
    }
    return text;
}

}  // namespace assistd::cli
