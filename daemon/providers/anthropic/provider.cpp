#include "providers/anthropic/provider.h"

#include <utility>

#include "providers/anthropic/messages_reply.h"
#include "providers/anthropic/messages_request.h"
#include "providers/model_list.h"

namespace assistd::providers {
namespace {

std::vector<std::string> headers_for(const AnthropicSettings& settings) {
    std::vector<std::string> lines{"Accept: text/event-stream, application/json",
                                   "anthropic-version: 2023-06-01"};
    if (!settings.api_key.empty()) lines.push_back("x-api-key: " + settings.api_key);
    return lines;
}

}  // namespace

std::string messages_url(const std::string& base_url) {
    if (base_url.ends_with("/v1/messages")) return base_url;
    return endpoint_url(base_url, "/v1", "/messages", true);
}

std::shared_ptr<core::Provider> make_provider(const AnthropicSettings& settings,
                                              std::shared_ptr<HttpClient> client,
                                              std::shared_ptr<core::Artifacts> artifacts) {
    WireFormat format;
    format.url = messages_url(settings.base_url);
    format.headers = headers_for(settings);
    format.tools = render_messages_tools;
    format.body = [](const core::ProviderRequest& request, const RequestParts& parts,
                     const ModelSettings& model) {
        const MessagesRequestParts messages{parts, reply_limits(model)};
        return render_messages_request(request, messages);
    };
    format.reply = [](core::TextSink sink, core::TextSink thoughts) {
        return std::make_unique<EventReply<MessagesReply>>(std::move(sink), std::move(thoughts));
    };
    format.images = {.each_bytes = 5 << 20, .together_bytes = 20 << 20};
    return std::make_shared<ModelProvider>(settings, std::move(format), std::move(client),
                                           std::move(artifacts));
}

std::shared_ptr<const ModelServer> anthropic_model_list(const AnthropicSettings& settings,
                                                        std::shared_ptr<HttpClient> client) {
    const std::string url = model_list_url(messages_url(settings.base_url), "/messages", "/models");
    return make_model_list(settings, url, headers_for(settings), std::move(client));
}

}  // namespace assistd::providers
