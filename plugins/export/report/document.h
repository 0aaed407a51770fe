#pragma once
// A report, free of any file format: what the writers of LaTeX, DOCX and plain text make files of. Values.

#include <string>
#include <variant>
#include <vector>

#include "plot/kind.h"
#include "report/text.h"

namespace assistd::exporting {

struct Column {
    enum class Kind { text, number, long_text };  // long text is broken into lines
    Text heading;
    Kind kind = Kind::number;
};

struct Table {
    std::string id;  // "results"; referred to as "table:results"
    Text caption;
    std::vector<Column> columns;
    std::vector<std::vector<Text>> rows;
};

struct Figure {
    std::string id;  // "growth"; referred to as "figure:growth"
    Text caption;
    Chart chart;
};

struct Sentences {
    std::vector<Text> items;
};

using Block = std::variant<Text, Sentences, Table, Figure>;

struct Section {
    std::string heading;
    std::vector<Block> blocks;
};

struct Document {
    std::string title;  // as people wrote it
    std::vector<Section> sections;
    // Keys of references.h in the order in which the text first cites them.
    std::vector<std::string> references;
};

// Where a table or figure stands among its kind, from 1; 0 for what the document does not have.
std::size_t number_of(const Document& document, const std::string& reference);

// Fills `references`.
void collect_references(Document& document);

}  // namespace assistd::exporting
