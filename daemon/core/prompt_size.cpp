#include "core/prompt_size.h"

#include <algorithm>
#include <vector>

#include "core/tokens.h"

namespace assistd::core {
namespace {

constexpr std::size_t most_named = 3;

// "Of the tools, a (about 9000 tokens) and b (about 800) are the largest."
std::string largest_of(const ToolSet& tools, const TokenScale& scale) {
    struct Sized {
        std::int64_t tokens;
        const ToolSpec* tool;
    };
    std::vector<Sized> sized;
    for (const auto& tool : tools.tools) sized.push_back({estimate_tokens(*tool), tool.get()});
    const std::size_t named = std::min(most_named, sized.size());
    std::partial_sort(sized.begin(), sized.begin() + static_cast<std::ptrdiff_t>(named), sized.end(),
                      [](const Sized& one, const Sized& other) { return one.tokens > other.tokens; });
    std::string text;
    for (std::size_t i = 0; i < named; ++i)
        text += (i > 0 ? ", " : "") + sized[i].tool->name + " of " + sized[i].tool->plugin + " (about " +
                std::to_string(scale.counted(sized[i].tokens)) + ")";
    return text;
}

}  // namespace

std::string no_room_beside(const PromptSize& prompt, const ProviderChoice& choice, const TokenScale& scale) {
    std::string text = "The instructions and the tools take about " +
                       std::to_string(scale.counted(prompt.tokens)) + " tokens, and of the window of " +
                       choice.provider_name + ":" + choice.model + ", " +
                       std::to_string(choice.context_window) +
                       " tokens, a part is kept for the reply: choose a model with more, or set its "
                       "context_window in the configuration if it has more.";
    if (prompt.tools && !prompt.tools->tools.empty())
        text += " What takes most are the tools " + largest_of(*prompt.tools, scale) +
                "; the policy of the configuration can keep tools from those who do not need them.";
    return text;
}

}  // namespace assistd::core
