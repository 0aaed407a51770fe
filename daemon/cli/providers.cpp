// assistctl providers: the configured models' servers as a table.

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

std::string models_of(const Json& provider) {
    std::string text;
    for (const Json& model : provider.value("models", Json::array()))
        if (model.is_string()) text += (text.empty() ? "" : ", ") + model.get<std::string>();
    // One that lists none passes every name on.
    return text.empty() ? "any" : text;
}

// "open, 5 failures": what the circuit breaker thinks of it.
std::string state_of(const Json& provider) {
    const std::string failures = field(provider, "failures_in_a_row");
    std::string state = field(provider, "circuit");
    if (!failures.empty() && failures != "0")
        state += ", " + failures + (failures == "1" ? " failure" : " failures");
    return state;
}

}  // namespace

ExitCode list_providers(Context& context) {
    const Json page = context.api.get("/providers");
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"NAME", "KIND", "CIRCUIT", "DEFAULT", "MODELS"}};
    for (const Json& provider : page.value("providers", Json::array()))
        rows.push_back({field(provider, "name"), field(provider, "kind"), state_of(provider),
                        field(provider, "default_model"), models_of(provider)});
    print_list(context, page, rows, "There are no providers.", LastColumn::wraps);
    return ExitCode::good;
}

}  // namespace assistd::cli
