#include "providers/offline/bindings.h"

#include <algorithm>

#include "providers/offline/units.h"

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
    if (unit == "nanometers") unit = "nm";
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

}  // namespace

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

std::string unit_note(const Step& step, Tokens words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        const Token& number = words[i - 1];
        if (words[i].kind != Token::Kind::word || number.kind != Token::Kind::number) continue;
        if (!is_unit(words[i].text) || is_in_its_unit(step, number.number, words[i].text)) continue;
        const std::string& unit = words[i].raw;
        const std::string other = taken_for(step, number.number);
        return "I took " + number.raw + " " + unit + " as " + (other.empty() ? number.text : other) +
               ": lengths are in the unit in which they are given, here " + unit + ".";
    }
    return "";
}

}  // namespace assistd::providers::offline
