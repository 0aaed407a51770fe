#include "report/document.h"

#include <algorithm>

namespace assistd::exporting {
namespace {

void collect(const Text& text, std::vector<std::string>& keys) {
    for (const Run& run : text.runs())
        if (run.kind == Run::Kind::citation && std::find(keys.begin(), keys.end(), run.text) == keys.end())
            keys.push_back(run.text);
}

}  // namespace

std::size_t number_of(const Document& document, const std::string& reference) {
    std::size_t tables = 0, figures = 0;
    for (const Section& section : document.sections) {
        for (const Block& block : section.blocks) {
            if (const auto* table = std::get_if<Table>(&block)) {
                ++tables;
                if ("table:" + table->id == reference) return tables;
            } else if (const auto* figure = std::get_if<Figure>(&block)) {
                ++figures;
                if ("figure:" + figure->id == reference) return figures;
            }
        }
    }
    return 0;
}

void collect_references(Document& document) {
    document.references.clear();
    for (const Section& section : document.sections) {
        for (const Block& block : section.blocks) {
            if (const auto* text = std::get_if<Text>(&block)) collect(*text, document.references);
            if (const auto* list = std::get_if<Sentences>(&block))
                for (const Text& item : list->items) collect(item, document.references);
            if (const auto* table = std::get_if<Table>(&block)) collect(table->caption, document.references);
            if (const auto* figure = std::get_if<Figure>(&block))
                collect(figure->caption, document.references);
        }
    }
}

}  // namespace assistd::exporting
