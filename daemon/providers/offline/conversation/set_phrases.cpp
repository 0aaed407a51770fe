#include "providers/offline/conversation/set_phrases.h"

#include <algorithm>
#include <array>

#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

// The words without punctuation and fillers, for comparing with whole set phrases.
std::string plain_words(const std::vector<Token>& tokens, bool with_fillers) {
    std::string text;
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::comma || token.kind == Token::Kind::stop) continue;
        if (token.filler && !with_fillers) continue;
        if (!text.empty()) text += ' ';
        text += token.text;
    }
    return text;
}

template <std::size_t n>
bool says(const std::array<std::string_view, n>& phrases, const std::vector<Token>& tokens) {
    const std::string all = plain_words(tokens, true);
    const std::string bare = plain_words(tokens, false);
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view phrase) { return phrase == all || phrase == bare; });
}

// "Thanks, that was useful", "thank you for the plot": no more than thanks, whatever it praises.
bool is_thankful(Tokens tokens) {
    static constexpr std::array<std::string_view, 5> openings{"many thanks", "thanks a lot", "thanks",
                                                              "thank you", "thx"};
    static constexpr std::array<std::string_view, 9> praise{
        "that was", "that is", "this was", "this is", "it was", "you are", "you were", "for", "very"};
    const bool asks = !tokens.empty() && tokens.back().text == "?";
    drop_marks(tokens);
    if (asks || !skip_any(tokens, openings)) return false;
    drop_marks(tokens);
    return skip_any(tokens, praise) &&
           std::ranges::none_of(tokens, [](const Token& one) { return one.kind == Token::Kind::comma; });
}

// "What is box counting" asks for a tool when all that it says is in the tool's name, title or description;
// "what is the mean of those five" does not.
bool is_about(const GrammarTool& tool, Tokens topic) {
    std::string about = tool.spec->name + " " + tool.spec->title + " " + tool.spec->description;
    std::ranges::replace(about, '_', ' ');
    std::ranges::replace(about, '-', ' ');
    constexpr std::size_t most_words = 60;
    const std::vector<Token> known = tokenize(about, most_words);
    static constexpr std::array<std::string_view, 7> common{"do", "is", "does", "for", "tool", "work", "the"};
    return std::ranges::all_of(topic, [&](const Token& word) {
        return word.filler || word.kind == Token::Kind::stop ||
               std::ranges::find(common, word.text) != common.end() || word.text == tool.spec->name ||
               std::ranges::any_of(known,
                                   [&](const Token& one) { return stem(one.text) == stem(word.text); });
    });
}

}  // namespace

bool says_no(const std::vector<Token>& tokens) {
    static constexpr std::array<std::string_view, 15> phrases{
        "never mind", "nevermind", "cancel", "cancel it", "cancel that",  "forget it", "forget that", "stop",
        "no",         "no thanks", "nope",   "abort",     "no thank you", "leave it",  "drop it"};
    return says(phrases, tokens);
}

bool says_yes(const std::vector<Token>& tokens) {
    static constexpr std::array<std::string_view, 17> phrases{
        "yes", "y",   "yep",   "yeah",    "sure", "ok",      "okay",      "do it",       "go ahead",
        "go",  "yup", "right", "correct", "do",   "exactly", "yes do it", "yes go ahead"};
    return says(phrases, tokens);
}

std::optional<Intent::Kind> set_phrase(const std::vector<Token>& tokens) {
    static constexpr std::array<std::string_view, 16> greetings{
        "hi",         "hey",          "hello",          "hello there",  "hi there",
        "hey there",  "good morning", "good afternoon", "good evening", "good day",
        "greetings",  "moin",         "hello assistd",  "howdy",        "hi assistd",
        "hey assistd"};
    static constexpr std::array<std::string_view, 16> thanks{
        "thanks",  "thank you",         "thx",       "many thanks", "thanks lot", "thank you very much",
        "great",   "great thanks",      "cheers",    "perfect",     "nice",       "cool",
        "awesome", "thank you so much", "well done", "good job"};
    static constexpr std::array<std::string_view, 18> help{"help",
                                                           "what can you do",
                                                           "what can i do",
                                                           "what can i ask",
                                                           "who are you",
                                                           "what are you",
                                                           "what is this",
                                                           "how does this work",
                                                           "what do you do",
                                                           "commands",
                                                           "examples",
                                                           "show examples",
                                                           "what can i ask you",
                                                           "help me",
                                                           "what can you do for me",
                                                           "give me examples",
                                                           "how can you help me",
                                                           "what else can you do"};
    static constexpr std::array<std::string_view, 12> tools{"list tools",
                                                            "tools",
                                                            "what tools",
                                                            "show tools",
                                                            "list all tools",
                                                            "what tools do you have",
                                                            "which tools do you have",
                                                            "which tools are there",
                                                            "what tools are there",
                                                            "list of tools",
                                                            "show all tools",
                                                            "what tools can you use"};
    if (says(greetings, tokens)) return Intent::Kind::greeting;
    if (says(thanks, tokens) || is_thankful(tokens)) return Intent::Kind::thanks;
    if (says(help, tokens)) return Intent::Kind::help;
    if (says(tools, tokens)) return Intent::Kind::list_tools;
    return std::nullopt;
}

std::optional<Tokens> topic_words(Tokens tokens) {
    static constexpr std::array<std::string_view, 14> openings{
        "help with", "help on",  "help for", "help about",    "help",    "how do i use", "how to use",
        "what does", "describe", "explain",  "tell me about", "what is", "whats",        "how do i"};
    for (const std::string_view opening : openings) {
        std::size_t at = 0;
        std::string_view words = opening;
        bool fits = true;
        while (fits && !words.empty()) {
            const std::size_t space = words.find(' ');
            fits = at < tokens.size() && tokens[at].text == words.substr(0, space);
            ++at;
            words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
        }
        if (fits && at < tokens.size()) return tokens.subspan(at);
    }
    return std::nullopt;
}

std::string meaning_asked_for(Tokens tokens, const Grammar& grammar) {
    static constexpr std::array<std::string_view, 2> openings{"what does", "what do"};
    static constexpr std::array<std::string_view, 3> closings{"mean", "stand for", "measure"};
    drop_marks(tokens);
    if (!skip_any(tokens, openings)) return "";
    std::vector<std::string> name;
    std::size_t length = 0;
    for (; !tokens.empty(); tokens = tokens.subspan(1)) {
        const bool closes = std::ranges::any_of(closings, [&](std::string_view words) {
            return begins(tokens, words, length) && length == tokens.size();
        });
        if (closes) break;
        if (!tokens.front().filler) name.push_back(stem(tokens.front().text));
    }
    if (tokens.empty()) return "";
    for (const auto& tool : grammar.tools())
        for (const Property& property : tool->properties)
            if (!property.description.empty() &&
                std::ranges::find(property.names, name) != property.names.end())
                return "**" + property.key + "**: " + property.description + " (" + tool->spec->title + ").";
    return "";
}

const GrammarTool* topic_of(Tokens tokens, Tokens topic, const Grammar& grammar) {
    for (const Token& token : topic)
        if (const GrammarTool* named = grammar.find(token.text)) return named;
    const GrammarTool* closest = grammar.closest({topic.begin(), topic.end()});
    const bool asks_for_help = tokens.front().text == "help" || tokens.front().text == "how";
    return closest && (asks_for_help || is_about(*closest, topic)) ? closest : nullptr;
}

}  // namespace assistd::providers::offline
