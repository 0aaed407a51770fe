// "Which one has the highest Df?": of what the conversation has made.

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "providers/offline/openings.h"
#include "providers/offline/recall.h"
#include "providers/offline/told.h"

namespace assistd::providers::offline {
namespace {

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

// "which of them has the highest df": the value's name in stems. Empty when it is no such question, or one
// about all that somebody has, which a list answers.
std::vector<std::string> name_asked_for(Tokens words, bool& highest) {
    static constexpr std::array<std::string_view, 5> most{"highest", "largest", "greatest", "biggest",
                                                          "maximum"};
    static constexpr std::array<std::string_view, 4> least{"lowest", "smallest", "least", "minimum"};
    static constexpr std::array<std::string_view, 24> frame{
        "which",       "what",  "of",   "them",        "these",      "those",
        "the",         "one",   "ones", "cluster",     "clusters",   "simulation",
        "simulations", "run",   "runs", "aggregate",   "has",        "have",
        "had",         "shows", "got",  "agglomerate", "aggregates", "agglomerates"};
    drop_marks(words);
    words = without_politeness(words);
    if (words.empty() || (words[0].text != "which" && words[0].text != "what")) return {};
    std::size_t at = 0;
    while (at < words.size() && is_one_of(frame, words[at].text)) ++at;
    if (at < 2 || at >= words.size()) return {};
    highest = is_one_of(most, words[at].text);
    if (!highest && !is_one_of(least, words[at].text)) return {};
    std::vector<std::string> name;
    for (const Token& word : words.subspan(at + 1)) name.push_back(stem(word.text));
    return name;
}

// Lengths in units that differ are compared in radii of their particles.
double comparable(const Told& told, bool in_radii) {
    const nlohmann::json said = told.data->value("particle_radius", nlohmann::json());
    const double radius = said.is_number() ? said.get<double>() : 1;
    return in_radii && radius > 0 ? told.value() / radius : told.value();
}

}  // namespace

std::optional<std::string> Recall::extreme(Tokens words) {
    bool highest = false;
    const std::vector<std::string> name = name_asked_for(words, highest);
    if (name.empty()) return std::nullopt;
    std::map<std::string, Told> values;
    std::set<std::string> units;
    for (std::size_t i = 0; i < exchange_; ++i) {
        // What a background job made came with a notice, which carries no values.
        if (!history_.read(i).noticed.empty()) return std::nullopt;
        for (const Call& call : history_.read(i).calls) {
            const Told told = told_by(call, grammar_, name);
            if (!told || !told.is_own() || told.handles.empty()) continue;
            if (values.try_emplace(told.handles.front(), told).second)
                units.insert(told.data->value("length_unit", nlohmann::json()).dump());
        }
    }
    constexpr std::size_t fewest = 2;
    if (values.size() < fewest) return std::nullopt;
    const std::string& label = values.begin()->second.property->label;
    const bool is_length = label.find("radius") != std::string::npos;
    const bool in_radii = is_length && units.size() > 1;
    const auto less = [&](const auto& one, const auto& other) {
        return comparable(one.second, in_radii) < comparable(other.second, in_radii);
    };
    const auto& found =
        highest ? *std::ranges::max_element(values, less) : *std::ranges::min_element(values, less);
    const std::string& key = found.second.property->key;
    const std::string list = "list my simulations by " + (key == "rg" ? "Rg" : key);
    return "Of the " + std::to_string(values.size()) + " of this conversation, **" + found.first +
           "** has the " + (highest ? "highest" : "lowest") + ": " + value_of(found.second) + "." +
           (in_radii ? " Their units differ, so I compared them in radii of their particles." : "") +
           // Lists are not sorted by everything.
           (grammar_.read(list).steps.empty() ? "" : " For all that you have, say “" + list + "”.");
}

}  // namespace assistd::providers::offline
