#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "knowledge/extract/readers.h"
#include "knowledge/extract/rtf_tokens.h"

namespace assistd::extract {
namespace {

constexpr std::size_t deepest = 2'000;

// Groups that hold no text of the document. Those that begin with \* and are not known hold none either.
constexpr std::array<const char*, 22> unseen = {
    "colortbl",  "info",      "pict",     "object",     "header",       "headerl",   "headerr", "headerf",
    "footer",    "footerl",   "footerr",  "footerf",    "filetbl",      "listtable", "fldinst", "themedata",
    "datastore", "generator", "xmlnstbl", "nonshppict", "latentstyles", "revtbl"};
constexpr std::array<const char*, 5> seen_with_star = {"ud", "shptxt", "footnote", "fldrslt", "shpinst"};

struct Symbol {
    const char* word;
    const char* text;
};
constexpr std::array<Symbol, 15> symbols = {{{"emdash", "—"},
                                             {"endash", "–"},
                                             {"lquote", "‘"},
                                             {"rquote", "’"},
                                             {"ldblquote", "“"},
                                             {"rdblquote", "”"},
                                             {"bullet", "•"},
                                             {"tab", "\t"},
                                             {"line", "\n"},
                                             {"~", " "},
                                             {"_", "-"},
                                             {"emspace", " "},
                                             {"enspace", " "},
                                             {"softline", "\n"},
                                             {"page", "\n"}}};

// The code pages of fonts, by their \fcharset.
const std::map<int, int> pages_of_charsets = {{0, 1252},   {128, 932},  {129, 949},  {134, 936},  {136, 950},
                                              {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255}, {178, 1256},
                                              {186, 1257}, {204, 1251}, {222, 874},  {238, 1250}};

struct Group {
    bool seen = true;
    enum class Table { none, fonts, styles } table = Table::none;
    int fallback_characters = 1;  // that follow a \u for readers which do not know it
    int code_page = 0;            // of the font; 0: the document's
    bool hidden = false;
};

class Rtf {
  public:
    Rtf(const InputFile& file, Output& output) : tokens_(file), output_(output) {}

    void read() {
        while (true) {
            const RtfToken token = tokens_.next();
            if (token.kind == RtfToken::Kind::end) break;
            if (token.kind != RtfToken::Kind::byte) flush_bytes();
            take(token);
            if (groups_.empty()) break;  // what follows the last bracket is no part of it
        }
        if (!groups_.empty())
            invalid("is damaged: it ends in the middle; perhaps its upload was not complete");
        end_paragraph();
    }

  private:
    Group& group() { return groups_.back(); }

    void take(const RtfToken& token) {
        switch (token.kind) {
            case RtfToken::Kind::open:
                if (groups_.size() >= deepest) invalid("is nested deeper than any RTF is");
                groups_.push_back(groups_.empty() ? Group() : group());
                begins_group_ = true;
                skip_ = 0;
                return;
            case RtfToken::Kind::close:
                if (group().table == Group::Table::styles) end_style();
                groups_.pop_back();
                skip_ = 0;
                break;
            case RtfToken::Kind::star:
                starred_ = begins_group_;
                return;
            case RtfToken::Kind::word:
                word(token);
                break;
            case RtfToken::Kind::byte:
                byte(token);
                break;
            case RtfToken::Kind::end:
                break;
        }
        begins_group_ = starred_ = false;
    }

    void word(const RtfToken& token) {
        const std::string& name = token.word;
        const int number = token.number.value_or(0);
        if (name == "bin") return tokens_.skip(static_cast<std::size_t>(std::max(0, number)));
        if (begins_group_ && begin_destination(name)) return;
        if (skip_ > 0 && name != "u") {
            --skip_;
            return;
        }
        if (name == "u") return unicode(number);
        if (name == "uc") {
            group().fallback_characters = std::clamp(number, 0, 16);
        } else if (name == "ansicpg") {
            code_page_ = number;
        } else if (name == "mac") {
            code_page_ = 10'000;
        } else if (name == "f" || name == "deff") {
            font(number);
        } else if (name == "fcharset") {
            const auto page = pages_of_charsets.find(number);
            if (group().table == Group::Table::fonts && page != pages_of_charsets.end())
                fonts_[font_] = page->second;
        } else if (name == "v") {
            group().hidden = token.number.value_or(1) != 0;
        } else {
            paragraph_word(name, number);
        }
    }

    // True when the word tells what the group is.
    bool begin_destination(const std::string& name) {
        const auto is_in = [&](const auto& names) {
            return std::any_of(names.begin(), names.end(), [&](const char* one) { return name == one; });
        };
        if (name == "fonttbl") {
            group().table = Group::Table::fonts;
        } else if (name == "stylesheet") {
            group().table = Group::Table::styles;
        } else if (name == "upr") {
            // Twice the same: first for readers without Unicode, which the group inside does not begin with
            // a word of its own.
            group().seen = false;
        } else if (name == "ud") {
            group().seen = groups_.size() < 3 || groups_[groups_.size() - 3].seen;
        } else if (is_in(unseen) || (starred_ && !is_in(seen_with_star))) {
            // A style's group begins with \*\cs too; it is still one of the style sheet.
            if (group().table == Group::Table::none) group().seen = false;
            return group().table == Group::Table::none;
        } else {
            return false;
        }
        return true;
    }

    void paragraph_word(const std::string& name, int number) {
        if (group().table == Group::Table::styles) {
            if (name == "s") style_ = number;
            if (name == "outlinelevel") style_level_ = number + 1;
            return;
        }
        if (!group().seen) return;
        if (name == "par" || name == "sect") {
            end_paragraph();
        } else if (name == "pard") {
            level_ = 0;
        } else if (name == "s") {
            const auto level = levels_.find(number);
            if (level != levels_.end()) level_ = level->second;
        } else if (name == "outlinelevel") {
            level_ = number >= 0 && number < 9 ? number + 1 : 0;
        } else if (name == "intbl") {
            in_table_ = true;
        } else if (name == "cell" || name == "nestcell") {
            between_cells_ = true;
        } else if (name == "row" || name == "nestrow") {
            end_row();
        } else {
            const auto symbol = std::find_if(symbols.begin(), symbols.end(),
                                             [&](const Symbol& one) { return name == one.word; });
            if (symbol != symbols.end()) put(symbol->text);
        }
    }

    void font(int number) {
        font_ = number;
        const auto page = fonts_.find(number);
        group().code_page = page == fonts_.end() ? 0 : page->second;
    }

    void byte(const RtfToken& token) {
        if (skip_ > 0) {
            --skip_;
            return;
        }
        if (group().table == Group::Table::styles) {
            if (style_name_.size() < 100) style_name_ += token.byte;
            return;
        }
        if (!group().seen || group().table != Group::Table::none || group().hidden) return;
        bytes_ += token.byte;
        if (bytes_.size() > 4'096 && !token.escaped) flush_bytes();
    }

    // UTF-16, one unit at a time, as a signed number.
    void unicode(int number) {
        constexpr unsigned high = 0xD800, low = 0xDC00, behind = 0xE000;
        const unsigned unit = static_cast<unsigned>(number < 0 ? number + 65'536 : number) & 0xFFFFu;
        skip_ = group().fallback_characters;
        if (unit >= high && unit < low) {
            high_ = unit;
            return;
        }
        unsigned code = unit;
        if (unit >= low && unit < behind) {
            if (high_ == 0) return;
            code = 0x10000u + ((high_ - high) << 10) + (unit - low);
        }
        high_ = 0;
        if (code == 0 || !group().seen || group().table != Group::Table::none || group().hidden) return;
        std::string text;
        if (code < 0x80) {
            text += static_cast<char>(code);
        } else if (code < 0x800) {
            text += static_cast<char>(0xC0 | code >> 6);
            text += static_cast<char>(0x80 | (code & 0x3F));
        } else {
            if (code >= 0x10000) text += static_cast<char>(0xF0 | code >> 18);
            text += static_cast<char>(code >= 0x10000 ? 0x80 | (code >> 12 & 0x3F) : 0xE0 | code >> 12);
            text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
            text += static_cast<char>(0x80 | (code & 0x3F));
        }
        put(text);
    }

    void flush_bytes() {
        if (bytes_.empty()) return;
        const int page = !groups_.empty() && group().code_page != 0 ? group().code_page : code_page_;
        auto& decoder = decoders_[page];
        if (!decoder) {
            const std::string name = page == 10'000 ? "MACINTOSH" : "CP" + std::to_string(page);
            decoder = std::make_unique<Decoder>(Decoder::knows(name) ? name : "CP1252");
        }
        std::string text = decoder->decode(std::exchange(bytes_, {}));
        text += decoder->finish();
        put(text);
    }

    void put(std::string_view text) {
        if (text.empty()) return;
        constexpr std::size_t most_heading = 10'000;
        if (!groups_.empty() && (!group().seen || group().table != Group::Table::none)) return;
        if (level_ > 0 && !in_table_) {
            if (heading_.size() < most_heading) heading_ += text;
        } else {
            if (std::exchange(after_row_, false) && !in_table_) output_.end_paragraph();
            if (std::exchange(between_cells_, false)) output_.text(" | ");
            output_.text(text);
        }
    }

    void end_paragraph() {
        if (!heading_.empty()) {
            outline_.add(level_, heading_);
            output_.begin_section(outline_.path());
            output_.text(std::exchange(heading_, {}));
        }
        if (!in_table_) output_.end_paragraph();
        in_table_ = between_cells_ = false;
    }
    void end_row() {
        output_.end_line();
        in_table_ = between_cells_ = false;
        after_row_ = true;
    }

    // "heading 2;" is its name in every language.
    void end_style() {
        constexpr std::string_view heading = "heading ";
        for (char& c : style_name_)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (style_ && style_name_.starts_with(heading) && style_name_.size() > heading.size())
            style_level_ = style_name_[heading.size()] - '0';
        if (style_ && style_level_ > 0 && style_level_ <= 9) levels_[*style_] = style_level_;
        style_.reset();
        style_level_ = 0;
        style_name_.clear();
    }

    RtfTokens tokens_;
    Output& output_;
    Outline outline_;
    std::vector<Group> groups_;
    bool begins_group_ = false, starred_ = false;
    int skip_ = 0;
    unsigned high_ = 0;  // the first half of a character
    std::string bytes_;  // in the font's code page
    int code_page_ = 1252;
    int font_ = 0;
    std::map<int, int> fonts_;  // their code pages
    std::map<int, std::unique_ptr<Decoder>> decoders_;
    std::optional<int> style_;
    int style_level_ = 0;
    std::string style_name_;
    std::map<int, int> levels_;  // of headings, by the numbers of styles
    int level_ = 0;
    bool in_table_ = false, between_cells_ = false, after_row_ = false;
    std::string heading_;
};

}  // namespace

void read_rtf(const InputFile& file, Output& output) {
    Rtf(file, output).read();
}

}  // namespace assistd::extract
