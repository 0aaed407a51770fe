#include "providers/offline/orders/sentence.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "providers/offline/orders/bindings.h"
#include "providers/offline/orders/joint_orders.h"
#include "providers/offline/orders/loose_options.h"
#include "providers/offline/orders/named_values.h"
#include "providers/offline/orders/new_counterpart.h"
#include "providers/offline/orders/rivals.h"
#include "providers/offline/orders/shared_words.h"
#include "providers/offline/orders/study_order.h"
#include "providers/offline/orders/study_range.h"
#include "providers/offline/words/artifact_nouns.h"

namespace assistd::providers::offline {
namespace {

constexpr std::size_t most_splits = 24;  // of a sentence
constexpr int most_repeats = 20;
constexpr std::string_view own_plugin = "assistd";

bool is_question_word(std::string_view word) {
    static constexpr std::array<std::string_view, 14> words{"what", "how",   "why",     "when", "where",
                                                            "who",  "which", "whats",   "is",   "are",
                                                            "does", "do",    "explain", "did"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 3> background{"in", "the", "background"};

bool ends_in_background(Tokens clause) {
    return clause.size() > background.size() &&
           std::equal(background.begin(), background.end(), clause.end() - background.size(), clause.end(),
                      [](std::string_view word, const Token& token) { return token.text == word; });
}

bool contradicts(const Readings& readings) {
    return std::ranges::any_of(readings, [](const Step& step) { return !step.contradictions.empty(); });
}

bool is_plural(const Token& token) {
    return token.kind == Token::Kind::word && token.text.size() > 3 && stem(token.text) != token.text &&
           token.text.ends_with('s');
}

// " with another sticking probability than 1"
std::string text_of(const NamedValue& value) {
    if (value.argument.empty()) return "";
    std::string name = value.argument;
    std::ranges::replace(name, '_', ' ');
    const std::string number = readable_number(value.usual);
    return value.is_usual ? " with " + name + " " + number : " with another " + name + " than " + number;
}

// "Show the last plot": what nobody named, as the phrase has it.
bool takes_usual(const Step& step) {
    return std::ranges::any_of(step.bindings, [](const Binding& binding) {
        return binding.value.reference && !binding.value.reference->spoken;
    });
}

// "Show the plots" means no single plot, whatever stems say.
bool says_several(Tokens clause) {
    return std::ranges::any_of(clause, [](const Token& word) {
        bool found = false, many = false;
        return kind_named(word.text, {}, found, many), found && many;
    });
}

// Readings that ask for less beat those with the same words that leave more to ask.
int missing_arguments(const GrammarTool& tool, const std::vector<Binding>& bindings) {
    int missing = 0;
    for (std::size_t i = 0; i < tool.arguments.size(); ++i)
        missing += tool.arguments[i].required &&
                   std::ranges::find(bindings, static_cast<int>(i), &Binding::argument) == bindings.end();
    return missing;
}

}  // namespace

MessageReading SentenceReader::read(std::vector<Token> tokens) {
    MessageReading message;
    message.too_long = tokens.size() > most_tokens;
    tokens_ = std::move(tokens);
    for (std::size_t begin = 0; begin < tokens_.size() && !message.too_long;) {
        std::size_t end = begin;
        while (end < tokens_.size() && tokens_[end].kind != Token::Kind::stop) ++end;
        if (end > begin) read_sentence(begin, end, message);
        begin = end + 1;
    }
    if (!tokens_.empty())
        message.question = tokens_.back().text == "?" || is_question_word(tokens_.front().text);
    message.tokens = std::move(tokens_);
    return message;
}

void SentenceReader::read_sentence(std::size_t begin, std::size_t end, MessageReading& message) {
    const std::vector<Split> splits = splits_of(begin, end);
    std::vector<Readings> steps;
    const std::size_t already = message.steps.size();
    const Tokens sentence = Tokens(tokens_).subspan(begin, end - begin);
    std::vector<Readings> doubtful;  // as it says two values of one argument, which may be two orders
    for (const Effort effort : {Effort::strict, Effort::loose, Effort::shared, Effort::unknown}) {
        if (splits.size() > most_splits) break;
        if (effort == Effort::unknown && (!doubtful.empty() || read_comparison(sentence, message))) break;
        set_effort(effort);
        steps.clear();
        if (!read_clauses(0, splits, steps)) continue;
        const bool is_clear =
            effort >= Effort::shared || std::none_of(steps.begin(), steps.end(), contradicts);
        if (is_clear) break;
        doubtful = std::move(steps);
        steps.clear();
    }
    set_effort(Effort::loose);
    if (steps.empty()) steps = std::move(doubtful);
    share_arguments(steps);
    for (Readings& step : steps) message.steps.push_back(std::move(step));
    if (message.steps.size() > already) return;
    for (const Token& token : sentence)
        message.negated = message.negated || (token.kind == Token::Kind::word && is_negation(token.text));
    message.not_understood.push_back(as_written(sentence));
    if (message.strange_part.empty() && splits.size() <= most_splits) explain(splits, message);
}

// Readings that go far have work of their own: a sentence that is none leaves enough for the next.
void SentenceReader::set_effort(Effort effort) {
    if ((effort >= Effort::shared) != (effort_ >= Effort::shared)) {
        std::swap(work_left_, far_work_left_);
        std::swap(loose_work_left_, far_loose_work_left_);
    }
    effort_ = effort;
    hopeless_.clear();
    matcher_.allow_unknown_choices(effort == Effort::unknown);
    loose_matcher_.allow_unknown_choices(effort == Effort::unknown);
}

// "Compare dla and cca of 500 particles" is "run dla and cca of 500 particles and compare them".
bool SentenceReader::read_comparison(Tokens sentence, MessageReading& message) const {
    const Tokens bare = without_politeness(sentence);
    if (bare.empty() || bare.front().text != "compare") return false;
    std::vector<Readings> with_new = with_new_counterpart(grammar_, bare);
    std::ranges::move(with_new, std::back_inserter(message.steps));
    if (!with_new.empty()) return true;
    std::vector<Token> order = grammar_.tokens_of("run");
    order.insert(order.end(), bare.begin() + 1, bare.end());
    const std::vector<Token> comparison = grammar_.tokens_of("and compare them");
    order.insert(order.end(), comparison.begin(), comparison.end());
    MessageReading reading = SentenceReader(grammar_).read(std::move(order));
    if (!is_comparison_of_runs(reading)) return false;
    for (Readings& step : reading.steps) message.steps.push_back(std::move(step));
    return true;
}

// The first is where the sentence begins, the last where it ends.
std::vector<SentenceReader::Split> SentenceReader::splits_of(std::size_t begin, std::size_t end) const {
    std::vector<Split> splits;
    const Tokens sentence = Tokens(tokens_).first(end);
    Split first{begin, begin, false};
    first.begin += connector_length(sentence, begin, first.ordered);
    if (first.begin >= end) first.begin = begin;
    splits.push_back(first);
    for (std::size_t at = first.begin + 1; at < end; ++at) {
        Split split{at, at, false};
        const std::size_t length = connector_length(sentence, at, split.ordered);
        if (length == 0) continue;
        split.begin = at + length;
        splits.push_back(split);
        at = split.begin;
    }
    if (splits.back().begin < end) splits.push_back({end, end, false});
    return splits;
}

// The longest clause first, so that "compare simulation-1 and simulation-2" stays whole.
bool SentenceReader::read_clauses(std::size_t split, const std::vector<Split>& splits,
                                  std::vector<Readings>& steps) {
    if (split + 1 >= splits.size()) return split > 0;
    if (hopeless_[split]) return false;
    const std::size_t begin = splits[split].begin;
    for (std::size_t end = splits.size() - 1; end > split; --end) {
        if (splits[end].end <= begin || splits[end].end - begin > longest_clause) continue;
        const Tokens clause = Tokens(tokens_).subspan(begin, splits[end].end - begin);
        std::vector<Readings> orders;
        Readings readings = read_clause(clause);
        // "Grow a dla of 100 particles; analyze; plot"
        if (readings.empty() && split > 0 && clause.size() == 1) {
            std::vector<Token> with_it = grammar_.tokens_of("it");
            with_it.insert(with_it.begin(), clause.front());
            readings = read_clause(with_it);
        }
        if (effort_ >= Effort::shared && (readings.empty() || contradicts(readings)))
            orders = read_shared(clause);
        if (orders.empty() && !readings.empty()) orders.push_back(std::move(readings));
        if (orders.empty()) continue;
        for (Step& step : orders.front()) {
            step.ordered = splits[split].ordered;
            for (Step& rival : step.rivals) rival.ordered = step.ordered;
        }
        const std::size_t before = steps.size();
        std::move(orders.begin(), orders.end(), std::back_inserter(steps));
        if (read_clauses(end, splits, steps)) return true;
        steps.resize(before);
    }
    hopeless_[split] = true;
    return false;
}

Readings SentenceReader::read_clause(Tokens clause) {
    const bool in_background = ends_in_background(clause);
    if (in_background) clause = clause.first(clause.size() - background.size());
    const Tokens bare = without_politeness(clause);
    Readings readings = match_all(bare);
    // What looks like politeness may be part of a phrase.
    if (readings.empty() && bare.size() != clause.size()) readings = match_all(clause);
    if (readings.empty()) readings = read_counted(bare);
    if (readings.empty()) readings = read_study(bare);
    const auto finish = [&](Step& step) {
        step.text = as_written(clause);
        settle_ranges(step, clause);
        name_makers(step);
        step.add_note(unit_note(step, clause));
        step.add_note(seed_note(step));
        if (in_background)
            step.add_note("What takes more than a moment goes on in the background by itself.");
    };
    for (Step& step : readings) {
        finish(step);
        std::ranges::for_each(step.rivals, finish);
    }
    return readings;
}

// "All dlca simulations" are those of the tool whose phrases say "dlca"; "the 2d one" tells itself.
void SentenceReader::name_makers(Step& step) const {
    for (Binding& binding : step.bindings) {
        if (!binding.value.reference) continue;
        for (Reference::Item& item : binding.value.reference->items) {
            if (item.modifier.empty() || is_of_dimensions(item.modifier)) continue;
            std::vector<std::string> makers = grammar_.makers_called(item.modifier);
            if (makers.empty()) continue;
            std::vector<std::string> titles;
            for (const std::string& maker : makers)
                titles.push_back("**" + grammar_.find(maker)->spec->title + "**");
            const NamedValue value = grammar_.value_named(item.modifier);
            step.add_note("For “" + item.modifier + "” I took what " + join_words(titles, "or") + " makes" +
                          text_of(value) + ".");
            item.of = std::move(makers);
            item.argument = value.argument;
            item.usual = value.usual;
            item.is_usual = value.is_usual;
            item.called = item.modifier;
            item.modifier.clear();
        }
    }
}

// "Grow 2D and 3D DLA of 500 particles": an order for each, when each is a clear one.
std::vector<Readings> SentenceReader::read_shared(Tokens clause) {
    for (const auto& way : with_words_shared(without_politeness(clause))) {
        std::vector<Readings> orders;
        for (const std::vector<Token>& words : way) {
            Readings readings = read_clause(words);
            if (readings.size() != 1 || contradicts(readings)) break;
            orders.push_back(std::move(readings));
        }
        if (orders.size() == way.size()) return orders;
    }
    return {};
}

std::optional<Match> SentenceReader::match(const GrammarTool& tool, Tokens clause) {
    auto found = matcher_.phrase(tool.program, tool.arguments, clause);
    if (!found && effort_ != Effort::strict) found = match_loosely(loose_matcher_, tool, clause);
    // A value that there is not must stand among enough that is understood.
    constexpr int two_words = 1500;
    if (found && effort_ == Effort::unknown && found->score < two_words) found.reset();
    return found;
}

Readings SentenceReader::match_all(Tokens clause) {
    std::vector<std::pair<int, Step>> all;
    for (const auto& tool : grammar_.tools()) {
        auto match = this->match(*tool, clause);
        if (!match) continue;
        Step step;
        step.tool = tool.get();
        step.bindings = std::move(match->bindings);
        keep_last_bindings(step);
        // What a plugin does with words that are as good for the daemon's own tools is what is meant.
        const bool is_own = tool->spec->plugin == own_plugin, is_usual = is_own && takes_usual(step);
        if (is_usual && says_several(clause)) continue;
        const int general = is_usual ? 3 : is_own ? 1 : 0;
        const int score = match->score - 2 * missing_arguments(*tool, step.bindings) - general;
        all.emplace_back(score, std::move(step));
    }
    return best_of(std::move(all));
}

// An order of the tool whose runs the study is, with a verb or without; or only what is varied, "sticking
// probability 0.1 and 0.5", of whichever tool has it.
Readings SentenceReader::read_study(Tokens clause) {
    if (!grammar_.find(study_tool)) return {};
    StudyOrder study = read_study_order(clause, most_repeats);
    // "Run dla for n from 100 to 1000 in 4 steps" is one by its range alone.
    study.is_study = study.is_study || has_stepped_range(study.order);
    if (!study.is_study || study.order.empty()) return {};
    const std::string named = values_for_names(grammar_, study.order);
    // "Sweep dla over 100 and 200 particles".
    const Token with = grammar_.tokens_of("with").front();
    const std::vector<Token> as_said = study.order;
    std::replace_if(
        study.order.begin(), study.order.end(), [](const Token& word) { return word.text == "over"; }, with);
    Readings readings = match_run(study.order);
    if (readings.empty() && expand_range(study.order)) readings = match_run(study.order);
    std::vector<Token> varied = as_said;
    expand_range(varied);
    if (readings.empty())
        for (const std::vector<Token>& way : varied_last(varied, with))
            if (readings = match_run(way); !readings.empty()) break;
    if (readings.empty()) readings = match_options(study.order);
    for (Step& step : readings) {
        step.study_seeds = study.seeds;
        name_study(step);
        step.add_note(named);
        step.add_note(study.compares ? comparison_note : study_note);
    }
    std::erase_if(readings, [](const Step& step) { return !can_be_study(step); });
    return readings;
}

// With its verb or without.
Readings SentenceReader::match_run(const std::vector<Token>& order) {
    Readings readings = match_all(order);
    if (!readings.empty()) return readings;
    std::vector<Token> with_verb = grammar_.tokens_of("run");
    with_verb.insert(with_verb.end(), order.begin(), order.end());
    return match_all(with_verb);
}

// By tools whose runs differ by their seeds.
Readings SentenceReader::match_options(Tokens clause) {
    Readings best;
    int best_score = 0;
    for (const auto& tool : grammar_.tools()) {
        if (!tool->find("seed")) continue;
        auto match = matcher_.options(tool->program, tool->arguments, clause);
        if (!match || (!best.empty() && match->score < best_score)) continue;
        if (best.empty() || match->score > best_score) best.clear();
        best_score = match->score;
        Step step;
        step.tool = tool.get();
        step.bindings = std::move(match->bindings);
        keep_last_bindings(step);
        best.push_back(std::move(step));
    }
    return best;
}

// "make three dla clusters", "run a dla simulation five times": the order without its count, that many times.
Readings SentenceReader::read_counted(Tokens clause) {
    for (std::size_t at = 0; at < clause.size(); ++at) {
        std::size_t next = at + 1;
        bool must_run = false;
        int count = clause[at].text == "twice" ? 2 : clause[at].text == "thrice" ? 3 : 0;
        if (count == 0) {
            const auto number = read_number(clause, at);
            const bool one = at < 3 && clause[at].text == "one" &&
                             (at == 0 || clause[at - 1].text != "another") && number && number->value == 1;
            if (!number || number->percent || (!one && number->value < 2) || number->value > most_repeats ||
                number->value != static_cast<int>(number->value))
                continue;
            count = static_cast<int>(number->value);
            next = number->next;
            const bool times = next < clause.size() && clause[next].text == "times";
            const std::size_t reach = std::min(clause.size(), next + 4);
            bool plural = false;
            for (std::size_t i = next; i < reach; ++i) plural = plural || is_plural(clause[i]);
            // "grow 5 2d dla of 300 particles": behind the verb, and what is counted is a run.
            const bool is_run = at == 1 && next < clause.size() && clause[next].kind == Token::Kind::word;
            if (times)
                ++next;
            else if (!one && (at > 4 || (!plural && !is_run)))
                continue;
            must_run = !one && !times;  // to compare two dimensions is nothing done twice
        }
        std::vector<Token> rest(clause.begin(), clause.begin() + static_cast<long>(at));
        rest.insert(rest.end(), clause.begin() + static_cast<long>(next), clause.end());
        Readings readings = match_all(rest);
        if (must_run) std::erase_if(readings, [](const Step& step) { return !step.tool->find("seed"); });
        for (Step& step : readings) step.count = count;
        if (!readings.empty()) return readings;
    }
    return {};
}

}  // namespace assistd::providers::offline
