#include "report/docx.h"

#include <algorithm>
#include <cmath>

#include "plot/draw.h"
#include "plot/image.h"
#include "report/docx_parts.h"
#include "report/references.h"
#include "report/xml.h"

namespace assistd::exporting {
namespace {

constexpr double figure_dpi = 300;
constexpr double emu_per_point = 12700;
constexpr double figure_scale = 1.3;     // a report's page is wider than a column of a journal
constexpr std::size_t first_image = 10;  // of the relationships' numbers

constexpr const char* word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
constexpr const char* relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr const char* drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
constexpr const char* shapes = "http://schemas.openxmlformats.org/drawingml/2006/main";
constexpr const char* picture = "http://schemas.openxmlformats.org/drawingml/2006/picture";

std::string image_name(std::size_t number) {
    return "media/figure" + std::to_string(number) + ".png";
}

// Of a table's columns in twentieths of a point, by what stands in them.
std::vector<std::size_t> widths_of(const Table& table) {
    constexpr std::size_t page = 9070, longest = 26, space = 3;
    std::vector<std::size_t> lengths;
    std::size_t whole = 0;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        std::size_t most = length_of(table.columns[i].heading);
        for (const auto& row : table.rows) most = std::max(most, length_of(row[i]));
        const bool is_broken = table.columns[i].kind == Column::Kind::long_text;
        lengths.push_back(std::min(most, is_broken ? longest / 2 : longest) + space);
        whole += lengths.back();
    }
    for (std::size_t& length : lengths) length = length * page / whole;
    return lengths;
}

// The body of word/document.xml.
class Body {
  public:
    explicit Body(const Document& document) : document_(document) {
        xml_.open("w:document", {{"xmlns:w", word},
                                 {"xmlns:r", relationships},
                                 {"xmlns:wp", drawing},
                                 {"xmlns:a", shapes},
                                 {"xmlns:pic", picture}});
        xml_.open("w:body");
        words("Title", document.title);
        for (const Section& section : document.sections) {
            words("Heading1", section.heading);
            for (const Block& block : section.blocks) add(block);
        }
        if (!document.references.empty()) words("Heading1", "References");
        for (const std::string& key : document.references)
            words("Bibliography", plain_entry(reference_of(key)));
        page();
    }
    std::string finish() { return xml_.finish(); }

  private:
    void add(const Block& block) {
        if (const auto* text = std::get_if<Text>(&block)) {
            paragraph("", *text);
        } else if (const auto* list = std::get_if<Sentences>(&block)) {
            for (const Text& item : list->items) paragraph("ListBullet", item);
        } else if (const auto* table = std::get_if<Table>(&block)) {
            caption("TableCaption", "Table", table->caption);
            add_table(*table);
        } else {
            add_figure(std::get<Figure>(block));
        }
    }

    void begin_paragraph(const std::string& style, const std::string& justified = "") {
        xml_.open("w:p").open("w:pPr");
        if (!style.empty()) xml_.empty("w:pStyle", {{"w:val", style}});
        if (!justified.empty()) xml_.empty("w:jc", {{"w:val", justified}});
        xml_.close();
    }

    void words(const std::string& style, const std::string& text) {
        begin_paragraph(style);
        run(text, {});
        xml_.close();
    }

    void paragraph(const std::string& style, const Text& text, const std::string& justified = "",
                   bool is_bold = false) {
        begin_paragraph(style, justified);
        runs(text, is_bold);
        xml_.close();
    }

    void runs(const Text& text, bool is_bold) {
        for (const Run& each : text.runs()) {
            switch (each.kind) {
                case Run::Kind::text:
                    run(each.text, each, is_bold);
                    break;
                case Run::Kind::number:
                    run(number_text(each), {}, is_bold);
                    break;
                case Run::Kind::citation:
                    run(" [" + std::to_string(citation(each.text)) + "]", {}, is_bold);
                    break;
                case Run::Kind::reference:
                    run((each.text.starts_with("figure:") ? "Figure " : "Table ") +
                            std::to_string(number_of(document_, each.text)),
                        {}, is_bold);
                    break;
            }
        }
    }

    void run(const std::string& text, const Run& style, bool is_bold = false) {
        xml_.open("w:r");
        if (is_bold || style.italic || style.script != Run::Script::none) {
            xml_.open("w:rPr");
            if (is_bold) xml_.empty("w:b");
            if (style.italic) xml_.empty("w:i");
            if (style.script != Run::Script::none)
                xml_.empty("w:vertAlign",
                           {{"w:val", style.script == Run::Script::below ? "subscript" : "superscript"}});
            xml_.close();
        }
        xml_.open("w:t", {{"xml:space", "preserve"}}).text(text).close();
        xml_.close();
    }

    std::size_t citation(const std::string& key) const {
        const auto& keys = document_.references;
        return static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin()) + 1;
    }

    // "Table 1. …", with a field that Word counts again when tables are added.
    void caption(const std::string& style, const std::string& label, const Text& text) {
        const std::size_t number = label == "Table" ? ++tables_ : figures_;
        begin_paragraph(style);
        run(label + " ", {}, true);
        xml_.open("w:fldSimple", {{"w:instr", " SEQ " + label + " \\* ARABIC "}});
        run(std::to_string(number), {}, true);
        xml_.close();
        run(". ", {}, true);
        runs(text, false);
        xml_.close();
    }

    void add_table(const Table& table) {
        xml_.open("w:tbl").open("w:tblPr");
        xml_.empty("w:tblW", {{"w:w", "5000"}, {"w:type", "pct"}}).open("w:tblBorders");
        for (const char* side : {"w:top", "w:bottom"})
            xml_.empty(side, {{"w:val", "single"}, {"w:sz", "8"}, {"w:space", "0"}, {"w:color", "000000"}});
        xml_.close().close();
        xml_.open("w:tblGrid");
        const std::vector<std::size_t> widths = widths_of(table);
        for (const std::size_t width : widths) xml_.empty("w:gridCol", {{"w:w", std::to_string(width)}});
        xml_.close();
        std::vector<Text> headings;
        for (const Column& column : table.columns) headings.push_back(column.heading);
        add_row(table, headings, widths, true);
        for (const auto& row : table.rows) add_row(table, row, widths, false);
        xml_.close();
        begin_paragraph("");  // space below
        xml_.close();
    }

    void add_row(const Table& table, const std::vector<Text>& cells, const std::vector<std::size_t>& widths,
                 bool is_heading) {
        xml_.open("w:tr").open("w:trPr").empty("w:cantSplit");
        if (is_heading) xml_.empty("w:tblHeader");
        xml_.close();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            xml_.open("w:tc").open("w:tcPr");
            xml_.empty("w:tcW", {{"w:w", std::to_string(widths[i])}, {"w:type", "dxa"}});
            if (is_heading)
                xml_.open("w:tcBorders")
                    .empty("w:bottom",
                           {{"w:val", "single"}, {"w:sz", "4"}, {"w:space", "0"}, {"w:color", "000000"}})
                    .close();
            xml_.close();
            paragraph("TableText", cells[i], table.columns[i].kind == Column::Kind::number ? "right" : "",
                      is_heading);
            xml_.close();
        }
        xml_.close();
    }

    void add_figure(const Figure& figure) {
        ++figures_;
        const std::string number = std::to_string(figures_);
        const auto emu = [](double points) {
            return std::to_string(std::llround(points * figure_scale * emu_per_point));
        };
        const std::string width = emu(chart_width), height = emu(placed(figure.chart).layout.page_height);
        begin_paragraph("Figure");
        xml_.open("w:r").open("w:drawing");
        xml_.open("wp:inline", {{"distT", "0"}, {"distB", "0"}, {"distL", "0"}, {"distR", "0"}});
        xml_.empty("wp:extent", {{"cx", width}, {"cy", height}});
        // The title is what screen readers say of the figure.
        xml_.empty("wp:docPr", {{"id", number}, {"name", "Figure " + number}, {"descr", figure.chart.title}});
        xml_.open("a:graphic").open("a:graphicData", {{"uri", picture}}).open("pic:pic");
        xml_.open("pic:nvPicPr").empty("pic:cNvPr", {{"id", number}, {"name", image_name(figures_)}});
        xml_.empty("pic:cNvPicPr").close();
        xml_.open("pic:blipFill")
            .empty("a:blip", {{"r:embed", "rId" + std::to_string(first_image + figures_)}});
        xml_.open("a:stretch").empty("a:fillRect").close().close();
        xml_.open("pic:spPr").open("a:xfrm").empty("a:off", {{"x", "0"}, {"y", "0"}});
        xml_.empty("a:ext", {{"cx", width}, {"cy", height}}).close();
        xml_.open("a:prstGeom", {{"prst", "rect"}}).empty("a:avLst").close().close();
        for (int i = 0; i < 7; ++i) xml_.close();  // from pic:pic out to the paragraph
        caption("Caption", "Figure", figure.caption);
    }

    // A4 with margins of 2.5 cm.
    void page() {
        xml_.open("w:sectPr").empty("w:footerReference", {{"w:type", "default"}, {"r:id", "rId3"}});
        xml_.empty("w:pgSz", {{"w:w", "11906"}, {"w:h", "16838"}});
        xml_.empty("w:pgMar", {{"w:top", "1418"},
                               {"w:right", "1418"},
                               {"w:bottom", "1418"},
                               {"w:left", "1418"},
                               {"w:header", "709"},
                               {"w:footer", "709"},
                               {"w:gutter", "0"}});
        xml_.close();
    }

    const Document& document_;
    XmlWriter xml_;
    std::size_t tables_ = 0;
    std::size_t figures_ = 0;
};

std::string core_properties(const Document& document) {
    XmlWriter xml;
    xml.open("cp:coreProperties",
             {{"xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"},
              {"xmlns:dc", "http://purl.org/dc/elements/1.1/"}});
    xml.open("dc:title").text(document.title).close();
    return xml.finish();
}

std::string document_relationships(std::size_t figures) {
    XmlWriter xml;
    xml.open("Relationships", {{"xmlns", "http://schemas.openxmlformats.org/package/2006/relationships"}});
    const auto add = [&](std::size_t id, const char* type, const std::string& target) {
        xml.empty("Relationship", {{"Id", "rId" + std::to_string(id)},
                                   {"Type", std::string(relationships) + "/" + type},
                                   {"Target", target}});
    };
    add(1, "styles", "styles.xml");
    add(2, "numbering", "numbering.xml");
    add(3, "footer", "footer1.xml");
    for (std::size_t i = 1; i <= figures; ++i) add(first_image + i, "image", image_name(i));
    return xml.finish();
}

}  // namespace

std::vector<ZipFile> docx_files(const Document& document) {
    std::vector<ZipFile> images;
    for (const Section& section : document.sections)
        for (const Block& block : section.blocks)
            if (const auto* figure = std::get_if<Figure>(&block))
                images.push_back(
                    {"word/" + image_name(images.size() + 1), png_format.render(figure->chart, figure_dpi)});
    // Programs tell the kind of an archive by its first entry.
    std::vector<ZipFile> files{{"[Content_Types].xml", docx_content_types},
                               {"_rels/.rels", docx_relationships},
                               {"word/document.xml", Body(document).finish()},
                               {"word/_rels/document.xml.rels", document_relationships(images.size())},
                               {"word/styles.xml", docx_styles},
                               {"word/numbering.xml", docx_numbering},
                               {"word/footer1.xml", docx_footer},
                               {"docProps/core.xml", core_properties(document)}};
    files.insert(files.end(), images.begin(), images.end());
    return files;
}

}  // namespace assistd::exporting
