#include "providers/anthropic/provider.h"

#include <iterator>
#include <utility>
#include <vector>

#include "providers/anthropic/messages_reply.h"
#include "providers/images.h"
#include "providers/model_list.h"
#include "providers/reply_rules.h"

namespace assistd::providers {
namespace {

// How often a reply that the server pauses is asked to go on.
constexpr int most_pauses = 8;

constexpr ImageLimits image_limits{.each_bytes = 5 << 20, .together_bytes = 20 << 20};

std::vector<std::string> headers_for(const AnthropicSettings& settings) {
    std::vector<std::string> lines{"Accept: text/event-stream, application/json",
                                   "anthropic-version: 2023-06-01"};
    if (!settings.api_key.empty()) lines.push_back("x-api-key: " + settings.api_key);
    return lines;
}

void append(core::ProviderReply& whole, core::ProviderReply part) {
    std::move(part.blocks.begin(), part.blocks.end(), std::back_inserter(whole.blocks));
    whole.finish_reason = std::move(part.finish_reason);
    whole.usage += part.usage;
    whole.usage_reported = whole.usage_reported && part.usage_reported;
    whole.model = std::move(part.model);
}

}  // namespace

std::string messages_url(const std::string& base_url) {
    if (base_url.ends_with("/v1/messages")) return base_url;
    return endpoint_url(base_url, "/v1", "/messages", true);
}

std::shared_ptr<const ModelServer> anthropic_model_list(const AnthropicSettings& settings,
                                                        std::shared_ptr<HttpClient> client) {
    const std::string url = model_list_url(messages_url(settings.base_url), "/messages", "/models");
    return make_model_list(settings, url, headers_for(settings), std::move(client));
}

AnthropicProvider::AnthropicProvider(AnthropicSettings settings, std::shared_ptr<HttpClient> client,
                                     std::shared_ptr<core::Artifacts> artifacts)
    : max_tokens_(settings.max_tokens),
      server_(settings, messages_url(settings.base_url), headers_for(settings), std::move(client)),
      artifacts_(std::move(artifacts)) {}

Task<core::ProviderReply> AnthropicProvider::generate(const core::ProviderRequest& request,
                                                      core::TextSink sink) {
    return server_.answer(ask(request, std::move(sink)));
}

Task<core::ProviderReply> AnthropicProvider::ask(const core::ProviderRequest& request, core::TextSink sink) {
    const ServerSettings& settings = server_.settings();
    const ModelSettings& model = settings.model(request.model);
    const std::shared_ptr<core::Artifacts> pictures = model.images ? artifacts_ : nullptr;
    const ImageLimits limits = image_limits;
    const Images images = co_await load_images(pictures, request, limits);
    const std::shared_ptr<const WireTools> tools = tools_.get(request.tools);
    MessagesRequestParts parts;
    parts.tools = tools->text;
    parts.wishes = wishes_of(request, settings);
    parts.default_max_tokens = model.max_output_tokens.value_or(max_tokens_);
    parts.images = &images;
    parts.provider = settings.name;

    std::unordered_set<std::string> taken_ids = call_ids(request.messages);
    core::ProviderReply whole;
    std::string paused;
    for (int pauses = 0;; ++pauses) {
        parts.paused = paused;
        MessagesReply reply(sink);
        EventReader reader(reply);
        std::string body = render_messages_request(request, parts);
        co_await server_.ask(std::move(body), request.stop, reader);
        append(whole, reply.finish(taken_ids));
        if (!reply.paused() || pauses == most_pauses) break;
        const std::string more = reply.blocks_so_far();
        if (more.empty()) break;
        paused += (paused.empty() ? "" : ",") + more;
    }
    restore_names(whole, *tools);
    mark_thoughts(whole, settings.name);
    co_return whole;
}

}  // namespace assistd::providers
