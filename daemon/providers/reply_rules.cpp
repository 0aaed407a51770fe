#include "providers/reply_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ids.h"
#include "base/json_depth.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {
namespace {

constexpr std::size_t reply_limit = 16 << 20;
constexpr std::size_t calls_limit = 128;

}  // namespace

void ReplyBounds::grow(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes_ > reply_limit) {
        throw UpstreamError(UpstreamFault::reply,
                            fmt::format("sent a reply of more than {} bytes", reply_limit));
    }
}

void ReplyBounds::check_calls(std::size_t calls) const {
    if (calls > calls_limit) {
        throw UpstreamError(UpstreamFault::reply,
                            fmt::format("asked for more than {} tool calls at once", calls_limit));
    }
}

std::unordered_set<std::string> call_ids(std::span<const std::shared_ptr<const core::Message>> messages) {
    std::unordered_set<std::string> ids;
    for (const auto& message : messages) {
        for (const auto& block : message->blocks) {
            if (const auto* call = std::get_if<core::ToolCallBlock>(&block)) ids.insert(call->call_id);
        }
    }
    return ids;
}

std::string claim_call_id(std::string id, std::unordered_set<std::string>& taken) {
    if (id.empty() || !taken.insert(id).second) {
        id = "call_" + Uuid::make().hex();
        taken.insert(id);
    }
    return id;
}

core::ToolCallBlock finished_call(std::string id, std::string name, std::string arguments, bool cut_off,
                                  std::unordered_set<std::string>& taken) {
    if (name.empty()) throw UpstreamError(UpstreamFault::reply, "asked for a tool without naming it");
    if (is_nested_too_deeply(arguments))
        throw UpstreamError(UpstreamFault::reply,
                            fmt::format("called {} with arguments that are nested deeper than {} levels",
                                        name, deepest_json));
    if (arguments.find_first_not_of(" \t\r\n") == std::string::npos) arguments = cut_off ? "{" : "{}";
    return {claim_call_id(std::move(id), taken), std::move(name), std::move(arguments)};
}

void append(core::ProviderReply& whole, core::ProviderReply part) {
    std::move(part.blocks.begin(), part.blocks.end(), std::back_inserter(whole.blocks));
    whole.finish_reason = std::move(part.finish_reason);
    whole.usage += part.usage;
    whole.model = std::move(part.model);
}

bool says_nothing(const core::ProviderReply& reply) {
    if (reply.finish_reason == "length" || reply.finish_reason == "content_filter") return false;
    return std::all_of(reply.blocks.begin(), reply.blocks.end(), [](const core::Block& block) {
        const auto* text = std::get_if<core::TextBlock>(&block);
        const bool blank = text && text->text.find_first_not_of(" \t\r\n") == std::string::npos;
        return blank || std::holds_alternative<core::ThinkingBlock>(block);
    });
}

void mark_thoughts(core::ProviderReply& reply, const std::string& provider) {
    for (core::Block& block : reply.blocks)
        if (auto* thought = std::get_if<core::ThinkingBlock>(&block)) thought->provider = provider;
}

}  // namespace assistd::providers
