#include "providers/offline/orders/repeat_words.h"

#include <algorithm>
#include <array>

#include "providers/offline/words/artifact_nouns.h"
#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

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

// "simulation-2", "the simulation 2": false without such a thing.
bool skip_handle(Tokens& words, std::string& handle) {
    for (const SlotReading& reading : read_reference({}, false, words, 0)) {
        const Reference& meant = *reading.value.reference;
        if (meant.plural() || !meant.only_handles()) continue;
        handle = meant.items.front().handle;
        words = words.subspan(reading.next);
        return true;
    }
    return false;
}

// "the first one", "the second dla": false without such a thing.
bool skip_counted(Tokens& words, Reference::Item& counted) {
    std::size_t longest = 0;
    for (const SlotReading& reading : read_reference({}, false, words, 0)) {
        const Reference& meant = *reading.value.reference;
        if (meant.plural() || meant.items.front().ordinal == 0 || reading.next <= longest) continue;
        counted = meant.items.front();
        longest = reading.next;
    }
    words = words.subspan(longest);
    return longest > 0;
}

// Takes "repeat that", "redo the last plot", "the same again", "now" off the words; false when they ask for
// no repetition.
bool skip_opening(Tokens& words, Repeat& repeat) {
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
    const bool repeats_it = skip_any(words, repeats);
    const Tokens at_verb = words;
    if (!repeats_it) skip_any(words, verbs);
    const bool same =
        !words.empty() &&
        (words[0].text == "same" || (words.size() > 1 && words[0].text == "the" && words[1].text == "same"));
    if (!skip_handle(words, repeat.handle) && !skip_counted(words, repeat.counted) &&
        !skip_thing(words, repeat.kind))
        skip_any(words, objects);
    const bool again = skip_any(words, markers);
    static constexpr std::array<std::string_view, 2> growing{"grow", "simulate"};
    repeat.grows = !at_verb.empty() && std::ranges::count(growing, at_verb.front().text) > 0;
    if (repeats_it || same || again) return true;
    repeat = Repeat();
    // "grow another one with seed 8"
    words = at_verb;
    if (skip_any(words, verbs) && skip_any(words, others)) return repeat.is_one = true;
    // "run it with twice as many particles"
    words = at_verb;
    repeat.needs_change = true;
    static constexpr std::array<std::string_view, 3> its{"it", "that", "this"};
    if (skip_any(words, verbs) &&
        (skip_any(words, its) || skip_handle(words, repeat.handle) || skip_counted(words, repeat.counted)))
        return true;
    words = at_verb;
    // "as pdf please"
    if (!words.empty() && words.front().text == "as") return true;
    if (!skip_any(words, turns)) return false;
    drop_marks(words);
    // "now the same with 800 particles"
    static constexpr std::array<std::string_view, 6> alike{"the same thing", "the same",    "same thing",
                                                           "same",           "do the same", "it again"};
    if (skip_any(words, alike)) repeat.needs_change = false;
    return true;
}

// "with 3 different seeds each": so often; 0 when nothing is said.
int skip_seeds(Tokens& words, int most) {
    static constexpr std::array<std::string_view, 3> joins{"with", "using", "for"};
    static constexpr std::array<std::string_view, 6> seeds{"different seeds", "other seeds", "new seeds",
                                                           "random seeds",    "more seeds",  "seeds"};
    static constexpr std::array<std::string_view, 1> each{"each"};
    Tokens rest = words;
    skip_any(rest, joins);
    const auto number = read_number(rest, 0);
    if (!number || number->value < 2 || number->value > most || number->percent) return 0;
    rest = rest.subspan(number->next);
    if (!skip_any(rest, seeds)) return 0;
    skip_any(rest, each);
    if (!rest.empty()) return 0;
    words = rest;
    return static_cast<int>(number->value);
}

}  // namespace

std::optional<Repeat> read_repeat(Tokens words) {
    drop_marks(words);
    const Tokens bare = without_politeness(words);
    // "now" and "again" may be said for politeness, or mean it.
    Repeat repeat;
    Tokens rest = words;
    if (!skip_opening(rest, repeat)) {
        rest = bare;
        repeat = Repeat();
        if (!skip_opening(rest, repeat)) return std::nullopt;
    }
    drop_marks(rest);
    rest = without_politeness(rest);
    if (!rest.empty() && (rest.back().text == "instead" || rest.back().text == "again"))
        rest = rest.first(rest.size() - 1);
    drop_marks(rest);
    if (!rest.empty() && rest.front().text == "but") rest = rest.subspan(1);
    if (rest.empty() && repeat.needs_change) return std::nullopt;
    repeat.changes = rest;
    return repeat;
}

Often take_count(Tokens& words, int most) {
    if (const int seeds = skip_seeds(words, most); seeds > 0) return {seeds, true};
    std::size_t next = 1;
    int count = 0;
    if (!words.empty() && (words[0].text == "twice" || words[0].text == "thrice")) {
        count = words[0].text == "twice" ? 2 : 3;
    } else if (const auto number = read_number(words, 0);
               number && number->value >= 1 && number->value <= most && !number->percent) {
        next = number->next;
        if (next < words.size() && words[next].text == "more") ++next;
        if (next >= words.size() || (words[next].text != "times" && words[next].text != "time")) return {};
        count = static_cast<int>(number->value);
        ++next;
    }
    if (count > 0) words = words.subspan(next);
    return {std::max(count, 1), false};
}

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

}  // namespace assistd::providers::offline
