#include "providers/offline/conversation/answer.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {
namespace {

constexpr std::size_t most_answer_words = 20;  // before the value

// Words that may stand before or after a value in an answer.
bool frames_an_answer(const std::string& word) {
    static constexpr std::array<std::string_view, 39> words{
        "about", "approximately", "around", "be",    "by",   "call",  "choose", "do",      "enough",
        "fine",  "for",           "go",     "guess", "how",  "i",     "id",     "in",      "is",
        "it",    "its",           "lets",   "like",  "make", "maybe", "of",     "roughly", "say",
        "set",   "should",        "take",   "them",  "then", "think", "to",     "try",     "use",
        "want",  "with",          "would"};
    static_assert(std::is_sorted(words.begin(), words.end()));
    return std::binary_search(words.begin(), words.end(), word);
}

// Whether the word names the argument: it stands in its name or in the noun that its description begins with.
bool names(const Argument& argument, const Token& token) {
    std::string noun = argument.name + " ";
    std::replace(noun.begin(), noun.end(), '_', ' ');
    noun += argument.description.substr(0, argument.description.find_first_of(",.:;("));
    const auto words = tokenize(noun, 20);
    return token.kind == Token::Kind::word && std::any_of(words.begin(), words.end(), [&](const Token& word) {
               return word.kind == Token::Kind::word && stem(word.text) == stem(token.text);
           });
}

bool frames(const Argument& argument, Tokens words) {
    return std::all_of(words.begin(), words.end(), [&](const Token& word) {
        return word.filler || frames_an_answer(word.text) || names(argument, word);
    });
}

// What stands beside the value: nothing but frame, or further arguments of the tool. None when a word of it
// would be lost.
std::optional<Answer> read_beside(const Grammar& grammar, const GrammarTool& tool, const Argument& wanted,
                                  Tokens words) {
    if (frames(wanted, words)) return Answer();
    for (std::size_t begin = 0; begin < words.size(); ++begin) {
        if (!frames(wanted, words.first(begin))) break;
        for (std::size_t end = words.size(); end > begin; --end) {
            if (!frames(wanted, words.subspan(end))) break;
            if (auto match = grammar.read_options(tool, words.subspan(begin, end - begin)))
                return std::move(match->bindings);
        }
    }
    return std::nullopt;
}

// One value of each argument; saying an argument twice is no clear answer.
bool each_once(const Answer& answer) {
    for (std::size_t i = 0; i < answer.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (answer[i].argument == answer[k].argument &&
                (answer[i].value.reference || answer[i].value.values != answer[k].value.values))
                return false;
    return true;
}

}  // namespace

std::optional<Answer> read_answer(const Grammar& grammar, const GrammarTool& tool, const Argument& wanted,
                                  Tokens words) {
    if (auto match = grammar.read_options(tool, words); match && each_once(match->bindings))
        return std::move(match->bindings);
    const auto number = static_cast<int>(&wanted - tool.arguments.data());
    const bool text = wanted.type == ArgumentType::string;
    for (std::size_t at = 0; at < words.size() && at < most_answer_words; ++at) {
        if (text && frames_an_answer(words[at].text) && at + 1 < words.size()) continue;
        auto readings = read_slot(wanted, words, at);
        if (readings.empty()) continue;
        const auto before = text && !frames(wanted, words.first(at))
                                ? std::nullopt
                                : read_beside(grammar, tool, wanted, words.first(at));
        // The longest first, "five hundred" before "five"; of a text the shortest that leaves only options.
        if (!text) std::reverse(readings.begin(), readings.end());
        for (SlotReading& reading : readings) {
            if (!before) break;
            const Tokens rest = words.subspan(reading.next);
            auto after = text && !rest.empty() && frames(wanted, rest)
                             ? std::nullopt
                             : read_beside(grammar, tool, wanted, rest);
            if (!after) continue;
            Answer answer = *before;
            answer.push_back({number, std::move(reading.value)});
            answer.insert(answer.end(), after->begin(), after->end());
            if (each_once(answer)) return answer;
        }
    }
    return std::nullopt;
}

}  // namespace assistd::providers::offline
