#include "providers/offline/orders/joint_orders.h"

#include <algorithm>
#include <utility>

namespace assistd::providers::offline {
namespace {

bool says(const Step& step, std::size_t argument) {
    return std::any_of(step.bindings.begin(), step.bindings.end(), [argument](const Binding& binding) {
        return binding.argument == static_cast<int>(argument);
    });
}

// What the step says of the argument of this name, unless it names artifacts or is a name of its own.
const Binding* value_of(const Step& step, const std::string& name) {
    for (const Binding& binding : step.bindings)
        if (step.tool->arguments[static_cast<std::size_t>(binding.argument)].name == name)
            return binding.value.reference ? nullptr : &binding;
    return nullptr;
}

bool must_be_said(const Argument& argument) {
    return argument.required && !argument.has_default && !argument.takes_artifacts() &&
           argument.type != ArgumentType::job;
}

// The names of the arguments must be the same; "name" is one order's own.
void take_from(Step& step, const Step& next) {
    const auto& arguments = step.tool->arguments;
    bool helps = false;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        helps = helps || (must_be_said(arguments[i]) && !says(step, i) && value_of(next, arguments[i].name));
    if (!helps) return;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Binding* value =
            says(step, i) || arguments[i].name == "name" ? nullptr : value_of(next, arguments[i].name);
        if (value) step.bindings.push_back({static_cast<int>(i), value->value});
    }
}

}  // namespace

void share_arguments(std::vector<Readings>& steps) {
    for (std::size_t i = steps.size(); i-- > 1;) {
        Readings& here = steps[i - 1];
        const Readings& next = steps[i];
        if (here.size() == 1 && next.size() == 1 && !next.front().ordered)
            take_from(here.front(), next.front());
    }
}

bool is_comparison_of_runs(const MessageReading& reading) {
    constexpr std::size_t fewest = 3;  // two runs and what compares them
    if (!reading.not_understood.empty() || reading.steps.size() < fewest) return false;
    const auto runs = [](const Readings& readings) {
        return std::all_of(readings.begin(), readings.end(),
                           [](const Step& step) { return step.tool->find("seed") != nullptr; });
    };
    return std::all_of(reading.steps.begin(), reading.steps.end() - 1, runs) && !runs(reading.steps.back());
}

}  // namespace assistd::providers::offline
