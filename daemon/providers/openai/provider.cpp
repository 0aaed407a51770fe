#include "providers/openai/provider.h"

#include <utility>
#include <vector>

#include "providers/images.h"
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

std::shared_ptr<const ModelServer> openai_model_list(const OpenAiSettings& settings,
                                                     std::shared_ptr<HttpClient> client) {
    const std::string url =
        model_list_url(chat_completions_url(settings.base_url), "/chat/completions", "/models");
    return make_model_list(settings, url, headers_for(settings), std::move(client));
}

OpenAiProvider::OpenAiProvider(OpenAiSettings settings, std::shared_ptr<HttpClient> client,
                               std::shared_ptr<core::Artifacts> artifacts)
    : dialect_(settings.dialect),
      server_(settings, chat_completions_url(settings.base_url), headers_for(settings), std::move(client)),
      artifacts_(std::move(artifacts)) {}

Task<core::ProviderReply> OpenAiProvider::generate(const core::ProviderRequest& request,
                                                   core::TextSink sink) {
    return server_.answer(ask(request, std::move(sink)));
}

Task<core::ProviderReply> OpenAiProvider::ask(const core::ProviderRequest& request, core::TextSink sink) {
    const ServerSettings& settings = server_.settings();
    const std::shared_ptr<core::Artifacts> pictures =
        settings.model(request.model).images ? artifacts_ : nullptr;
    const ImageLimits limits;
    const Images images = co_await load_images(pictures, request, limits);
    const std::shared_ptr<const WireTools> tools = tools_.get(request.tools);
    ChatRequestParts parts;
    parts.tools = tools->text;
    parts.wishes = wishes_of(request, settings);
    parts.images = &images;
    parts.provider = settings.name;
    parts.dialect = dialect_;

    ChatReply chat(std::move(sink));
    EventReader reader(chat);
    std::string body = render_chat_request(request, parts);
    co_await server_.ask(std::move(body), request.stop, reader);
    core::ProviderReply reply = chat.finish(call_ids(request.messages));
    restore_names(reply, *tools);
    mark_thoughts(reply, settings.name);
    co_return reply;
}

}  // namespace assistd::providers
