#include "tools/plugins/plugin_offer.h"

#include <algorithm>

namespace assistd::tools {
namespace {

// So many phrases are named; their author sees all of them with "assistctl plugin check".
constexpr std::size_t most_phrases_told = 3;

std::string phrases_told(const ToolSpecs& tools, const PhraseProblems& problems_of) {
    std::string text;
    std::size_t count = 0;
    for (const auto& tool : tools)
        for (const std::string& problem : problems_of(*tool))
            if (++count <= most_phrases_told) text += (text.empty() ? "" : " ") + problem;
    if (count > most_phrases_told)
        text += " So it is with " + std::to_string(count - most_phrases_told) +
                " more of its phrases (assistctl plugin check says which).";
    return text;
}

}  // namespace

PluginOffer offer_of(const PluginFile& plugin, const OfferRules& rules) {
    CallBounds bounds = rules.bounds;
    if (rules.in_process) bounds.memory_mib = 0;  // the daemon's memory is one
    PluginOffer offer;
    offer.tools = within(bounds, plugin.manifest.tools);
    for (const auto& tool : offer.tools)
        offer.memory_limit_mb = std::max(offer.memory_limit_mb, tool->memory_limit_mb);
    const auto caution = [&](const std::string& sentence) {
        if (!sentence.empty()) offer.caution += (offer.caution.empty() ? "" : " ") + sentence;
    };
    if (rules.in_process)
        caution(
            "It runs in the daemon itself (plugins.in_process): a crash of it ends the daemon, and no limit "
            "of time, memory, files or network holds it.");
    else if (plugin.wants_network && !rules.network)
        caution("Its tools want the network, which plugins.network does not allow it.");
    caution(told_denials(offer.tools));
    if (rules.phrase_problems) caution(phrases_told(offer.tools, rules.phrase_problems));
    return offer;
}

}  // namespace assistd::tools
