#include "store/excerpts.h"

#include <algorithm>

#include "base/utf8.h"
#include "store/messages.h"

namespace assistd::store {
namespace {

constexpr char begin_mark = '\x02';
constexpr char end_mark = '\x03';
constexpr std::int64_t longest = 300;          // code points
constexpr std::int64_t in_front = 60;          // that are shown before what was found
constexpr std::size_t longest_text = 1 << 20;  // bytes that are looked through

bool starts_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

// Without line breaks and control characters, the marks' among them.
std::string in_one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (const char c : text) {
        const bool is_space = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
        if (!is_space)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return line;
}

// Takes the marks out of the text.
core::Excerpt unmarked(std::string_view marked) {
    core::Excerpt excerpt;
    std::int64_t position = 0;
    std::int64_t begin = 0;
    for (const char c : marked) {
        if (c == begin_mark)
            begin = position;
        else if (c == end_mark)
            excerpt.marks.push_back({begin, position});
        else {
            excerpt.text += c;
            position += starts_character(c) ? 1 : 0;
        }
    }
    return excerpt;
}

// A word may be as long as a message.
core::Excerpt shortened(core::Excerpt excerpt) {
    const auto length = static_cast<std::int64_t>(count_characters(excerpt.text));
    if (length <= longest) return excerpt;
    const std::int64_t found = excerpt.marks.empty() ? 0 : excerpt.marks.front().begin;
    const std::int64_t first = std::clamp<std::int64_t>(found - in_front, 0, length - longest);
    std::string_view rest = excerpt.text;
    rest.remove_prefix(first_code_points(rest, static_cast<std::size_t>(first)).size());
    core::Excerpt cut;
    cut.text = first_code_points(rest, static_cast<std::size_t>(longest));
    for (const core::Excerpt::Mark& mark : excerpt.marks) {
        const std::int64_t begin = std::max<std::int64_t>(mark.begin - first, 0);
        const std::int64_t end = std::min(mark.end - first, longest);
        if (begin < end) cut.marks.push_back({begin, end});
    }
    return cut;
}

}  // namespace

Excerpts::Excerpts() : index_(":memory:", Database::Mode::create) {
    index_.script("CREATE VIRTUAL TABLE excerpt USING fts5 (text)");
}

core::Excerpt Excerpts::of(std::string_view text, const std::string& words) {
    const std::string line = in_one_line(whole_characters(text, longest_text));
    index_.run("INSERT OR REPLACE INTO excerpt (rowid, text) VALUES (1, ?1)", line);
    Rows rows = index_.query(
        "SELECT snippet(excerpt, 0, char(2), char(3), '…', 32) FROM excerpt WHERE excerpt MATCH ?1", words);
    if (rows.next()) return shortened(unmarked(rows.view(0)));
    return shortened({line, {}});
}

}  // namespace assistd::store
