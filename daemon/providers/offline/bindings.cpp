#include "providers/offline/bindings.h"

#include <algorithm>

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

}  // namespace assistd::providers::offline
