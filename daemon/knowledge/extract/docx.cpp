#include <algorithm>
#include <array>
#include <map>

#include <utility>

#include "knowledge/extract/readers.h"
#include "knowledge/extract/xml.h"
#include "knowledge/extract/zip.h"

namespace assistd::extract {
namespace {

// Tags take more room than text; beyond this a file is made to fill disks.
constexpr std::uint64_t most_unpacked = 2u << 30;
constexpr const char* document_type =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

struct Office {
    const char* ending_of_type;
    const char* refusal;
};
constexpr std::array<Office, 3> others = {
    {{"spreadsheetml.sheet.main+xml", "is a spreadsheet; save it as csv and upload that"},
     {"presentationml.presentation.main+xml", "is a presentation; save it as PDF and upload that"},
     {"ms-excel.sheet.macroEnabled.main+xml", "is a spreadsheet; save it as csv and upload that"}}};

// What the archive says about itself.
struct Package {
    std::string document;               // the name of the part with the text
    std::string media_type;             // of OpenDocument and epub files
    std::map<std::string, int> levels;  // of headings, by the ids of styles
    bool has_styles = false;
};

XmlListener types_of(Package& package) {
    return {.start =
                [&package](std::string_view name, const XmlAttributes& attributes) {
                    if (name != "Override") return;
                    const std::string type = attributes.get("ContentType");
                    for (const Office& other : others)
                        if (type.ends_with(other.ending_of_type)) unsupported(other.refusal);
                    const bool document = type == document_type ||
                                          type.ends_with("wordprocessingml.template.main+xml") ||
                                          type.ends_with("ms-word.document.macroEnabled.main+xml");
                    std::string part = attributes.get("PartName");
                    if (part.starts_with('/')) part.erase(0, 1);
                    if (document) package.document = part;
                },
            .end = [](std::string_view) {},
            .characters = [](std::string_view) {}};
}

// "heading 1" is its name in every language; its id is not.
int level_of(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name == "title") return 1;
    constexpr std::string_view heading = "heading ";
    if (!name.starts_with(heading) || name.size() != heading.size() + 1) return 0;
    const int level = name.back() - '0';
    return level >= 1 && level <= 9 ? level + 1 : 0;
}

XmlListener styles_of(Package& package) {
    const auto style = std::make_shared<std::string>();
    return {.start =
                [&package, style](std::string_view name, const XmlAttributes& attributes) {
                    if (name == "style") *style = attributes.get("styleId");
                    if (style->empty()) return;
                    if (name == "name") {
                        if (const int level = level_of(attributes.get("val"))) package.levels[*style] = level;
                    } else if (name == "outlineLvl") {
                        const std::string level = attributes.get("val");
                        if (level.size() == 1 && level[0] >= '0' && level[0] <= '8')
                            package.levels.emplace(*style, level[0] - '0' + 2);
                    }
                },
            .end =
                [style](std::string_view name) {
                    if (name == "style") style->clear();
                },
            .characters = [](std::string_view) {}};
}

// The body's paragraphs, lists and tables.
class Body {
  public:
    Body(const Package& package, Output& output) : package_(package), output_(output) {}

    void start(std::string_view name, const XmlAttributes& attributes) {
        if (unseen_ > 0 || name == "Fallback") {
            ++unseen_;  // what is there already in another way
        } else if (name == "p") {
            begin_paragraph();
        } else if (name == "pStyle") {
            const auto level = package_.levels.find(attributes.get("val"));
            if (level != package_.levels.end()) level_ = level->second;
        } else if (name == "outlineLvl") {
            const std::string level = attributes.get("val");
            if (level.size() == 1 && level[0] >= '0' && level[0] <= '8') level_ = level[0] - '0' + 2;
        } else if (name == "numPr") {
            listed_ = true;
        } else if (name == "t") {
            in_text_ = true;
        } else if (name == "tab" || name == "ptab") {
            if (in_run_) put("\t");
        } else if (name == "br" || name == "cr") {
            put(level_ > 0 ? " " : "\n");
        } else if (name == "noBreakHyphen") {
            put("-");
        } else if (name == "r") {
            in_run_ = true;
        } else if (name == "tbl") {
            if (tables_++ == 0) output_.end_paragraph();
        } else if (name == "tr") {
            cells_ = 0;
        } else if (name == "tc") {
            if (cells_++ > 0) separator_ = " | ";
        } else if (name == "footnote" || name == "endnote") {
            output_.end_paragraph();
        }
    }

    void end(std::string_view name) {
        if (unseen_ > 0) {
            --unseen_;
        } else if (name == "t") {
            in_text_ = false;
        } else if (name == "r") {
            in_run_ = false;
        } else if (name == "p") {
            end_paragraph();
        } else if (name == "tr") {
            separator_.clear();
            output_.end_line();
        } else if (name == "tbl") {
            tables_ = std::max(0, tables_ - 1);
            if (tables_ == 0) output_.end_paragraph();
        }
    }

    void characters(std::string_view text) {
        if (in_text_ && unseen_ == 0) put(text);
    }

  private:
    static constexpr std::size_t most_heading = 10'000;

    void begin_paragraph() {
        level_ = 0;
        listed_ = false;
        begun_ = false;
        heading_.clear();
    }
    void put(std::string_view text) {
        if (level_ > 0 && tables_ == 0) {
            if (heading_.size() < most_heading) heading_ += text;
            return;
        }
        if (!std::exchange(begun_, true)) {
            if (tables_ > 0) output_.text(std::exchange(separator_, {}));
            if (listed_) output_.text("- ");
        }
        output_.text(text);
    }
    void end_paragraph() {
        if (tables_ > 0) {
            if (begun_) separator_ = " ";  // of a cell with several
        } else if (level_ > 0) {
            outline_.add(level_, heading_);
            output_.begin_section(outline_.path());
            output_.text(heading_);
            output_.end_paragraph();
        } else if (listed_) {
            output_.end_line();
        } else {
            output_.end_paragraph();
        }
        begin_paragraph();
    }

    const Package& package_;
    Output& output_;
    Outline outline_;
    int unseen_ = 0, tables_ = 0, level_ = 0;
    std::size_t cells_ = 0;
    bool in_text_ = false, in_run_ = false, listed_ = false, begun_ = false;
    std::string separator_;
    std::string heading_;
};

// Whatever of the wanted parts the archive has, in its order.
void read_parts(const InputFile& file,
                const std::function<std::optional<XmlListener>(const std::string&)>& listener_of) {
    std::unique_ptr<XmlReader> reader;
    read_zip(file, most_unpacked,
             {.wants =
                  [&](const std::string& name) {
                      auto listener = listener_of(name);
                      if (listener) reader = std::make_unique<XmlReader>(std::move(*listener));
                      return listener.has_value();
                  },
              .block = [&](std::string_view block) { reader->push(block); },
              .end_of_part = [&] { reader->finish(); }});
}

Package package_of(const InputFile& file) {
    Package package;
    bool is_package = false;
    read_parts(file, [&](const std::string& name) -> std::optional<XmlListener> {
        if (name == "[Content_Types].xml") {
            is_package = true;
            return types_of(package);
        }
        if (name == "word/styles.xml") return styles_of(package);
        if (name == "mimetype") package.media_type = name;
        return std::nullopt;
    });
    if (!package.document.empty()) return package;
    if (!package.media_type.empty())
        unsupported("is an OpenDocument or epub file; save it as docx or PDF and upload that");
    if (is_package) unsupported("is an Office file without a text document; save it as PDF and upload that");
    unsupported("is an archive; unpack it and upload the documents in it");
}

}  // namespace

void read_docx(const InputFile& file, Output& output) {
    const Package package = package_of(file);
    for (const std::string& part :
         {package.document, std::string("word/footnotes.xml"), std::string("word/endnotes.xml")}) {
        const auto body = std::make_shared<Body>(package, output);
        if (part != package.document)
            output.begin_section({part == "word/footnotes.xml" ? "Footnotes" : "Endnotes"});
        read_parts(file, [&](const std::string& name) -> std::optional<XmlListener> {
            if (name != part) return std::nullopt;
            return XmlListener{
                .start = [body](std::string_view element,
                                const XmlAttributes& attributes) { body->start(element, attributes); },
                .end = [body](std::string_view element) { body->end(element); },
                .characters = [body](std::string_view text) { body->characters(text); }};
        });
    }
}

}  // namespace assistd::extract
