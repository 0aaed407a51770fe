#include "providers/missing_usage.h"

#include "core/tokens.h"

namespace assistd::providers {
namespace {

std::int64_t prompt_tokens(const core::ProviderRequest& request) {
    std::int64_t tokens = core::estimate_tokens(request.system);
    if (request.tools) tokens += core::estimate_tokens(*request.tools);
    for (const auto& message : request.messages) tokens += core::estimate_tokens(*message);
    return tokens;
}

// Some servers report counts that are all 0.
bool is_missing(const core::Usage& usage) {
    return usage.estimated || usage.prompt_tokens == 0;
}

// What was counted of the reply so far is the least that it had.
void fill_in(core::Usage& usage, std::int64_t completion, const core::ProviderRequest& request) {
    if (usage.prompt_tokens == 0) usage.prompt_tokens = prompt_tokens(request);
    usage.completion_tokens = std::max(usage.completion_tokens, completion);
    usage.estimated = true;
}

}  // namespace

void estimate_missing(core::ProviderReply& reply, const core::ProviderRequest& request) {
    if (!is_missing(reply.usage)) return;
    core::Message message;
    message.blocks = reply.blocks;
    fill_in(reply.usage, core::estimate_tokens(message), request);
}

void estimate_missing(core::Usage& usage, std::string_view told, const core::ProviderRequest& request) {
    if (!is_missing(usage)) return;
    const bool begun = !told.empty() || usage.total_tokens() > 0;
    if (begun)
        fill_in(usage, core::estimate_tokens(told), request);
    else
        usage = core::Usage();
}

}  // namespace assistd::providers
