#include "providers/offline/orders/new_counterpart.h"

#include <algorithm>
#include <array>

#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

// Takes "of the same size" off the end of the words.
bool take_same_size(Tokens& words) {
    static constexpr std::array<std::string_view, 9> endings{
        "of the same size",       "of same size",         "with the same size",
        "of equal size",          "of the same n",        "with the same n",
        "with as many particles", "of as many particles", "with the same number of particles"};
    std::size_t length = 0;
    for (std::size_t at = 0; at < words.size(); ++at)
        for (const std::string_view ending : endings)
            if (begins(words.subspan(at), ending, length) && at + length == words.size()) {
                words = words.first(at);
                return true;
            }
    return false;
}

const Argument* needed_number(const GrammarTool& tool) {
    const auto needed = [](const Argument& one) {
        return one.required && !one.has_default && one.type == ArgumentType::integer;
    };
    const auto found = std::ranges::find_if(tool.arguments, needed);
    return found == tool.arguments.end() ? nullptr : &*found;
}

// The order to make it; none unless it is a clear one of a tool that grows something.
Readings read_run(const Grammar& grammar, Tokens words, bool same_size, const Reference& as) {
    MessageReading run = grammar.read("run " + as_written(words));
    if (run.steps.size() != 1 || run.steps.front().size() != 1 || !run.not_understood.empty()) return {};
    Step& step = run.steps.front().front();
    if (!step.tool->find("seed") || step.study_seeds > 0 || step.count > 1) return {};
    const Argument* size = needed_number(*step.tool);
    if (same_size && !size) return {};
    if (same_size) step.bindings.push_back({static_cast<int>(size - step.tool->arguments.data()), {{}, as}});
    return std::move(run.steps.front());
}

}  // namespace

std::vector<Readings> with_new_counterpart(const Grammar& grammar, Tokens sentence) {
    static constexpr std::array<std::string_view, 4> joints{"with", "to", "against", "and"};
    static constexpr std::array<std::string_view, 3> articles{"a", "an", "another"};
    if (sentence.empty() || sentence.front().text != "compare") return {};
    for (std::size_t at = 2; at + 2 < sentence.size(); ++at) {
        const bool parts = std::ranges::find(joints, sentence[at].text) != joints.end() &&
                           std::ranges::find(articles, sentence[at + 1].text) != articles.end();
        if (!parts) continue;
        const Tokens known = sentence.subspan(1, at - 1);
        auto meant = read_reference({"simulation"}, false, known, 0);
        if (meant.empty() || meant.back().next != known.size()) continue;
        Reference as = *meant.back().value.reference;
        if (as.plural()) continue;
        if (as.items.front().handle.empty()) as.items.front().kind = "simulation";
        Tokens words = sentence.subspan(at + 2);
        const bool same_size = take_same_size(words);
        Readings run = read_run(grammar, words, same_size, as);
        // What is new by then is "it"; the other "it" is what was so before.
        MessageReading comparison = grammar.read("compare " + as_written(known) + " and it");
        if (run.empty() || comparison.steps.size() != 1) continue;
        run.front().text = as_written(sentence);
        comparison.steps.front().front().ordered = true;
        return {std::move(run), std::move(comparison.steps.front())};
    }
    return {};
}

}  // namespace assistd::providers::offline
