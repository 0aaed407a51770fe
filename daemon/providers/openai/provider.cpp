#include "providers/openai/provider.h"

#include <utility>

#include "providers/model_list.h"
#include "providers/openai/chat_reply.h"

namespace assistd::providers {
namespace {

std::vector<std::string> headers_for(const OpenAiSettings& settings) {
    std::vector<std::string> lines{"Accept: text/event-stream, application/json"};
    if (!settings.api_key.empty()) lines.push_back("Authorization: Bearer " + settings.api_key);
    return lines;
}

}  // namespace

std::string chat_completions_url(const std::string& base_url) {
    return endpoint_url(base_url, "/v1", "/chat/completions");
}

std::shared_ptr<core::Provider> make_provider(const OpenAiSettings& settings,
                                              std::shared_ptr<HttpClient> client,
                                              std::shared_ptr<core::Artifacts> artifacts) {
    WireFormat format;
    format.url = chat_completions_url(settings.base_url);
    format.headers = headers_for(settings);
    format.tools = render_function_tools;
    format.body = [dialect = settings.dialect](const core::ProviderRequest& request,
                                               const RequestParts& parts, const ModelSettings&) {
        const ChatRequestParts chat{parts, dialect};
        return render_chat_request(request, chat);
    };
    format.reply = [](core::TextSink sink, core::TextSink thoughts) {
        return std::make_unique<EventReply<ChatReply>>(std::move(sink), std::move(thoughts));
    };
    return std::make_shared<ModelProvider>(settings, std::move(format), std::move(client),
                                           std::move(artifacts));
}

std::shared_ptr<const ModelServer> openai_model_list(const OpenAiSettings& settings,
                                                     std::shared_ptr<HttpClient> client) {
    const std::string url =
        model_list_url(chat_completions_url(settings.base_url), "/chat/completions", "/models");
    return make_model_list(settings, url, headers_for(settings), std::move(client));
}

}  // namespace assistd::providers
