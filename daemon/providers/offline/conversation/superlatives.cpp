// "Which one has the highest Df?": of what the conversation has made. "Which of the two has the higher?": of
// the two that it dealt with last.

#include <algorithm>
#include <array>
#include <assistd/uncertain_number.hpp>
#include <map>
#include <set>

#include "providers/offline/conversation/brought_up.h"
#include "providers/offline/conversation/recall.h"
#include "providers/offline/conversation/told.h"
#include "providers/offline/words/openings.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

struct Wish {
    std::vector<std::string> name;  // the value's, in stems
    bool highest = false;
    bool of_two = false;
    bool of_runs = false;  // "which run"
};

// "denser", "the most compact": of two or of all; a dense cluster is one of a high fractal dimension.
std::optional<Wish> density_said(Tokens words) {
    static constexpr std::array<std::string_view, 2> dense{"dense", "compact"};
    static constexpr std::array<std::string_view, 2> open{"open", "loose"};
    Wish wish;
    const std::string& first = words.front().text;
    if (words.size() == 1) {
        wish.highest = first == "denser" || first == "densest";
        wish.of_two = first == "denser" || first == "looser";
        return wish.highest || first == "looser" || first == "loosest" ? std::optional(wish) : std::nullopt;
    }
    const bool is_least = first == "less" || first == "least";
    if (words.size() != 2 || (!is_least && first != "more" && first != "most")) return std::nullopt;
    const bool is_dense = is_one_of(dense, words[1].text);
    if (!is_dense && !is_one_of(open, words[1].text)) return std::nullopt;
    wish.highest = is_dense != is_least;
    wish.of_two = first == "more" || first == "less";
    return wish;
}

// "which of them has the highest df". Nothing when it is no such question, or one about all that somebody
// has, which a list answers.
std::optional<Wish> read_wish(Tokens words) {
    static constexpr std::array<std::string_view, 5> most{"highest", "largest", "greatest", "biggest",
                                                          "maximum"};
    static constexpr std::array<std::string_view, 4> least{"lowest", "smallest", "least", "minimum"};
    static constexpr std::array<std::string_view, 4> more{"higher", "larger", "greater", "bigger"};
    static constexpr std::array<std::string_view, 3> less{"lower", "smaller", "less"};
    static constexpr std::array<std::string_view, 29> frame{
        "which", "what",       "of",           "them",       "these", "those",       "the",  "one",
        "ones",  "cluster",    "clusters",     "simulation", "run",   "simulations", "runs", "aggregate",
        "has",   "have",       "had",          "shows",      "got",   "agglomerate", "two",  "both",
        "a",     "aggregates", "agglomerates", "is",         "was"};
    drop_marks(words);
    words = without_politeness(words);
    if (words.empty() || (words[0].text != "which" && words[0].text != "what")) return std::nullopt;
    std::size_t at = 0;
    Wish wish;
    for (; at < words.size() && is_one_of(frame, words[at].text); ++at) {
        wish.of_two = wish.of_two || words[at].text == "two" || words[at].text == "both";
        wish.of_runs = wish.of_runs || words[at].text == "run" || words[at].text == "runs";
    }
    if (at < 2 || at >= words.size()) return std::nullopt;
    if (const auto dense = density_said(words.subspan(at))) {
        wish.name = {"df"};
        wish.highest = dense->highest;
        wish.of_two = wish.of_two || dense->of_two;
        return wish;
    }
    const std::string& degree = words[at].text;
    const bool compares = is_one_of(more, degree) || is_one_of(less, degree);
    wish.of_two = wish.of_two || compares;
    wish.highest = is_one_of(most, degree) || is_one_of(more, degree);
    if (!wish.highest && !is_one_of(least, degree) && !compares) return std::nullopt;
    for (const Token& word : words.subspan(at + 1)) wish.name.push_back(stem(word.text));
    // "Which one is larger?"
    if (wish.name.empty() && compares) wish.name = {"rg"};
    return wish.name.empty() ? std::nullopt : std::optional(std::move(wish));
}

struct Known {
    double value = 0;
    double in_radii = 0;  // a length in radii of the particles
    std::string unit;
    std::string text;  // "fractal dimension 2.48 ± 0.01 (DLA simulation)"
};

Known known(const Told& told) {
    const json said = told.data->value("particle_radius", json());
    const double radius = said.is_number() && said.get<double>() > 0 ? said.get<double>() : 1;
    return {told.value(), told.value() / radius, told.data->value("length_unit", json()).dump(),
            value_of(told)};
}

bool is_length(const std::string& label) {
    return label.find("radius") != std::string::npos;
}

// What the rows of a comparison tell: {"simulation", "values", "errors"}.
void read_rows(const Call& call, const Property& property, std::map<std::string, Known>& values) {
    const json data = call.body.is_object() ? call.body.value("data", json()) : json();
    const json rows = data.is_object() ? data.value("simulations", json()) : json();
    if (call.state != Call::State::good || !rows.is_array()) return;
    for (const json& row : rows) {
        const json told = row.is_object() ? row.value("values", json()) : json();
        const json handle = row.is_object() ? row.value("simulation", json()) : json();
        if (!handle.is_string() || !told.is_object() || !told.contains(property.key)) continue;
        if (!told[property.key].is_number()) continue;
        const double value = told[property.key].get<double>();
        const json radius = told.value("particle_radius", json(1));
        const json errors = row.value("errors", json());
        const double error = errors.is_object() ? errors.value(property.key, 0.0) : 0;
        const double size = radius.is_number() && radius.get<double>() > 0 ? radius.get<double>() : 1;
        const json unit = row.value("length_unit", json());
        const std::string in_unit = !is_length(property.label) ? ""
                                    : unit.is_string()         ? " " + unit.get<std::string>()
                                    : size == 1                ? " a"
                                                               : "";
        values.try_emplace(handle.get<std::string>(),
                           Known{value, value / size, unit.dump(),
                                 property.label + " " + with_error(value, error) + in_unit});
    }
}

}  // namespace

const Property* Recall::property_called(const std::vector<std::string>& name) const {
    for (const auto& tool : grammar_.tools())
        for (const Property& property : tool->properties)
            if (tool->find("seed") && std::ranges::find(property.names, name) != property.names.end())
                return &property;
    return nullptr;
}

// The two that the conversation dealt with last and of which the value is known, the older first; or all that
// were made together last.
std::vector<std::string> Recall::last_two(const std::vector<std::string>& candidates) {
    std::vector<std::string> found;
    constexpr std::size_t several = 3;
    const auto take = [&](const std::string& handle) {
        const bool is_known = std::ranges::find(candidates, handle) != candidates.end();
        if (is_known && found.size() < 2 && std::ranges::find(found, handle) == found.end())
            found.insert(found.begin(), handle);
    };
    for (std::size_t i = exchange_; i-- > 0;) {
        if (auto made = made_together(i, candidates); found.empty() && made.size() >= several) return made;
        for (const Call& call : Reversed(history_.read(i).calls)) {
            for (const MadeArtifact& made : call.artifacts()) take(made.handle);
            if (const GrammarTool* tool = grammar_.find(call.block->name))
                for (const std::string& handle : given_to(call, *tool)) take(handle);
        }
    }
    return found;
}

// Those of the candidates that one exchange made.
std::vector<std::string> Recall::made_together(std::size_t exchange,
                                               const std::vector<std::string>& candidates) {
    std::vector<std::string> found;
    for (const Call& call : history_.read(exchange).calls)
        for (const MadeArtifact& made : call.artifacts())
            if (std::ranges::find(candidates, made.handle) != candidates.end()) found.push_back(made.handle);
    return found;
}

// Whether a study was begun or ended since the last simulation was made.
bool Recall::is_study_newest() {
    for (std::size_t i = exchange_; i-- > 0;) {
        const Exchange& exchange = history_.read(i);
        for (const std::string& handle : exchange.noticed)
            if (handle.starts_with("study-")) return true;
        for (const Call& call : Reversed(exchange.calls)) {
            if (call.begins_study()) return true;
            const GrammarTool* tool = grammar_.find(call.block->name);
            if (tool && tool->spec->effects.writes && tool->find("seed") && !call.artifacts().empty())
                return false;
        }
    }
    return false;
}

// What jobs and studies made meanwhile: their notices carry no values.
std::string Recall::not_compared(const std::vector<std::string>& compared) {
    std::vector<std::string> others;
    bool is_study = false;
    for (std::size_t i = 0; i < exchange_; ++i)
        for (const std::string& handle : history_.read(i).noticed) {
            const bool counts = handle.starts_with("simulation-") || handle.starts_with("study-");
            if (!counts || std::ranges::find(compared, handle) != compared.end()) continue;
            is_study = is_study || handle.starts_with("study-");
            others.push_back(handle.starts_with("study-") ? "the runs of " + handle : handle);
        }
    if (others.empty()) return "";
    return " Not among them: " + join_words(others, "and") + ", which ended in the background." +
           (is_study ? " “Which run of the study has the highest Df?” is about those." : "");
}

// "Plot the one with the highest Df": that one is called by its handle. Without such words, and where nothing
// is known to be the one, the message as it is.
std::string Recall::with_extremes(std::string message) {
    const std::vector<Token> tokens = grammar_.tokens_of(message);
    for (std::size_t at = 1; at + 2 < tokens.size(); ++at) {
        if (tokens[at].text != "with" || tokens[at - 1].text != "one") continue;
        bool ordered = false;
        std::size_t end = at + 2;
        while (end < tokens.size() && tokens[end].kind != Token::Kind::stop &&
               connector_length(tokens, end, ordered) == 0)
            ++end;
        const std::string wish = "which one has " + as_written(Tokens(tokens).subspan(at + 1, end - at - 1));
        const auto found = extreme(grammar_.tokens_of(wish));
        if (!found) continue;
        const std::size_t name = found->find("**") + 2;
        const std::size_t begin = at >= 2 && tokens[at - 2].text == "the" ? at - 2 : at - 1;
        return as_written(Tokens(tokens).first(begin)) + " " +
               found->substr(name, found->find("**", name) - name) + " " +
               as_written(Tokens(tokens).subspan(end));
    }
    return message;
}

std::optional<std::string> Recall::extreme(Tokens words) {
    const auto wish = read_wish(words);
    const Property* property = wish ? property_called(wish->name) : nullptr;
    if (!property || (wish->of_runs && is_study_newest())) return std::nullopt;
    std::map<std::string, Known> values;
    for (std::size_t i = 0; i < exchange_; ++i)
        for (const Call& call : history_.read(i).calls) {
            const Told told = told_by(call, grammar_, wish->name);
            if (told && told.is_own() && !told.handles.empty() &&
                (wish->of_two || grammar_.find(call.block->name) == told.tool))
                values.try_emplace(told.handles.front(), known(told));
            if (wish->of_two) read_rows(call, *property, values);
        }
    std::vector<std::string> compared;
    for (const auto& [handle, value] : values) compared.push_back(handle);
    if (wish->of_two) compared = last_two(compared);
    constexpr std::size_t fewest = 2;
    if (compared.size() < fewest) return std::nullopt;
    std::set<std::string> units;
    for (const std::string& handle : compared) units.insert(values[handle].unit);
    const bool in_radii = is_length(property->label) && units.size() > 1;
    const auto less = [&](const std::string& one, const std::string& other) {
        const Known &a = values[one], &b = values[other];
        return in_radii ? a.in_radii < b.in_radii : a.value < b.value;
    };
    const std::string found =
        wish->highest ? *std::ranges::max_element(compared, less) : *std::ranges::min_element(compared, less);
    // "Largest" and "maximum" are told as the highest; one of two has the higher.
    const std::string degree =
        std::string(wish->highest ? "high" : "low") + (compared.size() == fewest ? "er" : "est");
    const std::string list = "list my simulations by " + (property->key == "rg" ? "Rg" : property->key);
    const std::string among = wish->of_two
                                  ? join_words(compared, "and")
                                  : "the " + std::to_string(compared.size()) + " of this conversation";
    const std::string units_differ =
        in_radii ? " Their units differ, so I compared them in radii of their particles." : "";
    // Lists are not sorted by everything.
    const bool is_listed = !wish->of_two && !grammar_.read(list).steps.empty();
    return "Of " + among + ", **" + found + "** has the " + degree + ": " + values[found].text + "." +
           units_differ + (wish->of_two ? "" : not_compared(compared)) +
           (is_listed ? " For all that you have, say “" + list + "”." : "");
}

}  // namespace assistd::providers::offline
