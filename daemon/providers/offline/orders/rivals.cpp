#include "providers/offline/orders/rivals.h"

#include <algorithm>

#include "providers/offline/orders/bindings.h"

namespace assistd::providers::offline {
namespace {

// Less than a word of the sentence, more than a value in place of one.
constexpr int same_words = 100;

bool is_unnamed(const Reference& reference) {
    return std::ranges::all_of(reference.items, [](const Reference::Item& item) {
        return item.handle.empty() && item.kind.empty() && item.of.empty();
    });
}

bool is_of_study(const Argument* argument) {
    return argument && argument->type == ArgumentType::study;
}

// Both are about what is not named, and nothing can be meant by both; or one is about a study and the other
// about all that there is.
bool are_rivals(const Step& one, const Step& other) {
    const Argument* mine = unnamed_argument(one);
    const Argument* theirs = unnamed_argument(other);
    if (is_of_study(mine) != is_of_study(theirs) && (tells_of_all(one) || tells_of_all(other))) return true;
    return mine && theirs && !mine->kinds.empty() && !theirs->kinds.empty() &&
           std::ranges::find_first_of(mine->kinds, theirs->kinds) == mine->kinds.end();
}

}  // namespace

const Argument* unnamed_argument(const Step& step) {
    const Argument* found = nullptr;
    for (std::size_t i = 0; i < step.tool->arguments.size(); ++i) {
        const Argument& argument = step.tool->arguments[i];
        const bool is_study = argument.type == ArgumentType::study && !binding_of(step, i);
        if (!argument.takes_artifacts() && !is_study) continue;
        const auto reference = open_reference(step, i);
        if (!reference && !is_study) continue;
        if (found || (reference && !is_unnamed(*reference))) return nullptr;
        found = &argument;
    }
    return found;
}

bool tells_of_all(const Step& step) {
    return !step.tool->spec->effects.writes &&
           std::ranges::none_of(step.tool->arguments, [](const Argument& argument) {
               return argument.takes_artifacts() || argument.type == ArgumentType::study ||
                      argument.type == ArgumentType::job;
           });
}

Readings best_of(std::vector<std::pair<int, Step>> readings) {
    Readings best;
    if (readings.empty()) return best;
    // Of equals the tool that understands the most comes first.
    const auto by_score = [](const auto& one, const auto& other) {
        const auto rank = [](const auto& reading) {
            return std::pair(reading.first, reading.second.tool->spec->phrases.size());
        };
        return rank(one) > rank(other);
    };
    std::ranges::stable_sort(readings, by_score);
    const int most = readings.front().first;
    best.push_back(std::move(readings.front().second));
    for (std::size_t i = 1; i < readings.size(); ++i) {
        auto& [score, step] = readings[i];
        if (are_rivals(best.front(), step) && most - score < same_words)
            best.front().rivals.push_back(std::move(step));
        else if (score == most)
            best.push_back(std::move(step));
    }
    return best;
}

}  // namespace assistd::providers::offline
