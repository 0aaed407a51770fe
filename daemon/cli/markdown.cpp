#include "cli/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>

#include "cli/characters.h"
#include "cli/markdown_table.h"
#include "cli/terminal.h"

namespace assistd::cli {
namespace {

constexpr std::size_t least_columns = 10;  // inside of however many lists and quotes
constexpr std::size_t least_rule = 3;
constexpr std::size_t longest_rule = 40;

std::string utf8_of(unsigned long code) {
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return "\ufffd";
    std::string text;
    if (code < 0x80) return {static_cast<char>(code)};
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static constexpr unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};
    text += static_cast<char>(first[more] | (code >> (6 * more)));
    for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3f));
    return text;
}

// "&lt;" and the like; one that is not known stays as it is written.
std::string entity_text(std::string_view entity) {
    static constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"&amp;", "&"},         {"&lt;", "<"},          {"&gt;", ">"},         {"&quot;", "\""},
        {"&apos;", "'"},        {"&nbsp;", "\u00a0"},   {"&ndash;", "\u2013"}, {"&mdash;", "\u2014"},
        {"&hellip;", "\u2026"}, {"&times;", "\u00d7"},  {"&deg;", "\u00b0"},   {"&plusmn;", "\u00b1"},
        {"&micro;", "\u00b5"},  {"&middot;", "\u00b7"}, {"&copy;", "\u00a9"}};
    for (const auto& [name, text] : known)
        if (entity == name) return std::string(text);
    if (!entity.starts_with("&#")) return std::string(entity);
    const bool is_hex = entity.size() > 2 && (entity[2] == 'x' || entity[2] == 'X');
    const char* begin = entity.data() + (is_hex ? 3 : 2);
    unsigned long code = 0;
    std::from_chars(begin, entity.data() + entity.size(), code, is_hex ? 16 : 10);
    return harmless(utf8_of(code));
}

std::string text_of(const MD_ATTRIBUTE& attribute) {
    return harmless(std::string_view(attribute.text, attribute.size));
}

// What md4c tells, piece by piece, becomes lines.
class Lines {
  public:
    explicit Lines(const MarkdownLook& look) : look_(look) {}

    void enter(MD_BLOCKTYPE type, void* detail);
    void leave(MD_BLOCKTYPE type);
    void enter(MD_SPANTYPE type, void* detail);
    void leave(MD_SPANTYPE type);
    void text(MD_TEXTTYPE type, std::string_view text);

    std::vector<StyledLine> take() { return std::move(lines_); }
    std::exception_ptr error;  // must not cross md4c, which is C

  private:
    // What stands in front of each line in a list's item or a quote.
    struct Margin {
        std::string first;
        std::string rest;
        bool used = false;
    };
    struct List {
        bool ordered = false;
        bool tight = false;
        unsigned next = 1;
    };

    void say(const std::string& text) {
        if (!text.empty()) inline_.push_back({text, style_});
    }
    void mark(const char* sign) {  // that Markdown has where there are no styles
        if (!look_.styled) say(sign);
    }
    void emit(const StyledLine& line, bool begins = true);
    void flush();
    void flush_code();
    void rule();
    std::size_t room() const;
    void begin_item(const MD_BLOCK_LI_DETAIL& item);
    void end_item();
    bool in_tight_list() const { return !lists_.empty() && lists_.back().tight; }

    MarkdownLook look_;
    std::vector<StyledLine> lines_;
    std::vector<Margin> margins_;
    std::vector<List> lists_;
    StyledLine inline_;
    Style style_;
    std::vector<std::string> links_;
    std::string code_;
    std::optional<TableCells> table_;
    bool gap_ = false;  // a blank line stands before what comes next
    bool in_code_ = false;
};

std::size_t Lines::room() const {
    std::size_t used = 0;
    for (const Margin& margin : margins_) used += width(margin.rest);
    return std::max(look_.columns - std::min(used, look_.columns), least_columns);
}

void Lines::emit(const StyledLine& line, bool begins) {
    static constexpr Style dim{.dim = true};
    if (gap_ && !lines_.empty()) {
        StyledLine blank;
        for (const Margin& margin : margins_)
            if (margin.used) blank.push_back({margin.rest, dim});
        while (!blank.empty() && blank.back().text.find_first_not_of(' ') == std::string::npos)
            blank.pop_back();
        lines_.push_back(std::move(blank));
    }
    gap_ = false;
    StyledLine whole;
    for (Margin& margin : margins_) {
        const std::string& text = begins && !margin.used ? margin.first : margin.rest;
        whole.push_back({text, text.starts_with(' ') ? Style() : dim});
        margin.used = true;
    }
    whole.insert(whole.end(), line.begin(), line.end());
    lines_.push_back(std::move(whole));
}

void Lines::flush() {
    if (inline_.empty()) return;
    for (const StyledLine& line : wrapped(inline_, room())) emit(line);
    inline_.clear();
}

void Lines::flush_code() {
    constexpr std::size_t indent = 2;
    if (code_.ends_with('\n')) code_.pop_back();
    const Style style{.code = true};
    // Blanks at the ends of lines and in their middle mean something here: only what is too wide is broken.
    std::string_view rest = code_;
    while (true) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        do {
            std::string_view part = beginning(line, room() - indent);
            if (part.empty()) part = line;
            emit({{std::string(indent, ' ')}, {std::string(part), style}});
            line.remove_prefix(part.size());
        } while (!line.empty());
        if (end == rest.size()) break;
        rest.remove_prefix(end + 1);
    }
    code_.clear();
}

void Lines::rule() {
    std::string text;
    for (std::size_t i = 0; i < std::clamp(room(), least_rule, longest_rule); ++i) text += "─";
    emit({{text, {.dim = true}}});
}

void Lines::begin_item(const MD_BLOCK_LI_DETAIL& item) {
    static constexpr const char* bullets[] = {"•", "◦", "▪"};
    List& list = lists_.back();
    std::string sign = bullets[std::min<std::size_t>(lists_.size(), std::size(bullets)) - 1];
    if (list.ordered) sign = std::to_string(list.next++) + ".";
    if (item.is_task) sign = item.task_mark == ' ' ? "☐" : "☑";
    margins_.push_back({sign + " ", std::string(width(sign) + 1, ' ')});
}

void Lines::end_item() {
    flush();
    if (!margins_.back().used) emit({});
    margins_.pop_back();
}

void Lines::enter(MD_BLOCKTYPE type, void* detail) {
    flush();  // the text of a tight list's item has no block of its own
    if (type == MD_BLOCK_QUOTE) {
        margins_.push_back({"│ ", "│ ", false});
    } else if (type == MD_BLOCK_UL) {
        lists_.push_back({false, static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0, 1});
    } else if (type == MD_BLOCK_OL) {
        const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
        lists_.push_back({true, list->is_tight != 0, list->start});
    } else if (type == MD_BLOCK_LI) {
        begin_item(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
    } else if (type == MD_BLOCK_H) {
        const unsigned level = static_cast<MD_BLOCK_H_DETAIL*>(detail)->level;
        mark((std::string(level, '#') + " ").c_str());
        style_ = {.bold = true, .underline = level == 1};
    } else if (type == MD_BLOCK_CODE) {
        in_code_ = true;
        const std::string language = text_of(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
        if (!language.empty()) emit({{"  " + one_line(language, room() - 2), {.dim = true}}});
    } else if (type == MD_BLOCK_TABLE) {
        table_.emplace();
    } else if (type == MD_BLOCK_TR) {
        table_->rows.emplace_back();
    } else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
        const MD_ALIGN align = static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align;
        if (type == MD_BLOCK_TH)
            table_->alignments.push_back(align == MD_ALIGN_RIGHT    ? Alignment::right
                                         : align == MD_ALIGN_CENTER ? Alignment::center
                                                                    : Alignment::left);
        style_ = {.bold = type == MD_BLOCK_TH};
    }
}

void Lines::leave(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
        table_->rows.back().push_back(std::move(inline_));
        inline_.clear();
        style_ = {};
        return;
    }
    if (type == MD_BLOCK_LI) return end_item();
    if (type == MD_BLOCK_THEAD || type == MD_BLOCK_TBODY || type == MD_BLOCK_TR || type == MD_BLOCK_DOC)
        return;
    if (type == MD_BLOCK_CODE) {
        flush_code();
        in_code_ = false;
    } else if (type == MD_BLOCK_TABLE) {
        for (const StyledLine& line : table_lines(*table_, room())) emit(line);
        table_.reset();
    } else if (type == MD_BLOCK_HR) {
        rule();
    } else {
        flush();
    }
    style_ = {};
    if (type == MD_BLOCK_QUOTE) margins_.pop_back();
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) lists_.pop_back();
    gap_ = !in_tight_list();
}

void Lines::enter(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_STRONG) {
        mark("**");
        style_.bold = true;
    } else if (type == MD_SPAN_EM) {
        mark("*");
        style_.italic = true;
    } else if (type == MD_SPAN_DEL) {
        mark("~~");
        style_.struck = true;
    } else if (type == MD_SPAN_CODE) {
        mark("`");
        style_.code = true;
    } else if (type == MD_SPAN_A) {
        links_.push_back(text_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href));
        style_.underline = true;
    } else if (type == MD_SPAN_IMG) {
        links_.push_back(text_of(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src));
        style_.underline = true;
    }
}

void Lines::leave(MD_SPANTYPE type) {
    if (type == MD_SPAN_STRONG) {
        style_.bold = false;
        mark("**");
    } else if (type == MD_SPAN_EM) {
        style_.italic = false;
        mark("*");
    } else if (type == MD_SPAN_DEL) {
        style_.struck = false;
        mark("~~");
    } else if (type == MD_SPAN_CODE) {
        style_.code = false;
        mark("`");
    } else if (type == MD_SPAN_A || type == MD_SPAN_IMG) {
        style_.underline = false;
        const std::string target = std::move(links_.back());
        links_.pop_back();
        const std::string shown = inline_.empty() ? "" : inline_.back().text;
        // What a link says may be anything: where it leads is always shown.
        if (!target.empty() && shown != target && "mailto:" + shown != target && "http://" + shown != target)
            inline_.push_back({shown.empty() ? target : " (" + target + ")", {.dim = true}});
    }
}

void Lines::text(MD_TEXTTYPE type, std::string_view text) {
    if (in_code_) {
        code_ += harmless(text);
    } else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
        // Models mean the ends of lines that they write.
        inline_.push_back({"\n", style_});
    } else if (type == MD_TEXT_ENTITY) {
        say(entity_text(text));
    } else if (type == MD_TEXT_HTML && (text == "<br>" || text == "<br/>" || text == "<br />")) {
        inline_.push_back({"\n", style_});
    } else if (type != MD_TEXT_NULLCHAR) {
        say(harmless(text));
    }
}

// Runs `work`; what it throws is kept for after md4c.
template <class Work>
int guarded(void* lines, Work work) {
    auto& target = *static_cast<Lines*>(lines);
    try {
        work(target);
        return 0;
    } catch (...) {
        target.error = std::current_exception();
        return 1;
    }
}

}  // namespace

std::vector<StyledLine> markdown_lines(std::string_view text, const MarkdownLook& look) {
    MD_PARSER parser{};
    // No HTML blocks: their text would be shown in any case, and they may go on over blank lines.
    parser.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTMLBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* lines) {
        return guarded(lines, [&](Lines& to) { to.enter(type, detail); });
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* lines) {
        return guarded(lines, [&](Lines& to) { to.leave(type); });
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* lines) {
        return guarded(lines, [&](Lines& to) { to.enter(type, detail); });
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* lines) {
        return guarded(lines, [&](Lines& to) { to.leave(type); });
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* piece, MD_SIZE size, void* lines) {
        return guarded(lines, [&](Lines& to) { to.text(type, {piece, size}); });
    };
    Lines lines(look);
    md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &lines);
    if (lines.error) std::rethrow_exception(lines.error);
    return lines.take();
}

}  // namespace assistd::cli
