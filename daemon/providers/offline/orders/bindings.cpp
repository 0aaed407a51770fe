#include "providers/offline/orders/bindings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "providers/offline/words/units.h"

namespace assistd::providers::offline {
namespace {

std::string spoken(const nlohmann::json& value) {
    if (value.is_number()) return readable_number(value.get<double>());
    return value.is_string() ? value.get<std::string>() : value.dump();
}

bool differ(const Binding& one, const Binding& other) {
    return one.argument == other.argument && !one.value.reference && !other.value.reference &&
           !one.value.values.empty() && !other.value.values.empty() && one.value.values != other.value.values;
}

// "Plot Rg against N for the last one": the last that such a plot is drawn of.
void narrow(const Binding& usual, Binding& said) {
    if (!usual.value.reference || !said.value.reference) return;
    for (Reference::Item& item : said.value.reference->items)
        item.varied = usual.value.reference->items.front().varied;
    if (!said.value.reference->is_newest_of_any()) return;
    Reference::Item& item = said.value.reference->items.front();
    for (const std::string& of : usual.value.reference->items.front().of) {
        const bool is_tool = of.find('_') != std::string::npos;
        if (is_tool || item.kind.empty() || item.kind == of) item.of.push_back(of);
    }
}

// "RLCA with sticking probability 0.1": what is said is meant, whatever the name stands for.
void give_way(Step& step) {
    std::vector<Binding> kept;
    for (const Binding& binding : step.bindings) {
        const auto said = std::find_if(step.bindings.begin(), step.bindings.end(), [&](const Binding& other) {
            return other.argument == binding.argument && !other.usual;
        });
        if (!binding.usual || said == step.bindings.end()) {
            kept.push_back(binding);
            continue;
        }
        narrow(binding, *said);
        if (differ(binding, *said) && said->value.values.size() == 1)
            step.add_note("I took " + spoken(said->value.values.front()) + " for " +
                          step.tool->arguments[static_cast<std::size_t>(binding.argument)].name +
                          ", as you said; without it, this would be " + spoken(binding.value.values.front()) +
                          ".");
    }
    step.bindings = std::move(kept);
}

// "nm_per_pixel" and "primary_diameter_nm" are in nm.
bool names_unit(std::string_view argument, std::string_view unit) {
    unit = unit_symbol(unit);
    while (!argument.empty()) {
        const std::size_t end = std::min(argument.find('_'), argument.size());
        if (argument.substr(0, end) == unit) return true;
        argument.remove_prefix(std::min(end + 1, argument.size()));
    }
    return false;
}

bool is_in_its_unit(const Step& step, double number, std::string_view unit) {
    return std::any_of(step.bindings.begin(), step.bindings.end(), [&](const Binding& binding) {
        const Argument& argument = step.tool->arguments[static_cast<std::size_t>(binding.argument)];
        const auto& values = binding.value.values;
        return names_unit(argument.name, unit) &&
               std::find(values.begin(), values.end(), number) != values.end();
    });
}

}  // namespace

void keep_last_bindings(Step& step) {
    give_way(step);
    std::vector<Binding>& bindings = step.bindings;
    std::vector<Binding> kept;
    for (auto binding = bindings.begin(); binding != bindings.end(); ++binding)
        for (auto later = binding + 1; later != bindings.end(); ++later)
            if (differ(*binding, *later))
                step.contradictions.emplace_back(
                    binding->argument, "You said both " + spoken(binding->value.values.front()) + " and " +
                                           spoken(later->value.values.front()) + ".");
    for (auto binding = bindings.rbegin(); binding != bindings.rend(); ++binding)
        if (std::none_of(kept.begin(), kept.end(),
                         [&](const Binding& k) { return k.argument == binding->argument; }))
            kept.push_back(std::move(*binding));
    std::reverse(kept.begin(), kept.end());
    bindings = std::move(kept);
}

namespace {

// The argument for which a number was not taken as it was said: a diameter of 30 is a radius of 15.
std::string taken_for(const Step& step, double said) {
    for (const Binding& binding : step.bindings)
        if (binding.factor != 1 && !binding.value.values.empty() &&
            binding.value.values.front() == said * binding.factor)
            return step.tool->arguments[static_cast<std::size_t>(binding.argument)].name + " " +
                   readable_number(said * binding.factor);
    return "";
}

// Whether the tool is told the unit, and names it with its results.
bool keeps_unit(const Step& step, std::string_view word) {
    const nlohmann::json symbol = std::string(unit_symbol(word));
    return std::any_of(step.bindings.begin(), step.bindings.end(), [&](const Binding& binding) {
        const auto& values = binding.value.values;
        return std::find(values.begin(), values.end(), symbol) != values.end();
    });
}

}  // namespace

std::vector<Token> in_own_unit(const Grammar& grammar, const Argument& argument, Tokens words) {
    bool changed = false;
    std::vector<Token> converted(words.begin(), words.end());
    for (std::size_t i = 1; i < converted.size(); ++i) {
        Token &number = converted[i - 1], &unit = converted[i];
        const double meters = unit.kind == Token::Kind::word ? meters_of(unit.text) : 0;
        if (number.kind != Token::Kind::number || !(meters > 0)) continue;
        for (const std::string_view own : {"nm", "um", "mm"}) {
            if (!names_unit(argument.name, own) || unit_symbol(unit.text) == own) continue;
            number.number *= meters / meters_of(own);
            number.text = number.raw = fmt::format("{:.12g}", number.number);
            unit.raw = own;
            changed = true;
            break;
        }
    }
    return changed ? grammar.tokens_of(as_written(converted)) : converted;
}

std::string seed_note(const Step& step) {
    if (step.count < 2) return "";
    for (const Binding& binding : step.bindings)
        if (step.tool->arguments[static_cast<std::size_t>(binding.argument)].name == "seed" &&
            binding.value.values.size() == 1)
            return "All " + std::to_string(step.count) + " have the seed " +
                   spoken(binding.value.values.front()) +
                   ", so they are the same; leave the seed out, or say “with " + std::to_string(step.count) +
                   " seeds”, for as many different ones.";
    return "";
}

void settle_ranges(Step& step, Tokens words) {
    static constexpr std::array<std::string_view, 5> pairing{"compare", "comparison", "contrast",
                                                             "difference", "differ"};
    const bool pairs = std::any_of(words.begin(), words.end(), [](const Token& word) {
        return std::find(pairing.begin(), pairing.end(), stem(word.text)) != pairing.end();
    });
    for (Binding& binding : step.bindings) {
        if (!pairs || !binding.value.reference) continue;
        auto& items = binding.value.reference->items;
        if (items.empty() || !items.front().may_be_pair) continue;
        Reference::Item first, last;
        first.handle = items.front().handle;
        const std::size_t dash = first.handle.rfind('-');
        last.handle = first.handle.substr(0, dash + 1) + std::to_string(items.front().last);
        const bool neighbours = items.front().handles().size() == 2;
        items.front() = first;
        items.insert(items.begin() + 1, last);
        if (neighbours) continue;
        const std::string kind = first.handle.substr(0, dash);
        step.add_note("I took the two, **" + first.handle + "** and **" + last.handle +
                      "**; for all from the one to the other, say “" + kind + "s " +
                      first.handle.substr(dash + 1) + " to " + last.handle.substr(dash + 1) + "”.");
    }
}

std::string unit_note(const Step& step, Tokens words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        const Token& number = words[i - 1];
        if (words[i].kind != Token::Kind::word || number.kind != Token::Kind::number) continue;
        if (!is_unit(words[i].text) || is_in_its_unit(step, number.number, words[i].text)) continue;
        const std::string& unit = words[i].raw;
        const std::string other = taken_for(step, number.number);
        const bool kept = keeps_unit(step, words[i].text);
        if (kept && other.empty()) continue;
        if (kept) return "I took " + number.raw + " " + unit + " as " + other + " " + unit + ".";
        return "I took " + number.raw + " " + unit + " as " + (other.empty() ? number.text : other) +
               ": lengths are in the unit in which they are given, here " + unit + ".";
    }
    return "";
}

const Binding* binding_of(const Step& step, std::size_t argument) {
    for (const Binding& binding : step.bindings)
        if (binding.argument == static_cast<int>(argument)) return &binding;
    return nullptr;
}

// "Overlay simulation-1 and simulation-2", "plot both in one figure": the one thing that nobody named is the
// first of those that were.
const Binding* list_said(const Step& step, const Argument& argument) {
    if (argument.type != ArgumentType::artifact) return nullptr;
    for (const Binding& binding : step.bindings)
        if (binding.argument >= 0 && binding.value.reference && binding.value.reference->spoken &&
            step.tool->arguments[static_cast<std::size_t>(binding.argument)].type == ArgumentType::artifacts)
            return &binding;
    return nullptr;
}

std::optional<Reference> open_reference(const Step& step, std::size_t index) {
    const Argument& argument = step.tool->arguments[index];
    if (const Binding* binding = binding_of(step, index)) return binding->value.reference;
    if (!argument.required || argument.has_default) return std::nullopt;
    if (!argument.takes_artifacts() && argument.type != ArgumentType::job) return std::nullopt;
    Reference reference;
    reference.spoken = false;
    reference.items.emplace_back();
    reference.items.front().several = argument.type == ArgumentType::artifacts;
    return reference;
}

bool is_made_together(const Step& step, std::size_t argument) {
    const Binding* binding = binding_of(step, argument);
    return binding && binding->value.reference && binding->value.reference->items.front().together;
}

}  // namespace assistd::providers::offline
