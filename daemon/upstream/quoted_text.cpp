#include "upstream/quoted_text.h"

#include "base/json_text.h"
#include "base/utf8.h"

namespace assistd {
namespace {

constexpr std::size_t line_limit = 16 << 10;

}  // namespace

std::string on_one_line(std::string_view text) {
    return excerpt(text, line_limit);
}

std::string excerpt(std::string_view text, std::size_t limit) {
    std::string out;
    for (const char c : text) {
        if (out.size() > limit) break;
        const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    const bool cut = out.size() > limit;
    if (cut) out.resize(whole_characters(out, limit).size());
    out = repair_utf8(out);
    while (!out.empty() && out.back() == ' ') out.pop_back();
    if (cut) out += "…";
    return out;
}

std::string quoted(std::string_view text, std::size_t limit) {
    return "\"" + excerpt(text, limit) + "\"";
}

std::string with_full_stop(std::string text) {
    const std::string_view told =
        text.ends_with('"') ? std::string_view(text).substr(0, text.size() - 1) : text;
    const bool has_one = told.ends_with('.') || told.ends_with('!') || told.ends_with('?');
    return has_one ? text : text + ".";
}

}  // namespace assistd
