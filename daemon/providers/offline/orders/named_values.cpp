#include "providers/offline/orders/named_values.h"

#include <algorithm>

namespace assistd::providers::offline {
namespace {

struct NameList {
    std::size_t begin = 0, end = 0;
    std::string argument;
    std::vector<std::string> values;
};

bool is_joint(const Token& token) {
    return token.kind == Token::Kind::comma || token.text == "and" || token.text == "or" ||
           token.text == "vs";
}

// The names of values of one argument that stand at `at`, joined.
NameList list_at(const Grammar& grammar, Tokens words, std::size_t at) {
    NameList list{at, at, "", {}};
    for (std::size_t i = at; i < words.size(); ++i) {
        if (i > at && is_joint(words[i])) continue;
        const NamedValue named = grammar.value_named(words[i].text);
        const bool joined = i == at || is_joint(words[i - 1]);
        if (!joined || named.argument.empty() || (i > at && named.argument != list.argument)) break;
        list.argument = named.argument;
        list.end = i + 1;
        list.values.push_back(readable_number(named.value));
    }
    return list;
}

}  // namespace

std::string values_for_names(const Grammar& grammar, std::vector<Token>& words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        const NameList list = list_at(grammar, words, at);
        if (list.values.size() < 2) continue;
        const auto from = [&](std::size_t i) { return words.begin() + static_cast<long>(i); };
        const std::string names = as_written({from(list.begin), from(list.end)});
        const bool is_called = at > 0 && words[at - 1].kind == Token::Kind::word && words[at - 1].id < 0;
        const std::size_t begin = is_called ? at - 1 : at;
        // Without another name for what is grown the first of them says it.
        const bool names_maker =
            std::any_of(words.begin(), from(begin), [](const Token& word) { return !word.makes.empty(); });
        std::string said = names_maker ? "" : words[at].text + " with ";
        said += list.argument + " ";
        for (const std::string& value : list.values)
            said += (&value == &list.values.front() ? "" : ", ") + value;
        std::vector<Token> replaced(words.begin(), from(begin));
        const std::vector<Token> values = grammar.tokens_of(said);
        replaced.insert(replaced.end(), values.begin(), values.end());
        replaced.insert(replaced.end(), from(list.end), words.end());
        words = std::move(replaced);
        std::string argument = list.argument;
        std::ranges::replace(argument, '_', ' ');
        return "I took “" + names + "” as the " + argument + " " + join_words(list.values, "and") +
               ", which is what tells them apart" +
               (is_called ? "; there is no parameter of another name for it." : ".");
    }
    return "";
}

}  // namespace assistd::providers::offline
