#include "providers/offline/conversation/dialogue.h"

#include <algorithm>
#include <array>

#include "providers/offline/conversation/answer.h"
#include "providers/offline/conversation/fragments.h"
#include "providers/offline/conversation/names.h"
#include "providers/offline/conversation/set_phrases.h"
#include "providers/offline/orders/bindings.h"
#include "providers/offline/words/openings.h"
#include "providers/offline/words/units.h"

namespace assistd::providers::offline {
namespace {

using Kind = Intent::Kind;
constexpr std::size_t most_questions = 8;  // how far back an open question is looked for

// "No, in 3d" corrects what was done: the comma and what stands behind it; empty when it is no correction.
Tokens correction(Tokens tokens) {
    static constexpr std::array<std::string_view, 4> refusals{"no", "nope", "sorry", "wrong"};
    const bool corrects = tokens.size() > 2 && tokens[1].kind == Token::Kind::comma &&
                          std::find(refusals.begin(), refusals.end(), tokens[0].text) != refusals.end() &&
                          std::none_of(tokens.begin() + 2, tokens.end(), [](const Token& token) {
                              return token.kind == Token::Kind::word && is_negation(token.text);
                          });
    return corrects ? tokens : Tokens();
}

void bind(Step& step, int argument, SlotValue value) {
    std::erase_if(step.contradictions, [argument](const auto& said) { return said.first == argument; });
    for (Binding& binding : step.bindings)
        if (binding.argument == argument) {
            binding.value = std::move(value);
            return;
        }
    step.bindings.push_back({argument, std::move(value)});
}

// "How many particles?" of "grow a dla and a cca cluster" is answered for both.
void answer_alike(std::vector<Step>& steps, std::size_t answered, const Argument& wanted) {
    const auto index_in = [&](const Step& step) {
        const Argument* argument = step.tool->find(wanted.name);
        return argument ? static_cast<int>(argument - step.tool->arguments.data()) : -1;
    };
    const auto value_in = [](const Step& step, int argument) {
        return std::find_if(step.bindings.begin(), step.bindings.end(),
                            [argument](const Binding& binding) { return binding.argument == argument; });
    };
    const auto given = value_in(steps[answered], index_in(steps[answered]));
    if (given == steps[answered].bindings.end()) return;
    const SlotValue value = given->value;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const int argument = index_in(steps[i]);
        if (i == answered || argument < 0 ||
            !steps[i].tool->arguments[static_cast<std::size_t>(argument)].required)
            continue;
        if (value_in(steps[i], argument) == steps[i].bindings.end()) bind(steps[i], argument, value);
    }
}

}  // namespace

// An order stands by itself. Anything else may answer a question, which is then rebuilt from where it arose.
Intent Dialogue::intent_of(std::size_t exchange) const {
    const auto& exchanges = history_.exchanges();
    Intent now = advance(nullptr, exchange);
    const bool own =
        now.kind == Kind::run || now.kind == Kind::ask || now.kind == Kind::choose || now.kind == Kind::tell;
    if (own || exchange == 0) return now;
    std::size_t first = exchange;
    while (first > 0 && exchange - first < most_questions && exchanges[first - 1].calls.empty()) --first;
    if (first == exchange) return now;
    Intent open = advance(nullptr, first);
    for (std::size_t i = first + 1; i <= exchange; ++i) {
        const bool waits = open.kind == Kind::ask || open.kind == Kind::choose || open.kind == Kind::suggest;
        open = advance(waits ? &open : nullptr, i);
    }
    return open;
}

// "What is the Rg of simulation-1 in nm?": what tells it knows no units but its own.
MessageReading Dialogue::without_unit(MessageReading reading) const {
    Tokens words = reading.tokens;
    drop_marks(words);
    const bool has_unit = words.size() > 2 && words[words.size() - 2].text == "in" &&
                          (is_unit(words.back().text) || words.back().text == "a");
    if (!has_unit) return reading;
    MessageReading rest = grammar_.read(as_written(words.first(words.size() - 2)));
    const bool only_asks = std::ranges::all_of(
        rest.steps, [](const Readings& readings) { return !readings.front().tool->spec->effects.writes; });
    if (rest.steps.empty() || !only_asks) return reading;
    for (Readings& readings : rest.steps)
        for (Step& step : readings)
            step.add_note("Lengths are told in the unit of the cluster; ask once more for this one in " +
                          words.back().raw + ".");
    rest.tokens = std::move(reading.tokens);
    return rest;
}

Intent Dialogue::advance(const Intent* open, std::size_t exchange) const {
    const std::string message =
        with_handles(history_.exchanges()[exchange].text, grammar_, history_, exchange);
    MessageReading reading = grammar_.read(Recall(grammar_, history_, exchange).with_extremes(message));
    if (reading.steps.empty()) reading = without_unit(std::move(reading));
    if (!reading.negated && !reading.too_long) {
        Recall recall(grammar_, history_, exchange);
        auto text = recall.told(reading.tokens);
        if (!text) text = recall.extreme(reading.tokens);
        if (text) {
            Intent intent;
            intent.kind = Kind::tell;
            intent.note = std::move(*text);
            return intent;
        }
    }
    // "Run simulation-2 again with another seed" is no question about the seed of simulation-2.
    const auto repeat = read_repeat(reading.tokens);
    const bool repeats = repeat && !repeat->handle.empty() && !repeat->needs_change;
    if (!(open && says_no(reading.tokens)) && !reading.steps.empty() && !reading.negated && !repeats)
        return order(std::move(reading));
    if (!open && !reading.too_long)
        if (const Tokens instead = correction(reading.tokens); !instead.empty())
            if (Recall recall(grammar_, history_, exchange);
                auto steps = repeated({instead.begin(), instead.end()}, recall))
                return checked(std::move(*steps));
    if (!open && !reading.negated && !reading.too_long) {
        if (auto naming = read_naming(reading.tokens)) {
            Intent intent;
            intent.kind = Kind::name;
            intent.naming = std::move(naming);
            return intent;
        }
        if (auto step = completed_call(grammar_, history_, exchange, reading.tokens))
            return checked({std::move(*step)});
        Recall recall(grammar_, history_, exchange);
        if (auto steps = repeated(reading.tokens, recall)) return checked(std::move(*steps));
        if (auto step = recall.reproduced(reading.tokens)) return checked({std::move(*step)});
        auto text = recall.not_reproduced(reading.tokens);
        if (!text && !recall.refusal().empty()) text = recall.refusal();
        if (!text) text = recall.untold(reading.tokens);
        if (text) {
            Intent intent;
            intent.kind = Kind::tell;
            intent.note = std::move(*text);
            return intent;
        }
    }
    if (open && says_no(reading.tokens)) {
        Intent intent;
        intent.kind = Kind::cancelled;
        return intent;
    }
    if (open && open->kind == Kind::suggest && says_yes(reading.tokens)) return checked(open->steps);
    if (open && (open->kind == Kind::ask || open->kind == Kind::choose) && !set_phrase(reading.tokens)) {
        Intent intent = open->kind == Kind::ask ? answered(*open, reading) : chosen(*open, reading);
        // A question of the user's is answered as one, and the open one with it is dropped; so with what is
        // half an order.
        const bool is_other = reading.question || !reading.understood_part.empty();
        if (intent.note.empty() || !is_other) return intent;
    }
    return talk(std::move(reading));
}

std::optional<std::vector<Step>> Dialogue::repeated(const std::vector<Token>& tokens, Recall& recall) const {
    const Tokens all(tokens);
    for (std::size_t end = all.size(); end > 0; --end) {
        bool ordered = false;
        const bool stop = end < all.size() && all[end].kind == Token::Kind::stop;
        const std::size_t length = stop ? 1 : end < all.size() ? connector_length(all, end, ordered) : 0;
        if (end < all.size() && length == 0) continue;
        auto steps = recall.again(all.first(end));
        if (!steps) continue;
        if (end + length >= all.size() || steps->back().only_looks_up) return steps;
        MessageReading rest = grammar_.read(as_written(all.subspan(end + length)));
        if (rest.steps.empty() || !rest.not_understood.empty()) continue;
        const std::size_t first = steps->size();
        for (Readings& readings : rest.steps) {
            if (readings.size() > 1) return std::nullopt;
            steps->push_back(std::move(readings.front()));
        }
        Step& next = (*steps)[first];
        next.ordered = next.ordered || ordered;
        return steps;
    }
    return std::nullopt;
}

Intent Dialogue::order(MessageReading reading) const {
    Intent intent = with_choices(reading.steps);
    for (const std::string& sentence : reading.not_understood) {
        const auto tokens = grammar_.tokens_of(sentence);
        const bool remarkable = grammar_.closest(tokens) || sentence == reading.strange_part;
        if (remarkable && !set_phrase(tokens)) intent.left_out.push_back(sentence);
    }
    intent.reading = std::move(reading);
    return intent;
}

Intent Dialogue::with_choices(std::vector<Readings> readings) const {
    std::vector<Step> steps;
    for (const Readings& reading : readings) {
        if (reading.size() > 1) {
            Intent intent;
            intent.kind = Kind::choose;
            intent.step = steps.size();
            intent.readings = std::move(readings);
            return intent;
        }
        steps.push_back(reading.front());
    }
    return checked(std::move(steps));
}

// Complete and within bounds, or a question about the first argument that is not. Nothing runs before every
// step has all it needs; artifacts and jobs are looked up later.
Intent Dialogue::checked(std::vector<Step> steps) const {
    Intent intent;
    intent.kind = Kind::run;
    for (std::size_t s = 0; s < steps.size() && intent.kind == Kind::run; ++s) {
        const auto& arguments = steps[s].tool->arguments;
        const auto ask = [&](const Argument& argument, std::string note) {
            if (intent.kind == Kind::ask) return;
            intent.kind = Kind::ask;
            intent.step = s;
            intent.argument = &argument;
            intent.note = std::move(note);
        };
        for (const auto& [argument, said] : steps[s].contradictions)
            ask(arguments[static_cast<std::size_t>(argument)], said);
        for (const Binding& binding : steps[s].bindings) {
            const Argument& argument = arguments[static_cast<std::size_t>(binding.argument)];
            if (binding.value.values.empty() && !binding.value.reference) ask(argument, "");
            for (const auto& value : binding.value.values)
                if (std::string problem = argument.problem(value); !problem.empty())
                    ask(argument, std::move(problem));
        }
        for (std::size_t a = 0; a < arguments.size(); ++a) {
            const Argument& argument = arguments[a];
            const bool looked_up = argument.takes_artifacts() || argument.type == ArgumentType::job;
            if (!argument.required || argument.has_default || looked_up) continue;
            const auto bound = [a](const Binding& binding) {
                return binding.argument == static_cast<int>(a);
            };
            if (std::none_of(steps[s].bindings.begin(), steps[s].bindings.end(), bound)) ask(argument, "");
        }
    }
    intent.steps = std::move(steps);
    return intent;
}

Intent Dialogue::answered(const Intent& open, const MessageReading& reading) const {
    const Tokens polite = without_politeness(reading.tokens);
    std::vector<Token> words(polite.begin(), polite.end());
    while (!words.empty() && words.back().kind == Token::Kind::stop) words.pop_back();
    const Tokens bare = without_politeness(words);
    std::vector<Step> steps = open.steps;
    Step& step = steps[open.step];
    const auto answer = reading.negated ? std::nullopt
                                        : read_answer(grammar_, *step.tool, *open.argument,
                                                      in_own_unit(grammar_, *open.argument, bare));
    if (answer) {
        for (const Binding& binding : *answer) bind(step, binding.argument, binding.value);
        answer_alike(steps, open.step, *open.argument);
        step.add_note(unit_note(step, bare));
        return checked(std::move(steps));
    }
    Intent again = open;
    again.note = "I could not read an answer from “" +
                 as_written(bare.first(std::min<std::size_t>(bare.size(), 12))) + "”" +
                 (std::ranges::any_of(bare, is_broken_number) ? ", which is no number." : ".");
    return again;
}

Intent Dialogue::chosen(const Intent& open, const MessageReading& reading) const {
    static constexpr std::array<std::string_view, 5> ordinals{"first", "second", "third", "fourth", "fifth"};
    std::vector<Readings> readings = open.readings;
    Readings& choices = readings[open.step];
    std::size_t winner = choices.size();
    int most = 0;
    bool tied = false;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        std::string about = choices[i].tool->spec->name + " " + choices[i].tool->spec->title;
        std::replace(about.begin(), about.end(), '_', ' ');
        int shared = 0;
        for (const Token& token : reading.tokens) {
            if (token.text == choices[i].tool->spec->name ||
                (i < ordinals.size() && token.text == ordinals[i]) ||
                (token.kind == Token::Kind::number && token.number == static_cast<double>(i + 1)))
                shared += 10;
            for (const Token& word : tokenize(about, 30))
                if (!word.filler && stem(word.text) == stem(token.text)) ++shared;
        }
        tied = shared == most || (tied && shared < most);
        if (shared > most) {
            most = shared;
            winner = i;
        }
    }
    if (winner < choices.size() && !tied && !reading.negated) {
        choices = {choices[winner]};
        return with_choices(std::move(readings));
    }
    Intent again = open;
    again.note = "I could not tell which one you mean.";
    return again;
}

Intent Dialogue::talk(MessageReading reading) const {
    Intent intent;
    if (const auto kind = set_phrase(reading.tokens)) {
        intent.kind = *kind;
    } else if (says_no(reading.tokens)) {
        intent.kind = Kind::idle;
    } else if (std::string meaning = meaning_asked_for(reading.tokens, grammar_); !meaning.empty()) {
        intent.kind = Kind::tell;
        intent.note = std::move(meaning);
    } else if (const auto topic = topic_words(reading.tokens)) {
        intent.topic = topic_of(reading.tokens, *topic, grammar_);
        if (intent.topic) intent.kind = Kind::describe;
    } else if (std::string text =
                   reading.negated || reading.too_long ? "" : told_fragment(grammar_, reading.tokens);
               !text.empty()) {
        intent.kind = Kind::fragment;
        intent.note = std::move(text);
    } else if (!reading.negated && !reading.too_long) {
        intent.suggestion = grammar_.corrected(reading.tokens);
        MessageReading near;
        if (!intent.suggestion.empty()) near = grammar_.read(intent.suggestion);
        const bool clear = std::all_of(near.steps.begin(), near.steps.end(),
                                       [](const Readings& readings) { return readings.size() == 1; });
        if (!near.steps.empty() && near.not_understood.empty() && clear) {
            intent.kind = Kind::suggest;
            for (const Readings& step : near.steps) intent.steps.push_back(step.front());
        }
    }
    intent.reading = std::move(reading);
    return intent;
}

}  // namespace assistd::providers::offline
