#include "report/xml.h"

#include <algorithm>

namespace assistd::exporting {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// How many bytes the character at the beginning takes; 0 when it is none: cut short, longer than it need be,
// a surrogate, beyond U+10FFFF.
std::size_t character_at(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) return 1;
    const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : byte(0) >= 0xc0 ? 2 : 0;
    if (length == 0 || byte(0) > 0xf4 || text.size() < length) return 0;
    char32_t code = byte(0) & (0x7f >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
        code = code << 6 | (byte(i) & 0x3f);
    }
    constexpr char32_t smallest[] = {0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < smallest[length - 2] || code > 0x10ffff || is_surrogate) return 0;
    return length;
}

// The two characters of several bytes that XML 1.0 forbids, U+FFFE and U+FFFF.
bool is_forbidden(std::string_view character) {
    return character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf";
}

// XML 1.0 has no control characters but tab and line ends.
std::string escaped(std::string_view text) {
    std::string escaped;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = character_at(text.substr(at));
        if (length != 1) {
            const std::string_view character = text.substr(at, length);
            escaped += length == 0 || is_forbidden(character) ? replacement : character;
            at += std::max<std::size_t>(length, 1);
            continue;
        }
        const char c = text[at++];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            escaped += "&amp;";
        else if (c == '<')
            escaped += "&lt;";
        else if (c == '>')
            escaped += "&gt;";
        else if (c == '"')
            escaped += "&quot;";
        else
            escaped += byte < ' ' && c != '\t' && c != '\n' ? ' ' : c;
    }
    return escaped;
}

}  // namespace

XmlWriter::XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n") {}

void XmlWriter::begin(std::string_view name, Attributes attributes) {
    out_ += '<';
    out_ += name;
    for (const auto& [key, value] : attributes) {
        out_ += ' ';
        out_ += key;
        out_ += "=\"" + escaped(value) + '"';
    }
}

XmlWriter& XmlWriter::open(std::string_view name, Attributes attributes) {
    begin(name, attributes);
    out_ += '>';
    open_.emplace_back(name);
    return *this;
}

XmlWriter& XmlWriter::close() {
    out_ += "</" + open_.back() + ">";
    open_.pop_back();
    return *this;
}

XmlWriter& XmlWriter::empty(std::string_view name, Attributes attributes) {
    begin(name, attributes);
    out_ += "/>";
    return *this;
}

XmlWriter& XmlWriter::text(const std::string& text) {
    out_ += escaped(text);
    return *this;
}

std::string XmlWriter::finish() {
    while (!open_.empty()) close();
    return std::move(out_);
}

}  // namespace assistd::exporting
