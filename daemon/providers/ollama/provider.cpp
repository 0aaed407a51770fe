#include "providers/ollama/provider.h"

#include <utility>

#include "providers/model_list.h"
#include "providers/ollama/ollama_reply.h"
#include "providers/ollama/ollama_request.h"

namespace assistd::providers {
namespace {

std::vector<std::string> headers_for(const OllamaSettings& settings) {
    std::vector<std::string> lines{"Accept: application/x-ndjson, application/json"};
    if (!settings.api_key.empty()) lines.push_back("Authorization: Bearer " + settings.api_key);
    return lines;
}

}  // namespace

std::string ollama_chat_url(std::string base_url) {
    while (base_url.ends_with('/')) base_url.pop_back();
    // The address of its OpenAI-compatible interface is often at hand.
    if (base_url.ends_with("/v1")) base_url.resize(base_url.size() - 3);
    return endpoint_url(base_url, "/api", "/chat", true);
}

std::shared_ptr<core::Provider> make_provider(const OllamaSettings& settings,
                                              std::shared_ptr<HttpClient> client,
                                              std::shared_ptr<core::Artifacts> artifacts) {
    WireFormat format;
    format.url = ollama_chat_url(settings.base_url);
    format.headers = headers_for(settings);
    format.tools = render_function_tools;
    format.body = [keep_alive = settings.keep_alive](const core::ProviderRequest& request,
                                                     const RequestParts& parts, const ModelSettings& model) {
        const OllamaRequestParts ollama{parts, model.context_window, keep_alive};
        return render_ollama_request(request, ollama);
    };
    format.reply = [](core::TextSink sink, core::TextSink thoughts) {
        return std::make_unique<LinesReply<OllamaReply>>(std::move(sink), std::move(thoughts));
    };
    return std::make_shared<ModelProvider>(settings, std::move(format), std::move(client),
                                           std::move(artifacts));
}

std::shared_ptr<const ModelServer> ollama_model_list(const OllamaSettings& settings,
                                                     std::shared_ptr<HttpClient> client) {
    const std::string url = model_list_url(ollama_chat_url(settings.base_url), "/chat", "/tags");
    return make_model_list(settings, url, headers_for(settings), std::move(client));
}

}  // namespace assistd::providers
