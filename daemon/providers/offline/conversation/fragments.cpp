#include "providers/offline/conversation/fragments.h"

#include <algorithm>
#include <array>

#include "providers/offline/conversation/answer.h"
#include "providers/offline/conversation/set_phrases.h"
#include "providers/offline/orders/bindings.h"
#include "providers/offline/orders/repeat_words.h"
#include "providers/offline/words/openings.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

// The arguments that the failed call's error names.
std::vector<const Argument*> wanted_by(const Call& call, const GrammarTool& tool) {
    std::vector<const Argument*> wanted;
    const json error = call.body.is_object() ? call.body.value("error", json()) : json();
    const json details = error.is_object() ? error.value("details", json()) : json();
    const json errors = details.is_object() ? details.value("errors", json()) : json();
    for (const json& one : errors.is_array() ? errors : json::array()) {
        const json field = one.is_object() ? one.value("field", json()) : json();
        if (!field.is_string()) continue;
        if (const Argument* argument = tool.find(field.get<std::string>())) wanted.push_back(argument);
    }
    return wanted;
}

// "particle_radius 10, length_unit nm"
std::string told(const GrammarTool& tool, const std::vector<Binding>& bindings) {
    std::string text;
    for (const Binding& binding : bindings) {
        std::vector<std::string> values;
        for (const json& value : binding.value.values)
            values.push_back(value.is_number()   ? readable_number(value.get<double>())
                             : value.is_string() ? value.get<std::string>()
                                                 : value.dump());
        if (values.empty()) return "";
        text += (text.empty() ? "" : ", ") + tool.arguments[static_cast<std::size_t>(binding.argument)].name +
                " " + join_words(values, "and");
    }
    return text;
}

}  // namespace

std::optional<Step> completed_call(const Grammar& grammar, History& history, std::size_t exchange,
                                   Tokens words) {
    if (exchange == 0) return std::nullopt;
    drop_marks(words);
    const Tokens bare = without_politeness(words);
    for (const Call& call : Reversed(history.read(exchange - 1).calls)) {
        const GrammarTool* tool = grammar.find(call.block->name);
        const json arguments = json::parse(call.block->arguments, nullptr, false);
        if (!tool || call.state != Call::State::failed || !arguments.is_object()) continue;
        for (const Argument* wanted : wanted_by(call, *tool)) {
            const auto answer = read_answer(grammar, *tool, *wanted, in_own_unit(grammar, *wanted, bare));
            if (!answer) continue;
            Step step;
            step.tool = tool;
            step.bindings = *answer;
            for (std::size_t i = 0; i < tool->arguments.size(); ++i) {
                const std::string& name = tool->arguments[i].name;
                const bool is_said = std::ranges::any_of(
                    *answer, [i](const Binding& one) { return one.argument == static_cast<int>(i); });
                if (!is_said && arguments.contains(name))
                    step.bindings.push_back({static_cast<int>(i), {{arguments[name]}, std::nullopt}});
            }
            step.text = as_written(words);
            step.add_note("I took “" + as_written(words) + "” as " + told(*tool, *answer) +
                          " and did the same once more.");
            return step;
        }
    }
    return std::nullopt;
}

std::string told_fragment(const Grammar& grammar, Tokens words) {
    constexpr std::size_t most_words = 12, most_told = 3;
    drop_marks(words);
    words = without_politeness(words);
    if (words.empty() || words.size() > most_words) return "";
    std::vector<std::pair<std::string, std::vector<std::string>>> meanings;  // with the tools' titles
    for (const auto& tool : grammar.tools()) {
        const auto match = grammar.read_options(*tool, words);
        const std::string meaning = match ? told(*tool, match->bindings) : "";
        if (meaning.empty()) continue;
        auto known = std::ranges::find(meanings, meaning, [](const auto& one) { return one.first; });
        if (known == meanings.end()) known = meanings.insert(known, {meaning, {}});
        known->second.push_back("**" + tool->spec->title + "**");
    }
    if (meanings.empty()) return "";
    std::string text = "“" + as_written(words) + "” is no order by itself. It would be";
    for (std::size_t i = 0; i < meanings.size() && i < most_told; ++i) {
        auto& [meaning, titles] = meanings[i];
        const std::size_t more = titles.size() > 2 ? titles.size() - 1 : 0;
        if (more > 0) titles = {titles.front(), std::to_string(more) + " other tools"};
        text += std::string(i == 0                                          ? " "
                            : i + 1 == std::min(meanings.size(), most_told) ? ", or "
                                                                            : ", ") +
                meaning + " of " + join_words(titles, "and");
    }
    static constexpr std::array<std::string_view, 4> joints{"with", "in", "of", "using"};
    const bool is_joined = std::ranges::find(joints, words.front().text) != joints.end();
    return text + ". What should I do with it? “Again " + (is_joined ? "" : "with ") + as_written(words) +
           "” repeats what was done last.";
}

}  // namespace assistd::providers::offline
