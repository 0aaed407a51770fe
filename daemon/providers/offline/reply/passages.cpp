#include "providers/offline/reply/passages.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/citations.h"
#include "core/sentences.h"
#include "providers/offline/words/words.h"

namespace assistd::providers::offline {
namespace {

constexpr std::size_t most_words = 200;
constexpr std::size_t fewest_words_of_its_own = 1;
constexpr std::size_t most_passages = 3;
constexpr std::size_t most_quote_bytes = 300;

// Of a question's words.
double least_share(Fit fit) {
    switch (fit) {
        case Fit::answer:
            return 0.6;
        case Fit::near:
            return 0.33;
        case Fit::any:
            break;
    }
    return 0;
}

// Words that say that something is asked, and where it may stand, and not what.
bool only_asks(const std::string& word) {
    static constexpr std::array<std::string_view, 86> words{
        "about", "according", "all",       "am",     "an",      "and",       "any",   "anything", "are",
        "as",    "at",        "be",        "big",    "by",      "can",       "deep",  "describe", "did",
        "do",    "document",  "documents", "does",   "explain", "file",      "files", "for",      "from",
        "give",  "had",       "has",       "have",   "high",    "how",       "i",     "in",       "is",
        "it",    "its",       "know",      "large",  "long",    "many",      "me",    "mean",     "means",
        "much",  "my",        "notes",     "of",     "old",     "on",        "one",   "ones",     "or",
        "our",   "papers",    "say",       "should", "show",    "something", "tall",  "tell",     "than",
        "that",  "the",       "their",     "them",   "there",   "these",     "they",  "this",     "to",
        "use",   "was",       "were",      "what",   "when",    "where",     "which", "who",      "whose",
        "why",   "wide",      "will",      "with",   "you"};
    static_assert(std::is_sorted(words.begin(), words.end()));
    return std::binary_search(words.begin(), words.end(), word);
}

std::set<std::string> own_words(std::string_view text) {
    std::set<std::string> words;
    for (const Token& token : tokenize(text, most_words)) {
        const bool says_something = token.kind == Token::Kind::word || token.kind == Token::Kind::number ||
                                    token.kind == Token::Kind::quoted;
        if (says_something && !token.filler && !only_asks(token.text)) words.insert(stem(token.text));
    }
    return words;
}

std::size_t shared(const std::set<std::string>& some, const std::set<std::string>& others) {
    return static_cast<std::size_t>(std::count_if(
        some.begin(), some.end(), [&](const std::string& word) { return others.contains(word); }));
}

// Parts between empty lines: a heading ends without a mark.
std::vector<std::string_view> paragraphs_of(std::string_view text) {
    std::vector<std::string_view> paragraphs;
    while (!text.empty()) {
        const std::size_t end = text.find("\n\n");
        paragraphs.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
    }
    return paragraphs;
}

bool is_heading(std::string_view paragraph) {
    return paragraph.starts_with('#');
}

// The sentence that has most of the question's words with the marker, and those behind it in its paragraph as
// long as there is room. A heading says what the paragraphs below it are about, and is no sentence where
// there are any.
std::string nearest_sentences(std::string_view passage, const std::set<std::string>& question,
                              const std::string& marker) {
    std::vector<std::string_view> nearest;
    double most = -1;
    double of_heading = 0;
    const std::vector<std::string_view> paragraphs = paragraphs_of(passage);
    const bool has_text = !std::all_of(paragraphs.begin(), paragraphs.end(), is_heading);
    for (const std::string_view paragraph : paragraphs) {
        if (has_text && is_heading(paragraph)) {
            // Between none of the words and one of them in a sentence itself.
            of_heading = shared(question, own_words(paragraph)) > 0 ? 0.5 : 0;
            continue;
        }
        const std::vector<std::string_view> sentences = core::sentences_of(paragraph);
        for (std::size_t i = 0; i < sentences.size(); ++i) {
            const double here = static_cast<double>(shared(question, own_words(sentences[i]))) + of_heading;
            if (here <= most) continue;
            most = here;
            nearest.assign(sentences.begin() + static_cast<std::ptrdiff_t>(i), sentences.end());
        }
    }
    std::string quote;
    for (const std::string_view sentence : nearest) {
        if (!quote.empty() && quote.size() + sentence.size() > most_quote_bytes) break;
        std::string line(sentence);
        std::replace(line.begin(), line.end(), '\n', ' ');
        while (!line.empty() && line.back() == ' ') line.pop_back();
        quote += quote.empty() ? line + " " + marker : " " + line;
    }
    return quote;
}

}  // namespace

bool is_worth_a_search(const std::string& message) {
    static constexpr std::array<std::string_view, 11> openings{
        "according", "what", "which", "who", "when", "where", "why", "how", "does", "is", "are"};
    const std::vector<Token> tokens = tokenize(message, most_words);
    const bool opens =
        !tokens.empty() && std::find(openings.begin(), openings.end(), tokens.front().text) != openings.end();
    const std::size_t end = message.find_last_not_of(" \t\r\n");
    const bool asks = opens || (end != std::string::npos && message[end] == '?') || message.ends_with("？");
    return asks && own_words(message).size() >= fewest_words_of_its_own;
}

std::string text_of_passages(const Call& search, const std::string& question, Fit fit) {
    if (search.result == nullptr) return {};
    const std::set<std::string> wanted = own_words(question);
    std::string text;
    std::size_t told = 0;
    for (const core::FoundPassage& found : core::found_in(search.result->content)) {
        if (told == most_passages) break;
        std::set<std::string> there = own_words(found.passage.text);
        there.merge(own_words(found.passage.file_name));
        const std::size_t here = shared(wanted, there);
        const bool fits = static_cast<double>(here) >= least_share(fit) * static_cast<double>(wanted.size());
        if (fit != Fit::any && (!fits || here == 0)) continue;
        text += "- " + nearest_sentences(found.passage.text, wanted, core::marker_of(found)) + "\n";
        ++told;
    }
    return text;
}

}  // namespace assistd::providers::offline
