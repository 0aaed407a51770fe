#include "report/latex_text.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace assistd::exporting {
namespace {

struct Spelled {
    std::uint32_t character;
    const char* latex;
};

constexpr std::array<Spelled, 39> symbols{{
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'$', "\\$"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'%', "\\%"},
    {'_', "\\_"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'<', "$<$"},
    {'>', "$>$"},
    {'|', "$|$"},
    {0xa0, "~"},
    {0xb0, "$^\\circ$"},
    {0xb1, "$\\pm$"},
    {0xb2, "$^2$"},
    {0xb3, "$^3$"},
    {0xb5, "$\\mu$"},
    {0xb7, "$\\cdot$"},
    {0xd7, "$\\times$"},
    {0x3b1, "$\\alpha$"},
    {0x3b2, "$\\beta$"},
    {0x3b3, "$\\gamma$"},
    {0x3b5, "$\\varepsilon$"},
    {0x3ba, "$\\kappa$"},
    {0x3bb, "$\\lambda$"},
    {0x3bc, "$\\mu$"},
    {0x3c3, "$\\sigma$"},
    {0x2013, "--"},
    {0x2014, "---"},
    {0x2019, "'"},
    {0x2026, "\\dots{}"},
    {0x2212, "$-$"},
    {0x2248, "$\\approx$"},
    {0x3a3, "$\\sum$"},
    {0x221d, "$\\propto$"},
    {0x2192, "$\\to$"},
    {0x2264, "$\\leq$"},
}};

// Of Latin letters those that every font encoding can compose.
bool is_composed(std::uint32_t character) {
    constexpr std::u32string_view letters =
        U"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
        U"ĀāĂăĆćĈĉĊċČčĎďĒēĔĕĖėĚěĜĝĞğĠġĤĥĨĩĪīĬĭİıĴĵĹĺŁłŃńŇňŌōŎŏŐőŒœŔŕŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŴŵŶŷŸŹźŻżŽž";
    return letters.find(static_cast<char32_t>(character)) != std::u32string_view::npos;
}

// The character that begins at `at`, which then stands behind it; a broken one is U+FFFD.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at++);
    if (first < 0x80) return first;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    if (more == 0) return 0xfffd;
    std::uint32_t character = first & (0x3f >> more);
    for (int i = 0; i < more; ++i) {
        if (at >= text.size() || (byte(at) & 0xc0) != 0x80) return 0xfffd;
        character = character << 6 | (byte(at++) & 0x3f);
    }
    return character;
}

std::string spelled(std::uint32_t character, std::string_view bytes) {
    for (const Spelled& symbol : symbols)
        if (symbol.character == character) return symbol.latex;
    if ((character >= ' ' && character < 127) || is_composed(character)) return std::string(bytes);
    if (character < ' ') return " ";
    char code[32];
    std::snprintf(code, sizeof code, "\\texttt{U+%04X}", static_cast<unsigned>(character));
    return code;
}

void replace_first(std::string& text, std::string_view from, std::string_view to) {
    if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

std::string number_as_latex(const Run& run, const LatexStyle& style) {
    std::string text = number_text(run, style.errors);
    if (!std::isfinite(run.value)) return "--";
    replace_first(text, "\u2212", "-");
    // "1.7800 (error below 0.0001)": the words are no formula.
    std::string words;
    if (const auto at = text.find(" (error"); at != std::string::npos) {
        words = text.substr(at);
        text.erase(at);
    }
    if (style.siunitx) {
        replace_first(text, " \u00b1 ", " +- ");
        // Its own grammar has no brackets around both.
        if (text.starts_with("(")) {
            text.erase(0, 1);
            replace_first(text, ")e", "e");
        }
        return "\\num{" + text + "}" + words;
    }
    replace_first(text, " \u00b1 ", " \\pm ");
    if (const auto e = text.find('e'); e != std::string::npos)
        text = text.substr(0, e) + " \\times 10^{" + std::to_string(std::stoi(text.substr(e + 1))) + "}";
    return "$" + text + "$" + words;
}

bool is_mathematics(const Run& run) {
    return run.kind == Run::Kind::text && (run.italic || run.script != Run::Script::none);
}

std::string mathematics(const Run& run) {
    // Within formulas only this plugin's own literals stand: letters, digits, a minus.
    std::string text = run.text;
    replace_first(text, "\u2212", "-");
    if (!run.italic && text.find_first_not_of("0123456789-") != std::string::npos)
        text = "\\mathrm{" + text + "}";
    if (run.script == Run::Script::none) return text;
    return (run.script == Run::Script::below ? "_{" : "^{") + text + "}";
}

}  // namespace

std::string latex_escaped(const std::string& text) {
    std::string escaped;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::uint32_t character = next_character(text, at);
        escaped += spelled(character, std::string_view(text).substr(begin, at - begin));
    }
    return escaped;
}

std::string latex_of(const Text& text, const LatexStyle& style) {
    std::string latex;
    bool in_formula = false;
    for (const Run& run : text.runs()) {
        if (is_mathematics(run) != in_formula) {
            latex += '$';
            in_formula = !in_formula;
        }
        switch (run.kind) {
            case Run::Kind::text:
                latex += in_formula ? mathematics(run) : latex_escaped(run.text);
                break;
            case Run::Kind::number:
                latex += number_as_latex(run, style);
                break;
            case Run::Kind::citation:
                latex += "~\\cite{" + run.text + "}";
                break;
            case Run::Kind::reference:
                latex +=
                    (run.text.starts_with("figure:") ? "Figure~\\ref{" : "Table~\\ref{") + run.text + "}";
                break;
        }
    }
    if (in_formula) latex += '$';
    return latex;
}

}  // namespace assistd::exporting
