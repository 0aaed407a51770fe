#include "providers/offline/orders/missing.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "providers/offline/phrases/values.h"
#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

using Stems = std::set<std::string>;

constexpr std::size_t most_text = 100'000;  // words of one manifest's texts

Stems stems_of(const std::string& text) {
    std::string spoken = text;
    std::ranges::replace(spoken, '_', ' ');
    std::ranges::replace(spoken, '-', ' ');
    Stems stems;
    for (const Token& word : tokenize(spoken, most_text)) stems.insert(stem(word.text));
    return stems;
}

// Whether the phrase may begin with the word: "compute" of "(compute|calculate) {it}".
bool begins_with(std::string_view phrase, const std::string& word) {
    const std::size_t end = phrase.starts_with('(') ? phrase.find(')') : phrase.find(' ');
    const auto first = tokenize(phrase.substr(0, end), most_text);
    return std::ranges::any_of(first, [&](const Token& one) { return one.text == word; });
}

bool is_order_of(const Grammar& grammar, const std::string& word) {
    return std::ranges::any_of(grammar.tools(), [&](const auto& tool) {
        return std::ranges::any_of(tool->spec->phrases,
                                   [&](const std::string& phrase) { return begins_with(phrase, word); });
    });
}

// Whether one phrase, option, title or number of some tool has all of the words.
bool is_known(const Grammar& grammar, const Stems& wanted) {
    const auto has_all = [&](const std::string& text) {
        // Cheaper than cutting up every phrase there is.
        const auto stands_in = [&](const std::string& word) { return text.find(word) != std::string::npos; };
        return std::ranges::all_of(wanted, stands_in) && std::ranges::includes(stems_of(text), wanted);
    };
    return std::ranges::any_of(grammar.tools(), [&](const auto& tool) {
        const core::ToolSpec& spec = *tool->spec;
        return std::ranges::any_of(spec.phrases, has_all) || std::ranges::any_of(spec.options, has_all) ||
               has_all(spec.name + " " + spec.title) ||
               std::ranges::any_of(tool->properties,
                                   [&](const Property& one) { return has_all(one.key + " " + one.label); });
    });
}

// "Plot kf against N" is rather for what plots: the tools that alone, or nearly so, are ordered by the word.
std::set<const GrammarTool*> known_by_order(const Grammar& grammar, Tokens words) {
    drop_marks(words);
    words = without_politeness(words);
    std::set<const GrammarTool*> tools;
    if (words.empty()) return tools;
    for (const auto& tool : grammar.tools())
        if (std::ranges::any_of(tool->spec->phrases, [&](const std::string& phrase) {
                return begins_with(phrase, words.front().text);
            }))
            tools.insert(tool.get());
    constexpr std::size_t few = 2;
    if (tools.size() > few) tools.clear();
    return tools;
}

// The tool whose description has the most of the words, those that few descriptions have first; of those that
// are `preferred` when there are any.
const GrammarTool* nearest(const Grammar& grammar, const Stems& wanted,
                           const std::set<const GrammarTool*>& preferred) {
    std::map<std::string, int> tools_with;
    std::map<const GrammarTool*, Stems> found;
    for (const auto& tool : grammar.tools()) {
        const Stems described = stems_of(tool->spec->title + " " + tool->spec->description);
        for (const std::string& word : wanted)
            if (described.contains(word) && found[tool.get()].insert(word).second) ++tools_with[word];
    }
    const GrammarTool* best = nullptr;
    double most = 0;
    for (const auto& tool : grammar.tools()) {
        if (!preferred.empty() && !preferred.contains(tool.get())) continue;
        double score = 0;
        for (const std::string& word : found[tool.get()]) score += 1.0 / tools_with[word];
        if (score > most) {
            most = score;
            best = tool.get();
        }
    }
    constexpr double telling = 0.5;
    if (most < telling && !preferred.empty()) return *preferred.begin();
    return most >= telling ? best : nullptr;
}

// The words from the first that is no verb of orders up to where a phrase would go on.
Tokens wish_of(const Grammar& grammar, Tokens words) {
    static constexpr std::array<std::string_view, 31> no_orders{
        "i",    "you",   "he",    "she",  "we",    "they",  "my",    "it",     "who",  "why", "how",
        "when", "where", "which", "did",  "does",  "will",  "would", "what",   "is",   "are", "the",
        "a",    "an",    "this",  "that", "these", "those", "there", "thanks", "thank"};
    static constexpr std::array<std::string_view, 14> ends{
        "of", "for", "on", "with", "in", "by", "from", "to", "into", "as", "at", "is", "about", "using"};
    static constexpr std::array<std::string_view, 2> openings{"what about", "how about"};
    drop_marks(words);
    words = without_politeness(words);
    skip_any(words, openings);
    constexpr std::size_t most_words = 12;
    if (words.empty() || words.size() > most_words) return {};
    if (std::ranges::find(no_orders, words.front().text) != no_orders.end()) return {};
    if (words.size() > 1 && is_order_of(grammar, words.front().text)) words = words.subspan(1);
    while (!words.empty() && words.front().filler) words = words.subspan(1);
    std::size_t end = 0;
    bool ordered = false;
    while (end < words.size() && words[end].kind != Token::Kind::stop &&
           std::ranges::find(ends, words[end].text) == ends.end() &&
           (words[end].text == "(" || words[end].text == ")" || connector_length(words, end, ordered) == 0))
        ++end;
    return words.first(end);
}

}  // namespace

std::string told_missing(const Grammar& grammar, Tokens words) {
    const Tokens wish = wish_of(grammar, words);
    const auto things = read_reference({}, true, wish, 0);
    if (!things.empty() && things.back().next == wish.size())
        return "";  // it is there, whatever is to be done
    Stems wanted;
    bool is_named = false;  // more than numbers and handles
    for (const Token& word : wish) {
        if (word.kind != Token::Kind::word || word.filler || is_handle(word.text)) continue;
        wanted.insert(stem(word.text));
        is_named = true;
    }
    if (!is_named || grammar.tools().empty() || is_known(grammar, wanted)) return "";
    std::string said = as_written(wish);
    for (const auto& [apart, joined] : {std::pair("( ", "("), {" )", ")"}})
        if (const auto at = said.find(apart); at != std::string::npos) said.replace(at, 2, joined);
    std::string text = "I have no tool for “" + said + "”.";
    const GrammarTool* tool = nearest(grammar, wanted, known_by_order(grammar, words));
    if (!tool) tool = grammar.closest({words.begin(), words.end()});
    if (!tool) return text + " “List tools” shows what I can do.";
    std::string about = tool->spec->description;
    if (const auto end = about.find(". "); end != std::string::npos) about.resize(end + 1);
    text += " The nearest that I have is **" + tool->spec->title + "**: " + about;
    if (!tool->examples.empty()) text += " For example: “" + tool->examples.front() + "”.";
    return text;
}

}  // namespace assistd::providers::offline
