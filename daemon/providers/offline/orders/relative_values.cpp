#include "providers/offline/orders/relative_values.h"

#include <array>
#include <cmath>

#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

// "twice", "half", "three times": taken off the words; 0 when they begin with no factor.
double take_factor(Tokens& words) {
    struct Factor {
        std::string_view word;
        double value;
    };
    static constexpr std::array<Factor, 5> factors{
        {{"twice", 2}, {"double", 2}, {"thrice", 3}, {"triple", 3}, {"half", 0.5}}};
    for (const Factor& factor : factors)
        if (!words.empty() && words.front().text == factor.word) {
            words = words.subspan(1);
            return factor.value;
        }
    const auto number = read_number(words, 0);
    if (!number || number->percent || number->next >= words.size() || words[number->next].text != "times")
        return 0;
    words = words.subspan(number->next + 1);
    return number->value;
}

// The argument that the words alone stand for, when this is its value.
bool is_value_of(const Grammar& grammar, const GrammarTool& tool, int argument, const json& value,
                 Tokens name) {
    const std::string written = as_written(name);
    for (const std::string& words : {value.dump() + " " + written, written + " " + value.dump()}) {
        const std::vector<Token> tokens = grammar.tokens_of(words);
        const auto match = grammar.read_options(tool, tokens);
        if (match && match->bindings.size() == 1 && match->bindings.front().argument == argument &&
            match->bindings.front().value.values == std::vector<json>{value})
            return true;
    }
    return false;
}

}  // namespace

std::optional<Binding> relative_value(const Grammar& grammar, const GrammarTool& tool, const json& arguments,
                                      Tokens words) {
    static constexpr std::array<std::string_view, 4> joins{"with", "using", "for", "of"};
    static constexpr std::array<std::string_view, 7> comparing{
        "as many", "as much", "as large a", "as large", "the number of", "of the", "the"};
    skip_any(words, joins);
    const double factor = take_factor(words);
    if (!(factor > 0)) return std::nullopt;
    skip_any(words, comparing);
    for (std::size_t i = 0; i < tool.arguments.size() && !words.empty(); ++i) {
        const Argument& argument = tool.arguments[i];
        const json was = arguments.value(argument.name, json());
        if (!was.is_number()) continue;
        const double value = was.get<double>() * factor;
        const bool whole = argument.type == ArgumentType::integer;
        const json now = whole ? json(std::llround(value)) : json(value);
        if (!is_value_of(grammar, tool, static_cast<int>(i), now, words)) continue;
        return Binding{static_cast<int>(i), {{now}, std::nullopt}};
    }
    return std::nullopt;
}

}  // namespace assistd::providers::offline
