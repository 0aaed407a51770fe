#include "providers/model_provider.h"

#include <exception>
#include <utility>

#include "providers/missing_usage.h"
#include "providers/reply_rules.h"

namespace assistd::providers {
namespace {

// How often a reply that the server pauses is asked to go on.
constexpr int most_pauses = 8;

}  // namespace

ModelProvider::ModelProvider(ServerSettings settings, WireFormat format, std::shared_ptr<HttpClient> client,
                             std::shared_ptr<core::Artifacts> artifacts)
    : format_(std::move(format)),
      server_(std::move(settings), format_.url, format_.headers, std::move(client)),
      artifacts_(std::move(artifacts)),
      tools_(format_.tools) {}

Task<core::ProviderReply> ModelProvider::generate(const core::ProviderRequest& request, core::TextSink sink) {
    return server_.answer(ask(request, std::move(sink)));
}

Task<core::ProviderReply> ModelProvider::ask(const core::ProviderRequest& request, core::TextSink sink) {
    const ServerSettings& settings = server_.settings();
    const ModelSettings& model = settings.model(request.model);
    const std::shared_ptr<core::Artifacts> pictures = model.images ? artifacts_ : nullptr;
    const Images images = co_await load_images(pictures, request, format_.images);
    const std::shared_ptr<const WireTools> tools = tools_.get(request.tools);
    RequestParts parts;
    parts.tools = tools->text;
    parts.wishes = wishes_of(request, settings);
    parts.images = &images;
    parts.provider = settings.name;

    std::unordered_set<std::string> taken_ids = call_ids(request.messages);
    core::ProviderReply whole;
    std::string paused;
    std::string told;
    const core::TextSink tell = [&](std::string_view text) {
        told += text;
        if (sink) sink(text);
    };
    const core::TextSink tell_thought = [&](std::string_view text) {
        told += text;
        if (request.thoughts) request.thoughts(text);
    };
    for (int pauses = 0;; ++pauses) {
        parts.paused = paused;
        told.clear();
        const std::unique_ptr<WireReply> reply = format_.reply(tell, tell_thought);
        std::string body = format_.body(request, parts, model);
        std::exception_ptr failure;
        try {
            co_await server_.ask(std::move(body), request.stop, *reply);
            core::ProviderReply part = reply->finish(taken_ids);
            estimate_missing(part, request);
            append(whole, std::move(part));
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure) {
            core::Usage usage = reply->usage();
            estimate_missing(usage, told, request);
            whole.usage += usage;
            if (request.lost_usage) request.lost_usage(whole.usage);
            std::rethrow_exception(failure);
        }
        const std::string more = reply->paused();
        if (more.empty() || pauses == most_pauses) break;
        paused += (paused.empty() ? "" : ",") + more;
    }
    if (says_nothing(whole) && !request.wants_prose) {
        if (request.lost_usage) request.lost_usage(whole.usage);
        throw UpstreamError(UpstreamFault::empty, "sent an empty reply");
    }
    restore_names(whole, *tools);
    mark_thoughts(whole, settings.name);
    co_return whole;
}

}  // namespace assistd::providers
