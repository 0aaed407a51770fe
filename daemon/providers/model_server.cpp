#include "providers/model_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "providers/error_text.h"

namespace assistd::providers {
namespace {

constexpr std::size_t error_body_limit = 64 << 10;
constexpr std::size_t whole_body_limit = 16 << 20;
constexpr std::size_t clause_limit = 440;  // of what is told of a failure

std::shared_ptr<const HttpHeaders> make_headers(const ServerSettings& settings,
                                                std::vector<std::string> lines) {
    // "Expect:" keeps libcurl from asking for leave to send a long prompt.
    lines.insert(lines.end(), {"Content-Type: application/json", "Expect:"});
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

Task<void> read_stream(HttpReply& reply, ReplyReader& into) {
    std::string bytes;
    while (!into.done()) {
        const bool any = co_await reply.read(bytes);
        if (!any) {
            into.end_of_stream();
            co_return;
        }
        into.feed(bytes);
    }
    reply.let_end();
}

ErrorCode code_of(const UpstreamError& failure) {
    const bool late = failure.status == 408 || failure.status == 504;
    if (failure.fault == UpstreamFault::timeout || late) return ErrorCode::provider_timeout;
    if (failure.status == 429) return ErrorCode::rate_limited;
    switch (failure.fault) {
        case UpstreamFault::cancelled:
            return ErrorCode::cancelled;
        case UpstreamFault::busy:
            return ErrorCode::unavailable;
        case UpstreamFault::context:
            return ErrorCode::context_too_long;
        default:
            return ErrorCode::provider_failed;
    }
}

}  // namespace

ModelServer::ModelServer(ServerSettings settings, std::string url, std::vector<std::string> headers,
                         std::shared_ptr<HttpClient> client)
    : settings_(std::move(settings)),
      secrets_(settings_.api_key, settings_.headers),
      url_(std::move(url)),
      headers_(make_headers(settings_, std::move(headers))),
      client_(std::move(client)) {}

Task<void> ModelServer::ask(std::optional<std::string> body, std::stop_token stop, ReplyReader& into) const {
    HttpRequest http;
    http.url = url_;
    http.headers = headers_;
    if (body) http.body = std::make_shared<const std::string>(std::move(*body));
    http.limits = settings_.limits;
    http.proxy = settings_.proxy;
    http.stop = std::move(stop);
    HttpReply reply = client_->send(std::move(http));
    const HttpHead head = co_await reply.head();
    std::optional<UpstreamError> failure;
    try {
        co_await read(reply, head, into);
    } catch (const UpstreamError& error) {
        failure = error;
    }
    if (!failure) co_return;
    failure->request_id = head.request_id;
    throw UpstreamError(*failure);
}

Task<void> ModelServer::read(HttpReply& reply, const HttpHead& head, ReplyReader& into) const {
    if (head.status < 200 || head.status > 299) {
        const std::string body = co_await read_beginning(reply, error_body_limit);
        throw status_failure(head, body);
    }
    if (head.content_type.starts_with("application/json")) {
        const std::string body = co_await read_beginning(reply, whole_body_limit);
        into.take_whole(body);
    } else {
        co_await read_stream(reply, into);
    }
}

Task<core::ProviderReply> ModelServer::answer(Task<core::ProviderReply> work) const {
    std::optional<UpstreamError> failure;
    try {
        co_return co_await std::move(work);
    } catch (const UpstreamError& error) {
        failure = error;
    }
    throw error_for(*failure);
}

ProviderError ModelServer::error_for(const UpstreamError& failure) const {
    // Servers quote the key that they refuse.
    std::string clause = excerpt(secrets_.blot_out(on_one_line(failure.what())), clause_limit);
    // Of a quotation that had nothing legible.
    while (clause.ends_with(':') || clause.ends_with(' ')) clause.pop_back();
    if (!failure.request_id.empty()) {
        while (clause.ends_with('.')) clause.pop_back();
        const std::string id = secrets_.blot_out(on_one_line(failure.request_id));
        clause += fmt::format(" (request {})", excerpt(id, 128));
    }
    const bool ended = clause.ends_with('.') || clause.ends_with('!') || clause.ends_with('?');
    std::string sentence = fmt::format("The provider \"{}\" {}{}", settings_.name, clause, ended ? "" : ".");
    if (!failure.retry_after) return {code_of(failure), sentence, failure};
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*failure.retry_after);
    sentence += fmt::format(" Try again in {} s.", wait.count());
    ProviderError error(code_of(failure), sentence, failure);
    error.with_retry_after(wait);
    return error;
}

std::string endpoint_url(std::string base_url, std::string_view version, std::string_view path, bool always) {
    while (base_url.ends_with('/')) base_url.pop_back();
    if (base_url.ends_with(path)) return base_url;
    const std::size_t scheme = base_url.find("://");
    const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
    const bool bare = base_url.find('/', host) == std::string::npos;
    if ((bare || always) && !base_url.ends_with(version)) base_url += version;
    return base_url.append(path);
}

}  // namespace assistd::providers
