#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <cstring>

#include <utility>

#include "knowledge/extract/readers.h"

namespace assistd::extract {
namespace {

template <std::size_t n>
bool is_one_of(const char* name, const std::array<const char*, n>& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const char* one) { return std::strcmp(one, name) == 0; });
}

constexpr std::array<const char*, 9> unseen = {"script", "style",  "noscript", "template", "svg",
                                               "iframe", "object", "canvas",   "head"};
constexpr std::array<const char*, 28> blocks = {
    "p",     "div",   "section", "article", "header", "footer", "main",    "aside",      "nav",  "form",
    "ul",    "ol",    "dl",      "table",   "figure", "pre",    "hr",      "blockquote", "body", "fieldset",
    "thead", "tbody", "tfoot",   "details", "dialog", "hgroup", "address", "figcaption"};
constexpr std::array<const char*, 8> lines = {"br", "li", "dt", "dd", "tr", "caption", "option", "summary"};

// What libxml2's parser tells while it reads, turned into text. It makes no tree, so the memory that is
// needed does not grow with the file.
class Page {
  public:
    explicit Page(Output& output) : output_(output) {}

    void start(const char* name) {
        if (depth_unseen_ > 0 || is_one_of(name, unseen)) {
            if (is_one_of(name, unseen)) ++depth_unseen_;
            if (std::strcmp(name, "head") == 0) in_head_ = true;
            in_title_ = in_head_ && std::strcmp(name, "title") == 0;
            return;
        }
        if (const int level = level_of(name)) return begin_heading(level);
        if (std::strcmp(name, "pre") == 0) ++depth_pre_;
        break_for(name);
        if (std::strcmp(name, "li") == 0) put("- ");
        if (std::strcmp(name, "td") == 0 || std::strcmp(name, "th") == 0) {
            if (cells_++ > 0) put(" | ");
        }
        if (std::strcmp(name, "tr") == 0) cells_ = 0;
    }

    void end(const char* name) {
        if (is_one_of(name, unseen)) {
            depth_unseen_ = std::max(0, depth_unseen_ - 1);
            if (std::strcmp(name, "head") == 0) in_head_ = false;
            return;
        }
        if (in_title_ && std::strcmp(name, "title") == 0) return end_title();
        if (depth_unseen_ > 0) return;
        if (level_of(name) > 0) return end_heading();
        if (std::strcmp(name, "pre") == 0) depth_pre_ = std::max(0, depth_pre_ - 1);
        break_for(name);
    }

    void characters(std::string_view text) {
        if (in_title_) title_.append(text.substr(0, most_heading - std::min(most_heading, title_.size())));
        if (depth_unseen_ > 0) return;
        if (depth_pre_ > 0 && level_ == 0) return output_.text(text);
        // Blanks and line ends are one blank.
        while (!text.empty()) {
            const std::size_t end = std::min(text.find_first_of(" \t\r\n\f"), text.size());
            if (end > 0) {
                if (blank_) put(" ");
                blank_ = false;
                put(text.substr(0, end));
            } else {
                blank_ = true;
            }
            text.remove_prefix(std::max<std::size_t>(end, 1));
        }
    }

    void finish() {
        if (level_ > 0) end_heading();
    }

  private:
    static constexpr std::size_t most_heading = 10'000;

    static int level_of(const char* name) {
        return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0' ? name[1] - '0' : 0;
    }
    void break_for(const char* name) {
        if (level_ > 0) {
            blank_ = true;  // a heading is one line
            return;
        }
        if (is_one_of(name, lines)) {
            blank_ = false;
            output_.end_line();
        } else if (is_one_of(name, blocks)) {
            blank_ = false;
            output_.end_paragraph();
        }
    }
    void put(std::string_view text) {
        if (level_ == 0)
            output_.text(text);
        else if (heading_.size() < most_heading)
            heading_ += text;
    }
    void begin_heading(int level) {
        if (level_ > 0) end_heading();
        level_ = level;
        blank_ = false;
    }
    void end_heading() {
        const int level = std::exchange(level_, 0);
        if (level == 0) return;
        outline_.add(level, heading_);
        output_.begin_section(outline_.path());
        output_.text(std::exchange(heading_, {}));
        output_.end_paragraph();
        blank_ = false;
    }
    void end_title() {
        in_title_ = false;
        output_.text(std::exchange(title_, {}));
        output_.end_paragraph();
    }

    Output& output_;
    Outline outline_;
    int depth_unseen_ = 0, depth_pre_ = 0;
    bool in_head_ = false, in_title_ = false;
    bool blank_ = false;  // comes before the next word
    int level_ = 0;       // of the heading that is read
    std::string heading_, title_;
    std::size_t cells_ = 0;
};

// The parser is C, so what is thrown waits until it has returned.
struct Listener {
    Page page;
    std::exception_ptr thrown;

    template <class Work>
    static void guarded(void* self, Work work) noexcept {
        auto& listener = *static_cast<Listener*>(self);
        if (listener.thrown) return;
        try {
            work(listener.page);
        } catch (...) {
            listener.thrown = std::current_exception();
        }
    }
};

const char* chars(const xmlChar* text) {
    return reinterpret_cast<const char*>(text);
}

htmlSAXHandler handler() {
    htmlSAXHandler all{};
    all.startElement = [](void* self, const xmlChar* name, const xmlChar**) {
        Listener::guarded(self, [&](Page& page) { page.start(chars(name)); });
    };
    all.endElement = [](void* self, const xmlChar* name) {
        Listener::guarded(self, [&](Page& page) { page.end(chars(name)); });
    };
    all.characters = [](void* self, const xmlChar* text, int size) {
        const std::string_view view(chars(text), static_cast<std::size_t>(size));
        Listener::guarded(self, [&](Page& page) { page.characters(view); });
    };
    all.ignorableWhitespace = all.characters;
    return all;
}

// As the page itself says, when it is not UTF-8.
TextForm form_of_page(const InputFile& file) {
    TextForm form = form_of(file);
    if (form.valid_utf8 || form.encoding != "WINDOWS-1252") return form;
    constexpr std::size_t looked_at = 4'096;
    std::string beginning = file.read(0, looked_at);
    std::transform(beginning.begin(), beginning.end(), beginning.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::size_t at = beginning.find("charset=");
    if (at == std::string::npos) return form;
    at = beginning.find_first_not_of("\"' ", at + std::strlen("charset="));
    if (at == std::string::npos) return form;
    std::string name = beginning.substr(at, beginning.find_first_of("\"'> ;/", at) - at);
    if (name == "iso-8859-1" || name == "latin1") name = "windows-1252";  // as browsers take it
    const bool usable = !name.empty() && name.size() < 40 && !name.starts_with("utf") && Decoder::knows(name);
    if (usable) form.encoding = name;
    return form;
}

}  // namespace

void read_html(const InputFile& file, Output& output) {
    TextReader reader(file, form_of_page(file));
    Listener listener{Page(output), nullptr};
    htmlSAXHandler sax = handler();
    const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxt*)> parser(
        ::htmlCreatePushParserCtxt(&sax, &listener, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8),
        [](htmlParserCtxt* context) { ::htmlFreeParserCtxt(context); });
    if (!parser) throw std::bad_alloc();
    ::htmlCtxtUseOptions(parser.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                           HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    const auto push = [&](std::string_view piece, bool last) {
        ::htmlParseChunk(parser.get(), piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
        if (listener.thrown) std::rethrow_exception(listener.thrown);
        if (parser->lastError.code == XML_ERR_NO_MEMORY) throw std::bad_alloc();
    };
    for (std::string piece; reader.next(piece);) push(piece, false);
    push("", true);
    listener.page.finish();
}

}  // namespace assistd::extract
