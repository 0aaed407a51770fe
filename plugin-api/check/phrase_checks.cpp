#include "check/phrase_checks.h"

#include "providers/offline/phrases/phrase.h"

namespace assistd::check {

void check_phrases(const PluginUnderTest& plugin, Report& report) {
    for (const auto& tool : plugin.manifest.tools) {
        const std::vector<std::string> problems = providers::offline::phrase_problems(*tool);
        for (const std::string& problem : problems)
            report.fail(tool->name, problem + " The plugin guide says how phrases are written.");
        if (tool->phrases.empty())
            report.note(tool->name, "It has no phrases: only models call it, and not the built-in provider.");
        else if (problems.empty())
            report.ok(tool->name, "The built-in provider understands its " +
                                      counted(tool->phrases.size(), "phrase") + " and " +
                                      counted(tool->options.size(), "option") + ".");
    }
}

}  // namespace assistd::check
