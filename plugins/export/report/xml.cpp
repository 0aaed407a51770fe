#include "report/xml.h"

namespace assistd::exporting {
namespace {

// XML 1.0 has no control characters but tab and line ends.
std::string escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
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
