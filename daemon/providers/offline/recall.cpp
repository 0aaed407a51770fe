#include "providers/offline/recall.h"

#include <algorithm>
#include <array>

#include "providers/offline/artifact_nouns.h"
#include "providers/offline/openings.h"
#include "providers/offline/relative_values.h"
#include "providers/offline/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t farthest = 50;  // exchanges that are looked through

// "the last plot", "the same run": its kind, empty for "the previous one"; false without such a thing.
bool skip_thing(Tokens& words, std::string& kind) {
    static constexpr std::array<std::string_view, 13> determiners{
        "the last", "the latest", "the previous", "the newest", "my last", "the same", "the",
        "my",       "same",       "that",         "this",       "last",    "previous"};
    Tokens rest = words;
    if (!skip_any(rest, determiners) || rest.empty()) return false;
    bool found = false, many = false;
    kind = kind_named(rest.front().text, {}, found, many);
    if (found) words = rest.subspan(1);
    return found;
}

// Takes "repeat that", "redo the last plot", "the same again", "now" off the words; false when they ask for
// no repetition. `kind` is set when they name what was made, and `needs_change` is set when only a change
// makes it one: "now with seed 3".
bool skip_opening(Tokens& words, std::string& kind, bool& needs_change) {
    static constexpr std::array<std::string_view, 3> repeats{"repeat", "redo", "rerun"};
    static constexpr std::array<std::string_view, 10> verbs{
        "run", "do", "make", "try", "execute", "start", "grow", "generate", "create", "simulate"};
    static constexpr std::array<std::string_view, 3> others{"another one", "one more", "another"};
    static constexpr std::array<std::string_view, 11> objects{
        "the last step", "the last call", "the same thing", "the same", "same thing", "same", "it",
        "that",          "this",          "them",           "those"};
    static constexpr std::array<std::string_view, 6> markers{"once more",    "one more time", "once again",
                                                             "another time", "over again",    "again"};
    static constexpr std::array<std::string_view, 10> turns{
        "and now", "what about", "how about", "now", "and", "this time", "no", "nope", "sorry", "wrong"};
    const bool repeat = skip_any(words, repeats);
    const Tokens at_verb = words;
    if (!repeat) skip_any(words, verbs);
    const bool same =
        !words.empty() &&
        (words[0].text == "same" || (words.size() > 1 && words[0].text == "the" && words[1].text == "same"));
    if (!skip_thing(words, kind)) skip_any(words, objects);
    const bool again = skip_any(words, markers);
    if (repeat || same || again) return true;
    // "grow another one with seed 8"
    words = at_verb;
    if (skip_any(words, verbs) && skip_any(words, others)) return true;
    // "run it with twice as many particles"
    words = at_verb;
    needs_change = true;
    static constexpr std::array<std::string_view, 3> its{"it", "that", "this"};
    if (skip_any(words, verbs) && skip_any(words, its)) return true;
    words = at_verb;
    if (!skip_any(words, turns)) return false;
    drop_marks(words);
    // "now the same with 800 particles"
    static constexpr std::array<std::string_view, 6> alike{"the same thing", "the same",    "same thing",
                                                           "same",           "do the same", "it again"};
    if (skip_any(words, alike)) needs_change = false;
    return true;
}

// "with 3 different seeds": so often, each with a seed that is drawn; 1 when it is not said.
int skip_seeds(Tokens& words) {
    static constexpr std::array<std::string_view, 3> joins{"with", "using", "for"};
    static constexpr std::array<std::string_view, 6> seeds{"different seeds", "other seeds", "new seeds",
                                                           "random seeds",    "more seeds",  "seeds"};
    Tokens rest = words;
    skip_any(rest, joins);
    const auto number = read_number(rest, 0);
    if (!number || number->value < 2 || number->value > 20 || number->percent) return 1;
    rest = rest.subspan(number->next);
    if (!skip_any(rest, seeds) || !rest.empty()) return 1;
    words = rest;
    return static_cast<int>(number->value);
}

// "three times", "twice": how often; 1 when nothing is said.
int skip_count(Tokens& words) {
    std::size_t next = 0;
    int count = 0;
    if (!words.empty() && (words[0].text == "twice" || words[0].text == "thrice")) {
        count = words[0].text == "twice" ? 2 : 3;
        next = 1;
    } else if (const auto number = read_number(words, 0);
               number && number->value >= 1 && number->value <= 20 && !number->percent) {
        next = number->next;
        if (next < words.size() && words[next].text == "more") ++next;
        if (next >= words.size() || (words[next].text != "times" && words[next].text != "time")) return 1;
        count = static_cast<int>(number->value);
        ++next;
    } else {
        return skip_seeds(words);
    }
    if (count > 0) words = words.subspan(next);
    return std::max(count, 1);
}

// The words "with another seed" of an argument that may be left out; its value is drawn anew.
const Argument* other_value(const GrammarTool& tool, Tokens words) {
    static constexpr std::array<std::string_view, 3> joins{"with", "using", "for"};
    static constexpr std::array<std::string_view, 9> others{
        "a different", "another", "a new", "a random", "different", "new", "random", "other", "an other"};
    skip_any(words, joins);
    if (!skip_any(words, others) || words.size() != 1) return nullptr;
    for (const Argument& argument : tool.arguments)
        if (!argument.required && stem(words[0].text) == stem(argument.name)) return &argument;
    return nullptr;
}

bool makes(const Call& call, const std::string& kind) {
    const auto made = call.artifacts();
    return std::ranges::any_of(made, [&](const MadeArtifact& artifact) { return artifact.kind == kind; });
}

}  // namespace

std::optional<Step> Recall::changed(const Call& call, Tokens changes) const {
    const GrammarTool* tool = grammar_.find(call.block->name);
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    if (!tool || tool->spec->plugin == "assistd" || !arguments.is_object()) return std::nullopt;
    Step step;
    step.tool = tool;
    const bool with_seeds = !changes.empty() && stem(changes.back().text) == "seed";
    step.count = skip_count(changes);
    if (!changes.empty() && changes.front().text == "but") changes = changes.subspan(1);
    const Argument* drawn = other_value(*tool, changes);
    auto match =
        changes.empty() || drawn ? std::optional<Match>(Match()) : grammar_.read_options(*tool, changes);
    if (auto binding = match ? std::nullopt : relative_value(grammar_, *tool, arguments, changes))
        match.emplace().bindings.push_back(std::move(*binding));
    if (!match) match = grammar_.read_needed_number(*tool, changes);
    if (!match) return std::nullopt;
    for (std::size_t i = 0; i < tool->arguments.size(); ++i) {
        const Argument& argument = tool->arguments[i];
        const bool drawn_anew =
            &argument == drawn || (with_seeds && step.count > 1 && argument.name == "seed");
        if (drawn_anew || !arguments.contains(argument.name)) continue;
        SlotValue value;
        value.values.push_back(arguments[argument.name]);
        step.bindings.push_back({static_cast<int>(i), std::move(value)});
    }
    for (Binding& binding : match->bindings) {
        std::erase_if(step.bindings, [&](const Binding& b) { return b.argument == binding.argument; });
        step.bindings.push_back(std::move(binding));
    }
    return step;
}

// "Do it again as ply" of four exports means the four: the one argument in which such calls differed has the
// values of all, unless the words change it.
void Recall::take_others(Step& step, const Call& call, std::size_t exchange) {
    std::vector<json> all;
    for (const Call& other : history_.read(exchange).calls) {
        const json arguments = json::parse(other.block->arguments, nullptr, false);
        if (other.block->name == call.block->name && other.reply == call.reply && arguments.is_object())
            all.push_back(arguments);
    }
    std::vector<std::size_t> differing;
    const auto value_in = [](const json& arguments, const std::string& name) {
        return arguments.contains(name) ? arguments[name] : json();
    };
    for (std::size_t i = 0; i < step.tool->arguments.size(); ++i) {
        const std::string& name = step.tool->arguments[i].name;
        const bool differ = std::ranges::any_of(
            all, [&](const json& one) { return value_in(one, name) != value_in(all.front(), name); });
        if (differ) differing.push_back(i);
    }
    // "The same with 300 particles" of three that differ by their seeds alone are three.
    if (differing.empty() && step.count == 1) step.count = static_cast<int>(all.size());
    if (differing.size() != 1 || step.count > 1) return;
    const std::string& name = step.tool->arguments[differing.front()].name;
    const json own = value_in(json::parse(call.block->arguments, nullptr, false), name);
    for (Binding& binding : step.bindings)
        if (binding.argument == static_cast<int>(differing.front()) &&
            binding.value.values == std::vector{own}) {
            binding.value.values.clear();
            for (const json& one : all) binding.value.values.push_back(value_in(one, name));
        }
}

// "Do that again with 200" of a dla and a cca that were grown at once is the cca: says so.
void Recall::note_others(Step& step, const Call& call, std::size_t exchange, Tokens changes) {
    for (const Call& other : history_.read(exchange).calls) {
        if (other.reply != call.reply || other.block->name == call.block->name || !changed(other, changes))
            continue;
        step.add_note("Of what was done there I repeated **" + step.tool->spec->title +
                      "** alone; please name the others if you want them too.");
        return;
    }
}

std::optional<Step> Recall::again(Tokens words) {
    drop_marks(words);
    const Tokens bare = without_politeness(words);
    bool needs_change = false;
    std::string kind;
    // "now" and "again" may be said for politeness, or mean it.
    Tokens rest = words;
    if (!skip_opening(rest, kind, needs_change)) {
        rest = bare;
        needs_change = false;
        if (!skip_opening(rest, kind, needs_change)) return std::nullopt;
    }
    drop_marks(rest);
    rest = without_politeness(rest);
    if (!rest.empty() && (rest.back().text == "instead" || rest.back().text == "again"))
        rest = rest.first(rest.size() - 1);
    drop_marks(rest);
    if (rest.empty() && needs_change) return std::nullopt;
    const std::size_t end = exchange_ > farthest ? exchange_ - farthest : 0;
    for (std::size_t i = exchange_; i-- > end;)
        for (const Call& call : Reversed(history_.read(i).calls)) {
            if (!kind.empty() && !makes(call, kind)) continue;
            auto step = changed(call, rest);
            if (!step) continue;
            take_others(*step, call, i);
            if (kind.empty()) note_others(*step, call, i, rest);
            step->text = as_written(words);
            return step;
        }
    return std::nullopt;
}

}  // namespace assistd::providers::offline
