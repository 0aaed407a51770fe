#include "core/turn_tools.h"

#include <algorithm>

#include "base/sha256.h"

namespace assistd::core {
namespace {

// Versions of the registry's sets count up from 0; these are beyond them, and no two sets share one.
std::uint64_t version_of(const ToolSet& offered, const TurnOptions& options) {
    Sha256 hash;
    const auto mix = [&hash](const std::string& text) {
        const std::string sized = std::to_string(text.size()) + ":" + text;
        hash.add(sized.data(), sized.size());
    };
    mix(std::to_string(offered.version));
    mix(options.tools ? "some" : "all");
    if (options.tools)
        for (const std::string& name : *options.tools) mix(name);
    mix("client");
    for (const ClientTool& tool : options.client_tools) {
        mix(tool.name);
        mix(tool.description);
        mix(tool.parameters);
    }
    const std::string digest = hash.hex();
    return std::stoull(digest.substr(0, 16), nullptr, 16) | (std::uint64_t{1} << 63);
}

std::shared_ptr<const ToolSpec> spec_of(const ClientTool& tool) {
    auto spec = std::make_shared<ToolSpec>();
    spec->name = tool.name;
    spec->title = tool.name;
    spec->description = tool.description;
    spec->category = "client";
    spec->input_schema = tool.parameters;
    spec->plugin = "client";
    return spec;
}

}  // namespace

std::shared_ptr<const ToolSet> tools_of_turn(std::shared_ptr<const ToolSet> offered,
                                             const TurnOptions& options) {
    const bool takes_none = options.tools && options.tools->empty() && options.client_tools.empty();
    if (takes_none || options.wishes.tool_choice.kind == ToolChoice::Kind::none) {
        static const auto none = std::make_shared<const ToolSet>();
        return none;
    }
    if (!options.tools && options.client_tools.empty()) return offered;
    auto tools = std::make_shared<ToolSet>();
    tools->version = version_of(*offered, options);
    const auto is_wanted = [&options](const std::string& name) {
        if (options.is_client_tool(name)) return false;
        return !options.tools ||
               std::find(options.tools->begin(), options.tools->end(), name) != options.tools->end();
    };
    for (const auto& tool : offered->tools)
        if (is_wanted(tool->name)) tools->tools.push_back(tool);
    const auto may_be_wanted = [&](const WaitingTool& tool) {
        return !options.tools || std::ranges::any_of(*options.tools, [&](const std::string& name) {
            return tool.is_called(name) && is_wanted(name);
        });
    };
    for (const WaitingTool& tool : offered->waiting)
        if (may_be_wanted(tool)) tools->waiting.push_back(tool);
    for (const ClientTool& tool : options.client_tools) tools->tools.push_back(spec_of(tool));
    std::sort(tools->tools.begin(), tools->tools.end(),
              [](const auto& a, const auto& b) { return a->name < b->name; });
    return tools;
}

}  // namespace assistd::core
