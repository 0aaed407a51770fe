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

Task<void> read_stream(HttpReply& reply, ReplyReader& reader) {
    std::string bytes;
    while (!reader.done()) {
        const bool any = co_await reply.read(bytes);
        if (!any) {
            reader.end_of_stream();
            co_return;
        }
        reader.feed(bytes);
    }
    reply.let_end();
}

ErrorCode code_of(const UpstreamError& failure) {
    const bool late = failure.status == 408 || failure.status == 504;
    if (failure.fault == UpstreamFault::timeout || late) return ErrorCode::provider_timeout;
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
      url_(std::move(url)),
      headers_(make_headers(settings_, std::move(headers))),
      client_(std::move(client)) {}

Task<void> ModelServer::ask(std::optional<std::string> body, std::stop_token stop,
                            ReplyReader& reader) const {
    HttpRequest http;
    http.url = url_;
    http.headers = headers_;
    http.body = std::move(body);
    http.limits = settings_.limits;
    http.proxy = settings_.proxy;
    http.stop = std::move(stop);
    HttpReply reply = client_->send(std::move(http));
    const HttpHead head = co_await reply.head();
    std::optional<UpstreamError> failure;
    try {
        co_await read(reply, head, reader);
    } catch (const UpstreamError& error) {
        failure = error;
    }
    if (!failure) co_return;
    failure->request_id = head.request_id;
    throw UpstreamError(*failure);
}

Task<void> ModelServer::read(HttpReply& reply, const HttpHead& head, ReplyReader& reader) const {
    if (head.status < 200 || head.status > 299) {
        const std::string body = co_await read_beginning(reply, error_body_limit);
        throw status_failure(head, body);
    }
    if (head.content_type.starts_with("application/json")) {
        const std::string body = co_await read_beginning(reply, whole_body_limit);
        reader.take_whole(body);
    } else {
        co_await read_stream(reply, reader);
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
    std::string clause = without_secret(failure.what(), settings_.api_key);
    if (!failure.request_id.empty()) {
        while (clause.ends_with('.')) clause.pop_back();
        clause += fmt::format(" (request {})", excerpt(failure.request_id, 128));
    }
    const bool ended = clause.ends_with('.') || clause.ends_with('!') || clause.ends_with('?');
    const std::string sentence =
        fmt::format("The provider \"{}\" {}{}", settings_.name, clause, ended ? "" : ".");
    ProviderError error(code_of(failure), sentence, failure);
    if (failure.retry_after)
        error.with_retry_after(std::chrono::ceil<std::chrono::seconds>(*failure.retry_after));
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
