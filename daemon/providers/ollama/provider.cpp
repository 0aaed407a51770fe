#include "providers/ollama/provider.h"

#include <utility>
#include <vector>

#include "providers/images.h"
#include "providers/model_list.h"
#include "providers/ollama/ollama_reply.h"
#include "providers/ollama/ollama_request.h"
#include "providers/reply_rules.h"

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

std::shared_ptr<const ModelServer> ollama_model_list(const OllamaSettings& settings,
                                                     std::shared_ptr<HttpClient> client) {
    const std::string url = model_list_url(ollama_chat_url(settings.base_url), "/chat", "/tags");
    return make_model_list(settings, url, headers_for(settings), std::move(client));
}

OllamaProvider::OllamaProvider(OllamaSettings settings, std::shared_ptr<HttpClient> client,
                               std::shared_ptr<core::Artifacts> artifacts)
    : keep_alive_(settings.keep_alive),
      server_(settings, ollama_chat_url(settings.base_url), headers_for(settings), std::move(client)),
      artifacts_(std::move(artifacts)) {}

Task<core::ProviderReply> OllamaProvider::generate(const core::ProviderRequest& request,
                                                   core::TextSink sink) {
    return server_.answer(ask(request, std::move(sink)));
}

Task<core::ProviderReply> OllamaProvider::ask(const core::ProviderRequest& request, core::TextSink sink) {
    const ServerSettings& settings = server_.settings();
    const ModelSettings& model = settings.model(request.model);
    const std::shared_ptr<core::Artifacts> pictures = model.images ? artifacts_ : nullptr;
    const ImageLimits limits;
    const Images images = co_await load_images(pictures, request, limits);
    const std::shared_ptr<const WireTools> tools = tools_.get(request.tools);
    OllamaRequestParts parts;
    parts.tools = tools->text;
    parts.wishes = wishes_of(request, settings);
    parts.context_window = model.context_window;
    parts.keep_alive = keep_alive_;
    parts.images = &images;
    parts.provider = settings.name;

    OllamaReply reply(std::move(sink));
    JsonLinesReader reader(reply);
    std::string body = render_ollama_request(request, parts);
    co_await server_.ask(std::move(body), request.stop, reader);
    core::ProviderReply whole = reply.finish(call_ids(request.messages));
    restore_names(whole, *tools);
    mark_thoughts(whole, settings.name);
    co_return whole;
}

}  // namespace assistd::providers
