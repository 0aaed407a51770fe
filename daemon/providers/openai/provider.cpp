#include "providers/openai/provider.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "providers/openai/chat_reply.h"
#include "providers/openai/error_text.h"
#include "providers/sse_reader.h"

namespace assistd::providers {
namespace {

constexpr std::size_t error_body_limit = 64 << 10;
constexpr std::size_t whole_body_limit = 16 << 20;

std::shared_ptr<const HttpHeaders> make_headers(const OpenAiSettings& settings) {
    // "Expect:" keeps libcurl from asking for leave to send a long prompt.
    std::vector<std::string> lines{"Content-Type: application/json",
                                   "Accept: text/event-stream, application/json", "Expect:"};
    if (!settings.api_key.empty()) lines.push_back("Authorization: Bearer " + settings.api_key);
    lines.insert(lines.end(), settings.headers.begin(), settings.headers.end());
    return std::make_shared<const HttpHeaders>(lines);
}

// The beginning of a reply's body, at most `limit` bytes of it.
Task<std::string> read_beginning(HttpReply& reply, std::size_t limit) {
    std::string body;
    std::string bytes;
    while (body.size() < limit && co_await reply.read(bytes)) body += bytes;
    body.resize(std::min(body.size(), limit));
    co_return body;
}

UpstreamError status_failure(const HttpHead& head, std::string_view body) {
    const std::string said = body.empty() ? "without saying why" : error_text(body);
    UpstreamError failure(UpstreamFault::status,
                          fmt::format("answered {}{} {}", head.status, body.empty() ? "" : ":", said));
    failure.status = head.status;
    failure.retry_after = head.retry_after;
    return failure;
}

Task<void> read_events(HttpReply& reply, ChatReply& chat) {
    SseReader reader;
    const SseReader::Sink sink = [&chat](const SseEvent& event) { chat.take(event.data); };
    std::string bytes;
    while (!chat.done()) {
        const bool any = co_await reply.read(bytes);
        if (!any) {
            reader.finish(sink);
            co_return;
        }
        reader.feed(bytes, sink);
    }
    reply.let_end();
}

// A server that was asked to stream and does not.
Task<void> read_whole(HttpReply& reply, ChatReply& chat) {
    const std::string body = co_await read_beginning(reply, whole_body_limit);
    chat.take(body);
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

}  // namespace

std::string chat_completions_url(std::string base_url) {
    while (base_url.ends_with('/')) base_url.pop_back();
    if (base_url.ends_with("/chat/completions")) return base_url;
    const std::size_t scheme = base_url.find("://");
    const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
    if (base_url.find('/', host) == std::string::npos) base_url += "/v1";
    return base_url + "/chat/completions";
}

OpenAiProvider::OpenAiProvider(OpenAiSettings settings, std::shared_ptr<HttpClient> client)
    : settings_(std::move(settings)),
      url_(chat_completions_url(settings_.base_url)),
      headers_(make_headers(settings_)),
      client_(std::move(client)) {}

Task<core::ProviderReply> OpenAiProvider::generate(const core::ProviderRequest& request,
                                                   core::TextSink sink) {
    std::optional<UpstreamError> failure;
    try {
        co_return co_await ask(request, std::move(sink));
    } catch (const UpstreamError& error) {
        failure = error;
    }
    throw error_for(*failure);
}

Task<core::ProviderReply> OpenAiProvider::ask(const core::ProviderRequest& request, core::TextSink sink) {
    HttpReply reply = client_->send(http_request(request));
    const HttpHead head = co_await reply.head();
    if (head.status < 200 || head.status > 299) {
        const std::string body = co_await read_beginning(reply, error_body_limit);
        throw status_failure(head, body);
    }
    ChatReply chat(std::move(sink));
    if (head.content_type.starts_with("application/json"))
        co_await read_whole(reply, chat);
    else
        co_await read_events(reply, chat);
    co_return chat.finish(call_ids(request.messages));
}

HttpRequest OpenAiProvider::http_request(const core::ProviderRequest& request) {
    std::shared_ptr<const std::string> tools;
    if (request.tools) tools = tools_.text(*request.tools);
    HttpRequest http;
    http.url = url_;
    http.headers = headers_;
    http.body = render_chat_request(request, tools ? std::string_view(*tools) : std::string_view(),
                                    settings_.dialect);
    http.limits = settings_.limits;
    http.proxy = settings_.proxy;
    http.stop = request.stop;
    return http;
}

Error OpenAiProvider::error_for(const UpstreamError& failure) const {
    // Servers quote the key that they refuse.
    const std::string clause = without_secret(failure.what(), settings_.api_key);
    const std::string end =
        clause.ends_with('.') || clause.ends_with('!') || clause.ends_with('?') ? "" : ".";
    const std::string sentence = fmt::format("The provider \"{}\" {}{}", settings_.name, clause, end);
    ErrorCode code = ErrorCode::provider_failed;
    if (failure.fault == UpstreamFault::cancelled) code = ErrorCode::cancelled;
    if (failure.fault == UpstreamFault::busy) code = ErrorCode::unavailable;
    const bool late = failure.status == 408 || failure.status == 504;
    if (failure.fault == UpstreamFault::timeout || late) code = ErrorCode::provider_timeout;
    Error error(code, sentence);
    if (failure.retry_after)
        error.with_retry_after(std::chrono::ceil<std::chrono::seconds>(*failure.retry_after));
    return error;
}

}  // namespace assistd::providers
