#include "providers/offline/orders/study_order.h"

#include <algorithm>
#include <array>

#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {
namespace {

constexpr int most_seeds = 10'000;

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_joint(const Token& token) {
    return token.kind == Token::Kind::comma || token.text == "and" || token.text == "then";
}

void erase(std::vector<Token>& words, std::size_t from, std::size_t to) {
    words.erase(words.begin() + static_cast<long>(from), words.begin() + static_cast<long>(to));
}

// What a growth reports by itself, without an analysis of its own.
bool is_measured(const std::vector<Token>& words, std::size_t from) {
    static constexpr std::array<std::string_view, 8> measures{
        "df", "kf", "rg", "dimension", "dimensions", "prefactor", "prefactors", "gyration"};
    return std::any_of(words.begin() + static_cast<long>(from), words.end(),
                       [](const Token& word) { return is_one_of(measures, word.text); });
}

// Behind it stands what the results of a study tell anyway: "compare", "tell me the mean", "average",
// "analyse their Df".
std::size_t end_of_wish(const std::vector<Token>& words, std::size_t at) {
    static constexpr std::array<std::string_view, 6> tells{"tell",    "show",      "give",
                                                           "compute", "calculate", "report"};
    static constexpr std::array<std::string_view, 6> looks{"analyze", "analyse",   "examine",
                                                           "measure", "determine", "see"};
    static constexpr std::array<std::string_view, 6> sums{"mean",     "means",  "average",
                                                          "averages", "spread", "statistics"};
    if (words[at].text == "compare" || words[at].text == "average") return at + 1;
    if (is_one_of(looks, words[at].text)) return is_measured(words, at + 1) ? at + 1 : at;
    if (!is_one_of(tells, words[at].text)) return at;
    const bool sums_up = std::any_of(words.begin() + static_cast<long>(at), words.end(),
                                     [](const Token& word) { return is_one_of(sums, word.text); });
    return sums_up ? at + 1 : at;
}

// "... and compare their Df": the study's results do that.
bool take_comparison(std::vector<Token>& words) {
    static constexpr std::array<std::string_view, 30> what{
        "their",  "the",      "its",       "all",          "of",         "them",
        "each",   "me",       "results",   "result",       "df",         "kf",
        "rg",     "fractal",  "dimension", "dimensions",   "prefactor",  "prefactors",
        "radius", "radii",    "gyration",  "coordination", "porosity",   "means",
        "mean",   "averages", "average",   "values",       "statistics", "spread"};
    for (std::size_t at = 1; at < words.size(); ++at) {
        const std::size_t begin = end_of_wish(words, at);
        if (begin == at || !is_joint(words[at - 1])) continue;
        const bool only = std::all_of(
            words.begin() + static_cast<long>(begin), words.end(),
            [](const Token& word) { return is_joint(word) || word.filler || is_one_of(what, word.text); });
        if (!only) return false;
        std::size_t end = at;
        while (end > 0 && is_joint(words[end - 1])) --end;
        words.resize(end);
        return true;
    }
    return false;
}

std::optional<int> whole(const std::optional<NumberReading>& number) {
    if (!number || number->percent || number->value < 1 || number->value > most_seeds ||
        number->value != static_cast<int>(number->value))
        return std::nullopt;
    return static_cast<int>(number->value);
}

// "with 3 seeds each", "5 seeds for each value", "3 times each".
std::optional<int> take_seeds(std::vector<Token>& words) {
    static constexpr std::array<std::string_view, 6> before{"with", "for", "using", "over", "and", "each"};
    static constexpr std::array<std::string_view, 11> after{
        "each", "per", "for", "every", "value", "values", "of", "them", "point", "run", "combination"};
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto number = read_number(words, at);
        const auto count = whole(number);
        if (!count) continue;
        std::size_t end = number->next;
        while (end < words.size() &&
               is_one_of(std::array<std::string_view, 2>{"different", "random"}, words[end].text))
            ++end;
        if (end >= words.size()) continue;
        static constexpr std::array<std::string_view, 7> repeated{
            "seeds", "realizations", "realisations", "repetitions", "replicates", "repeats", "samples"};
        const bool seeds = is_one_of(repeated, words[end].text);
        const bool times =
            words[end].text == "times" && end + 1 < words.size() && words[end + 1].text == "each";
        if (!seeds && !times) continue;
        ++end;
        while (end < words.size() && (is_one_of(after, words[end].text) || words[end].filler)) ++end;
        std::size_t begin = at;
        while (begin > 0 && (is_one_of(before, words[begin - 1].text) || is_joint(words[begin - 1]))) --begin;
        erase(words, begin, end);
        return count;
    }
    return std::nullopt;
}

// "study", "start a parametric study of", "sweep": true when it was there.
bool take_opening(std::vector<Token>& words) {
    static constexpr std::array<std::string_view, 9> verbs{"begin", "start",  "run",     "make", "create",
                                                           "do",    "launch", "perform", "set"};
    static constexpr std::array<std::string_view, 5> names{"study", "sweep", "vary", "scan", "investigate"};
    static constexpr std::array<std::string_view, 11> after{
        "of", "on", "over", "with", "for", "the", "how", "effect", "influence", "up", "different"};
    std::size_t at = 0;
    while (at < words.size() && (is_one_of(verbs, words[at].text) || words[at].filler ||
                                 words[at].text == "a" || words[at].text == "up" || words[at].text == "new"))
        ++at;
    if (at < words.size() && (words[at].text == "parametric" || words[at].text == "parameter")) ++at;
    if (at >= words.size() || !is_one_of(names, words[at].text)) return false;
    ++at;
    while (at < words.size() &&
           (words[at].kind == Token::Kind::comma || words[at].filler || is_one_of(after, words[at].text)))
        ++at;
    erase(words, 0, at);
    return !words.empty();
}

// "on Df", "on their fractal dimension": results tell of everything.
void take_metrics(std::vector<Token>& words) {
    static constexpr std::array<std::string_view, 11> metrics{
        "df",     "kf",       "rg",       "fractal", "dimension",   "prefactor",
        "radius", "gyration", "porosity", "size",    "coordination"};
    static constexpr std::array<std::string_view, 5> between{"the", "its", "their", "of", "and"};
    for (std::size_t at = 0; at + 1 < words.size(); ++at) {
        if (words[at].text != "on") continue;
        std::size_t end = at + 1;
        bool any = false;
        for (; end < words.size(); ++end) {
            const bool metric = is_one_of(metrics, words[end].text);
            if (!metric && !is_one_of(between, words[end].text)) break;
            any = any || metric;
        }
        while (end > at && is_one_of(between, words[end - 1].text)) --end;
        if (any) return erase(words, at, end);
    }
}

// "fifty clusters", more than are made one by one.
std::optional<int> take_count(std::vector<Token>& words, int most_runs) {
    constexpr std::size_t farthest = 4;
    for (std::size_t at = 0; at < std::min(words.size(), farthest + 1); ++at) {
        const auto number = read_number(words, at);
        const auto count = whole(number);
        if (!count || *count <= most_runs) continue;
        const std::size_t reach = std::min(words.size(), number->next + 4);
        for (std::size_t i = number->next; i < reach; ++i) {
            const std::string& word = words[i].text;
            const bool plural = word == "clusters" || word == "simulations" || word == "aggregates" ||
                                word == "agglomerates" || word == "runs" || word == "realizations";
            if (!plural) continue;
            erase(words, at, number->next);
            return count;
        }
    }
    return std::nullopt;
}

bool looks_up(const Binding& binding) {
    return binding.value.reference.has_value();
}

}  // namespace

StudyOrder read_study_order(Tokens clause, int most_runs) {
    StudyOrder study;
    study.order.assign(clause.begin(), clause.end());
    study.compares = take_comparison(study.order);
    const auto seeds = take_seeds(study.order);
    const bool named = take_opening(study.order);
    if (named) take_metrics(study.order);
    const auto count = take_count(study.order, most_runs);
    study.is_study = seeds || named || count;
    study.seeds = seeds.value_or(1) * count.value_or(1);
    std::erase_if(study.order, [](const Token& word) { return word.text == "each"; });
    while (!study.order.empty() && is_joint(study.order.back())) study.order.pop_back();
    return study;
}

bool can_be_study(const Step& step) {
    if (step.study_seeds > most_seeds || std::any_of(step.bindings.begin(), step.bindings.end(), looks_up))
        return false;
    const bool takes_artifacts =
        std::any_of(step.tool->arguments.begin(), step.tool->arguments.end(),
                    [](const Argument& argument) { return argument.takes_artifacts() && argument.required; });
    return !takes_artifacts && (step.study_seeds == 1 || step.tool->find("seed"));
}

void name_study(Step& step) {
    const Argument* name = step.tool->find("name");
    if (!name) return;
    const auto index = static_cast<int>(name - step.tool->arguments.data());
    for (const Binding& binding : step.bindings)
        if (binding.argument == index && binding.value.values.size() == 1)
            step.study_more["name"] = binding.value.values.front();
    if (step.study_more.contains("name"))
        std::erase_if(step.bindings, [index](const Binding& one) { return one.argument == index; });
}

nlohmann::json study_arguments(const Step& step) {
    nlohmann::json base = nlohmann::json::object(), grid = nlohmann::json::object();
    for (const Binding& binding : step.bindings) {
        const std::string& name = step.tool->arguments[static_cast<std::size_t>(binding.argument)].name;
        if (binding.value.values.size() == 1)
            base[name] = binding.value.values.front();
        else if (!binding.value.values.empty())
            grid[name] = binding.value.values;
    }
    nlohmann::json arguments{{"tool", step.tool->spec->name}, {"seeds_per_combination", step.study_seeds}};
    if (!base.empty()) arguments["base_parameters"] = std::move(base);
    if (!grid.empty()) arguments["parameter_grid"] = std::move(grid);
    arguments.update(step.study_more);
    return arguments;
}

}  // namespace assistd::providers::offline
