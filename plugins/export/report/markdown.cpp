#include "report/markdown.h"

#include <algorithm>
#include <cstring>

#include "report/references.h"

namespace assistd::exporting {
namespace {

std::size_t place_of(const std::vector<std::string>& keys, const std::string& key) {
    return static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin()) + 1;
}

// What would be markup, as itself.
std::string escaped(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (std::strchr("\\`*_[]<>|#", c)) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string words(const Text& text, const Document& document, PlainStyle style) {
    std::string out;
    for (const Run& run : text.runs()) {
        switch (run.kind) {
            case Run::Kind::text:
                out += run.script == Run::Script::above ? "^" : "";
                out += style == PlainStyle::markdown && !run.italic ? escaped(run.text) : run.text;
                break;
            case Run::Kind::number:
                out += number_text(run);
                break;
            case Run::Kind::citation:
                out += " [" + std::to_string(place_of(document.references, run.text)) + "]";
                break;
            case Run::Kind::reference:
                out += (run.text.starts_with("figure:") ? "Figure " : "Table ") +
                       std::to_string(number_of(document, run.text));
                break;
        }
    }
    return out;
}

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string table_of(const Table& table, const Document& document, PlainStyle style) {
    std::vector<std::vector<std::string>> lines(1);
    for (const Column& column : table.columns) lines[0].push_back(words(column.heading, document, style));
    for (const auto& row : table.rows) {
        lines.emplace_back();
        for (const Text& cell : row) lines.back().push_back(words(cell, document, style));
    }
    std::vector<std::size_t> widths(table.columns.size(), 3);
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));

    const bool is_markdown = style == PlainStyle::markdown;
    std::string out = words(table.caption, document, style) + "\n\n";
    for (std::size_t l = 0; l < lines.size(); ++l) {
        out += is_markdown ? "|" : "";
        for (std::size_t i = 0; i < lines[l].size(); ++i)
            out += (is_markdown ? " " : "") + lines[l][i] +
                   std::string(widths[i] - width_of(lines[l][i]), ' ') + (is_markdown ? " |" : "  ");
        out += "\n";
        if (l > 0) continue;
        out += is_markdown ? "|" : "";
        for (const std::size_t width : widths)
            out += is_markdown ? std::string(width + 2, '-') + "|" : std::string(width, '-') + "  ";
        out += "\n";
    }
    return out;
}

}  // namespace

std::string plain_words(const Text& text, const Document& document) {
    return words(text, document, PlainStyle::text);
}

std::string plain_document(const Document& document, PlainStyle style) {
    const bool is_markdown = style == PlainStyle::markdown;
    const auto heading = [&](const std::string& text, int level) {
        if (is_markdown)
            return std::string(static_cast<std::size_t>(level), '#') + " " + escaped(text) + "\n";
        return text + "\n" + std::string(width_of(text), level == 1 ? '=' : '-') + "\n";
    };
    std::string out = heading(document.title, 1);
    for (const Section& section : document.sections) {
        out += "\n" + heading(section.heading, 2);
        for (const Block& block : section.blocks) {
            if (const auto* text = std::get_if<Text>(&block))
                out += "\n" + words(*text, document, style) + "\n";
            if (const auto* table = std::get_if<Table>(&block))
                out += "\n" + table_of(*table, document, style);
            if (const auto* list = std::get_if<Sentences>(&block)) {
                out += "\n";
                for (const Text& item : list->items) out += "- " + words(item, document, style) + "\n";
            }
        }
    }
    if (document.references.empty()) return out;
    out += "\n" + heading("References", 2) + "\n";
    for (std::size_t i = 0; i < document.references.size(); ++i) {
        const std::string entry = plain_entry(reference_of(document.references[i]));
        out += std::to_string(i + 1) + ". " + (is_markdown ? escaped(entry) : entry) + "\n";
    }
    return out;
}

}  // namespace assistd::exporting
