#pragma once
// What a plugin offers in this daemon: its tools, none of which gets more than the administrator allows, and
// what is to be known of them. Value types and a function without state.

#include <functional>
#include <string>
#include <vector>

#include "tools/call_bounds.h"
#include "tools/plugins/plugin_file.h"

namespace assistd::tools {

// A sentence for each phrase of a tool that the offline provider cannot understand.
using PhraseProblems = std::function<std::vector<std::string>(const core::ToolSpec&)>;

struct OfferRules {
    bool in_process = false;
    bool network = false;  // it may use it
    CallBounds bounds = {};
    PhraseProblems phrase_problems = {};  // may be null
};

struct PluginOffer {
    ToolSpecs tools;
    std::int64_t memory_limit_mb = 0;  // the largest of its tools
    std::string caution;               // sentences; empty: all is as its author wishes
};

PluginOffer offer_of(const PluginFile& plugin, const OfferRules& rules);

}  // namespace assistd::tools
